import { randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { duckdbResourceSamples } from '../../../lib/adapters/duckdb/resource-samples.ts';
import { duckdbSampleParts } from '../../../lib/adapters/duckdb/sample-parts.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import { DerivedSamples, type Reading } from '../../../lib/ingest/derived-sample.ts';
import { DEFAULT_LIMITS } from '../../../lib/ingest/limits.ts';
import { BUILT_IN_METERS } from '../../../lib/metering/meter-table.ts';
import { startOfDay } from '../../../lib/period/calendar.ts';
import { parseInstant } from '../../../lib/period/instant.ts';
import { publisherRow } from '../../lib/ingest/samples.ts';
import { ingestParts } from './ingested-parts.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-resource-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const reader = duckdbResourceSamples({ memoryLimitMib: 256, threads: 1 });
const question = {
  resource: 'r1',
  from: startOfDay('2026-10-04'),
  to: startOfDay('2026-10-07'),
  meters: BUILT_IN_METERS,
  rowsMax: 100,
};

function ask(sampleFiles: readonly string[], changes: object = {}) {
  const names = ['vcpus', 'memory', 'instance'];
  return reader.read({ ...question, names, sampleFiles, scratchFolder: folder, ...changes });
}

it('reads the rows of one resource, of the meters and days asked for, as they were received', async () => {
  const told = [
    {},
    { resource_id: 'r2' },
    { name: 'power.state', unit: '' },
    { timestamp: '2026-10-07T00:00:00' },
    { volume: 2.5, timestamp: '2026-10-05T11:00:00.250000', resource_metadata: { 'ü"': [1, 'x'] } },
  ].map((changes) => JSON.parse(publisherRow(changes)));
  const files = await ingestParts(folder, [{ ingestId: 'i1', rows: told }]);

  const rows = (await ask(files))?.toSorted((a, b) => a.time - b.time) ?? [];

  expect(rows.map(({ line }) => line)).toEqual([1, 5]);
  expect(rows.map(({ received }) => JSON.parse(received ?? ''))).toEqual([told[0], told[4]]);
  expect(rows[1]).toMatchObject({ volume: 2_500_000_000_000_000_000n, ingestId: 'i1' });
});

it('tells that there are too many rows instead of some of them', async () => {
  const rows = [0, 1, 2].map((minute) =>
    JSON.parse(publisherRow({ timestamp: `2026-10-05T10:0${minute}:00` })),
  );
  const files = await ingestParts(folder, [{ ingestId: 'i1', rows }]);
  expect(await ask(files, { rowsMax: 3 })).toHaveLength(3);
  expect(await ask(files, { rowsMax: 2 })).toBeNull();
});

it('gives the row as received to every sample that it gave', async () => {
  const derived = new DerivedSamples(parseInstant('2026-12-31T00:00:00Z') ?? 0, DEFAULT_LIMITS);
  const reading = (meter: string, unit: string, volume: string): Reading => ({
    project: 'p1',
    user: 'u',
    resource: 'r1',
    meter,
    unit,
    volume,
    time: parseInstant('2026-10-05T10:00:00Z') ?? 0,
    heldUntil: parseInstant('2026-10-05T12:00:00Z'),
    metadata: { flavor: { name: 'm1' } },
  });
  const samples = derived.of({
    row: '{"b": 1, "a": "x"}',
    source: 'nova',
    messageId: '',
    line: 7,
    readings: [reading('instance', 'instance', '1'), reading('vcpus', 'vcpu', '4')],
  });
  const files: string[] = [];
  await duckdbSampleParts({ directory: folder, memoryLimitMib: 256 }).withBatch(async (batch) => {
    await batch.begin({ id: 'i1', region: parseRegion('west') });
    for (const sample of samples) batch.add(sample);
    await batch.settle();
    await batch.writeParts(async ({ path }) => {
      const copy = join(folder, `${randomUUID()}.parquet`);
      await copyFile(path, copy);
      files.push(copy);
    });
  });

  const rows = (await ask(files)) ?? [];

  expect(rows.map(({ meter, received, line }) => [meter, received, line]).toSorted()).toEqual([
    ['instance', '{"a":"x","b":1}', 7],
    ['vcpus', '{"a":"x","b":1}', 7],
  ]);
  const [onlyVcpus] = (await ask(files, { names: ['vcpus'] })) ?? [];
  expect(onlyVcpus).toMatchObject({
    received: '{"a":"x","b":1}',
    heldUntil: parseInstant('2026-10-05T12:00:00Z'),
  });
});
