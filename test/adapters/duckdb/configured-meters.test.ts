import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckdbMeteringEngine } from '../../../lib/adapters/duckdb/day-usage.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import { meterOf, meterSchema } from '../../../lib/metering/configured-meter.ts';
import { holdRules } from '../../../lib/metering/hold-rules.ts';
import { BUILT_IN_METERS, type MeterTable, meterTable } from '../../../lib/metering/meter-table.ts';
import { defaultSettings } from '../../../lib/metering/region-settings.ts';
import { type IngestedRows, ingestParts } from './ingested-parts.ts';
import { readUsage } from './metered-days.ts';

const WEST = parseRegion('west');
const DAY = '2026-10-05';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-meters-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function tableWith(...documents: readonly Readonly<Record<string, unknown>>[]): MeterTable {
  return meterTable(documents.map((document) => meterOf(meterSchema.parse(document))));
}

const GPU = {
  id: 'gpu',
  name: 'gpu',
  aliases: ['vgpu'],
  type: 'gauge',
  units: ['gpu'],
  measure: 'gpu',
  classFrom: 'flavor.extra_specs.gpu',
  heldWhileShelved: false,
};

function gpuRow(changes: Readonly<Record<string, unknown>> = {}) {
  return {
    name: 'gpu',
    type: 'gauge',
    unit: 'gpu',
    volume: 2,
    project_id: 'p1',
    user_id: 'u',
    resource_id: 'r1',
    timestamp: `${DAY}T10:00:00`,
    resource_metadata: { flavor: { extra_specs: { gpu: 'a100' } } },
    source: 'openstack',
    id: 'a',
    ...changes,
  };
}

async function meter(ingests: readonly IngestedRows[], meters: MeterTable) {
  const place = join(folder, randomUUID());
  await mkdir(place);
  const sampleFiles = await ingestParts(place, ingests);
  const usageFile = join(place, 'usage.parquet');
  const { report } = await duckdbMeteringEngine({ memoryLimitMib: 256, threads: 1 }).meterDay({
    region: WEST,
    date: DAY,
    shard: 0,
    shards: 1,
    generation: 1,
    sampleFiles,
    sampleRows: 100,
    meters,
    holdRules: holdRules(defaultSettings(WEST), DAY, meters),
    scratchFolder: place,
    usageFile,
  });
  return { report, usage: await readUsage([usageFile]) };
}

const one = (rows: IngestedRows['rows'], meters?: MeterTable): IngestedRows[] => [
  { ingestId: 'i1', rows, ...(meters === undefined ? {} : { meters }) },
];

describe('a meter that an operator configures', () => {
  it('is metered from samples that came before it was, under any of its names', async () => {
    const rows = [
      gpuRow(),
      gpuRow({ name: 'vgpu', timestamp: `${DAY}T10:30:00`, volume: 4 }),
      gpuRow({ timestamp: `${DAY}T11:00:00`, resource_metadata: { status: 'deleted' } }),
    ];

    expect((await meter(one(rows), BUILT_IN_METERS)).usage).toEqual([]);
    const { usage, report } = await meter(one(rows), tableWith(GPU));
    expect(usage).toEqual([
      {
        project: 'p1',
        resource: 'r1',
        measure: 'gpu',
        class: 'a100',
        hour: `${DAY}T10:00:00Z`,
        quantity: '3',
      },
    ]);
    expect(report).toMatchObject({ samples: 3, misfits: 0 });
  });

  it('gives the same usage from samples that came after it was configured', async () => {
    const rows = [gpuRow(), gpuRow({ name: 'vgpu', timestamp: `${DAY}T10:30:00`, volume: 4 })];
    const meters = tableWith(GPU);

    const before = await meter(one(rows), meters);
    const after = await meter(one(rows, meters), meters);

    expect(after).toEqual(before);
  });

  it('leaves out rows of another type or unit, and tells how many', async () => {
    const rows = [
      gpuRow(),
      gpuRow({ timestamp: `${DAY}T12:00:00`, unit: 'card' }),
      gpuRow({ timestamp: `${DAY}T13:00:00`, type: 'delta' }),
    ];

    const { usage, report } = await meter(one(rows), tableWith(GPU));

    expect(usage.map(({ hour }) => hour)).toEqual([`${DAY}T10:00:00Z`]);
    expect(report).toMatchObject({ samples: 1, misfits: 2 });
  });

  it('refuses such rows at ingest once it is configured', async () => {
    const rows = [gpuRow({ unit: 'card' })];

    await expect(meter(one(rows, tableWith(GPU)), tableWith(GPU))).rejects.toThrow(
      /The unit of "gpu" is gpu, not "card"/,
    );
  });

  it.each([
    ['a flat path', { 'flavor.extra_specs.gpu': 'l40' }, 'l40'],
    ['a number', { flavor: { extra_specs: { gpu: 8 } } }, '8'],
    ['None of the old API', { flavor: { extra_specs: { gpu: 'None' } } }, ''],
    ['an object', { flavor: { extra_specs: { gpu: { a: 1 } } } }, ''],
    ['nothing', {}, ''],
    ['no metadata at all', null, ''],
    [
      'a nested path before a flat one',
      { flavor: { extra_specs: { gpu: 'n' } }, 'flavor.extra_specs.gpu': 'f' },
      'n',
    ],
  ])('has the class of %s', async (_name, metadata, expected) => {
    const { usage } = await meter(one([gpuRow({ resource_metadata: metadata })]), tableWith(GPU));

    expect(usage.map((row) => row.class)).toEqual([expected]);
  });

  it.each([
    ['flavor', { instance_type: 'm1.small' }, 'm1.small'],
    ['volume_type', { volume_type: 'ssd' }, 'ssd'],
    ['it\'s/a~key."b"', { "it's/a~key": { '"b"': 'odd' } }, 'odd'],
    [null, { flavor: { name: 'm1.small' } }, ''],
  ])('takes its class from %j', async (classFrom, metadata, expected) => {
    const meters = tableWith({ ...GPU, classFrom });
    const { usage } = await meter(one([gpuRow({ resource_metadata: metadata })]), meters);

    expect(usage.map((row) => row.class)).toEqual([expected]);
  });

  it('counts statuses, counters and deltas as the built-in meters do', async () => {
    const meters = tableWith(
      {
        id: 'lb',
        name: 'loadbalancer.operating',
        type: 'gauge',
        units: ['lb'],
        measure: 'lb',
        volumeIs: 'status',
      },
      {
        id: 'rx',
        name: 'lb.rx',
        type: 'cumulative',
        units: ['B'],
        measure: 'lb_rx',
        unitsPerQuantity: '1073741824',
      },
      { id: 'jobs', name: 'backup.jobs', type: 'delta', units: ['job'], measure: 'jobs' },
    );
    const row = (name: string, type: string, unit: string) => ({
      name,
      type,
      unit,
      resource_metadata: {},
    });
    const rows = [
      gpuRow({ ...row('loadbalancer.operating', 'gauge', 'lb'), volume: 7 }),
      gpuRow({ ...row('lb.rx', 'cumulative', 'B'), volume: 1_073_741_824 }),
      gpuRow({
        ...row('lb.rx', 'cumulative', 'B'),
        volume: 3_221_225_472,
        timestamp: `${DAY}T11:00:00`,
      }),
      gpuRow({ ...row('backup.jobs', 'delta', 'job'), volume: 2, id: 'a' }),
      gpuRow({ ...row('backup.jobs', 'delta', 'job'), volume: 3, id: 'b' }),
    ];

    const { usage } = await meter(one(rows), meters);

    expect(usage.map(({ measure, quantity }) => [measure, quantity])).toEqual([
      ['jobs', '5'],
      ['lb', '0.083333333333'],
      ['lb_rx', '2'],
    ]);
  });
});

const anyRow = fc.record({
  name: fc.constantFrom('gpu', 'vgpu'),
  volume: fc.constantFrom(0, 1, 2),
  project_id: fc.constantFrom('p1', 'p2'),
  resource_id: fc.constantFrom('r1', 'r2'),
  timestamp: fc.constantFrom(
    `${DAY}T10:00:00`,
    `${DAY}T10:20:00`,
    '2026-10-04T23:30:00',
    '2026-10-06T00:00:00',
  ),
  id: fc.constantFrom('a', 'b'),
  resource_metadata: fc.constantFrom(
    { flavor: { extra_specs: { gpu: 'a100' }, vcpus: 4 } },
    { flavor: { extra_specs: { gpu: 'h100' }, vcpus: 4 } },
    { 'flavor.extra_specs.gpu': 'h100' },
    { status: 'shelved_offloaded' },
    {},
  ),
});

describe('usage of configured meters', () => {
  it('does not hang on how rows are spread over ingests, nor on when the meter was configured', async () => {
    const meters = tableWith(GPU);
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRow, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(2), { minLength: 12, maxLength: 12 }),
        fc.boolean(),
        async (changes, places, isKnown) => {
          const rows = changes.map((change) => gpuRow(change));
          const spread = [0, 1, 2].map((place) => ({
            ingestId: `i${place}`,
            rows: rows.filter((_, index) => places[index] === place).toReversed(),
            ...(isKnown ? { meters } : {}),
          }));
          const together = await meter(one(rows), meters);
          const apart = await meter(
            spread.filter((ingest) => ingest.rows.length > 0),
            meters,
          );
          expect(apart.usage).toEqual(together.usage);
        },
      ),
      { numRuns: 8 },
    );
  }, 120_000);
});
