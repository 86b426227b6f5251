import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { duckdbMeteringEngine } from '../../lib/adapters/duckdb/day-usage.ts';
import { parseRegion } from '../../lib/identifiers.ts';
import { holdRules } from '../../lib/metering/hold-rules.ts';
import { defaultSettings } from '../../lib/metering/region-settings.ts';
import { storedMeters } from '../../lib/metering/stored-meters.ts';
import { ingestParts } from '../adapters/duckdb/ingested-parts.ts';
import { readUsage } from '../adapters/duckdb/metered-days.ts';
import { publisherRow } from '../lib/ingest/samples.ts';
import { serve } from './server.ts';

const example = (name: string): string =>
  fileURLToPath(new URL(`../../docs/examples/${name}`, import.meta.url));

const WEST = parseRegion('west');
const DAY = '2026-10-05';

/** Samples as the pollsters of these services publish them. */
const ROWS = [
  {
    name: 'gpu',
    unit: 'gpu',
    volume: 2,
    resource_metadata: { flavor: { extra_specs: { gpu: 'a100' } } },
  },
  {
    name: 'volume.backup.size',
    unit: 'GB',
    volume: 40,
    resource_metadata: { status: 'available' },
  },
  { name: 'backup.size', unit: 'GB', volume: 40, resource_id: 'b2', resource_metadata: {} },
  {
    name: 'manila.share.size',
    unit: 'GB',
    volume: 100,
    resource_metadata: { share_type_name: 'nfs' },
  },
  { name: 'loadbalancer.operating', unit: 'loadbalancer', volume: 1, resource_metadata: {} },
];

it('the examples of docs/meters.md are taken, priced, and meter what they say', async () => {
  const server = await serve();
  const folder = join(tmpdir(), `headroom-examples-${randomUUID()}`);
  await mkdir(folder);
  try {
    const apply = ['apply', '-f', example('gpu-card.json'), '-f', example('meters.json')];
    const applied = await server.headroom(apply);
    expect(applied).toMatchObject({ code: 0, err: '' });
    const documents = JSON.parse(readFileSync(example('meters.json'), 'utf8'));
    expect(applied.out).toBe(
      `${documents.map(({ id }: { id: string }) => `meter ${id} created\n`).join('')}rate card accelerators created\n`,
    );
    expect((await server.headroom(apply)).out).not.toContain('created');

    const meters = await storedMeters(server.ports.configuration);
    const rows = ROWS.map((row) => JSON.parse(publisherRow(row)));
    const usageFile = join(folder, 'usage.parquet');
    await duckdbMeteringEngine({ memoryLimitMib: 256, threads: 1 }).meterDay({
      region: WEST,
      date: DAY,
      shard: 0,
      shards: 1,
      generation: 1,
      sampleFiles: await ingestParts(folder, [{ ingestId: 'i1', rows, meters }]),
      sampleRows: rows.length,
      meters,
      holdRules: holdRules(
        { ...defaultSettings(WEST), metering: [{ from: DAY, intervalSeconds: 3_600 }] },
        DAY,
        meters,
      ),
      scratchFolder: folder,
      usageFile,
    });
    const usage = await readUsage([usageFile]);
    expect(usage.map((row) => [row.measure, row.class, row.resource, row.quantity])).toEqual([
      ['backup', '', 'b2', '40'],
      ['backup', '', 'r1', '40'],
      ['gpu', 'a100', 'r1', '2'],
      ['load_balancer', '', 'r1', '1'],
      ['share', 'nfs', 'r1', '100'],
    ]);
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
});
