import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckdbMeteringEngine } from '../../../lib/adapters/duckdb/day-usage.ts';
import { duckdbMonthUsage } from '../../../lib/adapters/duckdb/month-usage.ts';
import { duckdbResourceSamples } from '../../../lib/adapters/duckdb/resource-samples.ts';
import { priceMonth } from '../../../lib/billing/price-month.ts';
import { add, decimal, decimalOf, toText, ZERO } from '../../../lib/decimal/decimal.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import { meterOf, meterSchema } from '../../../lib/metering/configured-meter.ts';
import { holdRules } from '../../../lib/metering/hold-rules.ts';
import { labelsInForce } from '../../../lib/metering/labels-in-force.ts';
import { BUILT_IN_METERS, meterTable } from '../../../lib/metering/meter-table.ts';
import { defaultSettings, RegionSettings } from '../../../lib/metering/region-settings.ts';
import { moneyText } from '../../../lib/money/money.ts';
import { formatInstant, HOUR_US, parseInstant } from '../../../lib/period/instant.ts';
import { readRateCard } from '../../../lib/rating/rate-card.ts';
import type { UsageSpan } from '../../../lib/rating/usage-row.ts';
import { type IngestedRows, ingestParts } from './ingested-parts.ts';

const WEST = parseRegion('west');
const DAY = '2026-10-05';
const LABELS = ['environment', 'tier'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-labels-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function sample(time: string, metadata: object = {}, more: object = {}) {
  return {
    ...{ name: 'vcpus', type: 'gauge', unit: 'vcpu', volume: 2, project_id: 'p1', user_id: 'u' },
    ...{ resource_id: 'r1', timestamp: `${DAY}T${time}`, source: 'openstack', id: `m${time}` },
    resource_metadata: { flavor: { name: 'm1.small' }, ...metadata },
    ...more,
  };
}

type Options = { readonly labels?: readonly string[]; readonly meters?: typeof BUILT_IN_METERS };

async function meter(ingests: readonly IngestedRows[], { labels = LABELS, meters }: Options = {}) {
  const place = join(folder, randomUUID());
  await mkdir(place);
  const usageFile = join(place, 'usage.parquet');
  const limits = { memoryLimitMib: 256, threads: 1 };
  const day = await duckdbMeteringEngine(limits).meterDay({
    ...{ region: WEST, date: DAY, shard: 0, shards: 1, generation: 1, sampleRows: 100, labels },
    sampleFiles: await ingestParts(place, ingests),
    meters: meters ?? BUILT_IN_METERS,
    holdRules: holdRules(defaultSettings(WEST), DAY, meters ?? BUILT_IN_METERS),
    scratchFolder: place,
    usageFile,
  });
  const reader = duckdbMonthUsage(limits);
  const request = { usageFiles: [usageFile], byResource: new Set(['cores']), scratchFolder: place };
  const spans = await reader.read(request, ({ rows }) => Array.fromAsync(rows));
  return { day, usageFile, bytes: await readFile(usageFile), rows: spans.flatMap(rowsOf) };
}

function rowsOf(span: object) {
  const { hours, quantities, scale, region: _region, ...key } = span as UsageSpan;
  return hours
    .map((hour, index) => ({
      ...key,
      hour: formatInstant(hour * HOUR_US),
      quantity: toText(decimal(quantities[index] ?? 0n, scale)),
    }))
    .toSorted((a, b) => (a.hour < b.hour ? -1 : 1));
}

const one = (...rows: object[]): IngestedRows[] => [{ ingestId: 'i1', rows: rows as never }];
type Row = ReturnType<typeof rowsOf>[number];
const coresOf = (rows: readonly Row[]): Row[] =>
  rows
    .filter(({ measure }) => measure === 'cores')
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
/** By hour, usage with more labels last. */
const keyOf = ({ hour, metadata = {} }: Row) =>
  `${hour} ${Object.keys(metadata).length} ${JSON.stringify(metadata)}`;
const CORES = { project: 'p1', resource: 'r1', measure: 'cores', class: 'm1.small' };

describe('metadata that a region keeps with usage', () => {
  it.each([
    { where: 'what users said of a server', metadata: { user_metadata: { environment: 'prod' } } },
    { where: 'the same, flat', metadata: { 'user_metadata.environment': 'prod' } },
    { where: "Nova's own", metadata: { metadata: { environment: 'prod' } } },
    { where: "Ceilometer's reserved names", metadata: { 'metering.environment': 'prod' } },
    { where: 'the top', metadata: { environment: 'prod', user_metadata: {} } },
    {
      where: 'the first of several places',
      metadata: {
        environment: 'x',
        metadata: { environment: 'y' },
        user_metadata: { environment: 'prod' },
      },
    },
  ])('is found in $where', async ({ metadata }) => {
    const { rows } = await meter(one(sample('10:00:00', metadata), sample('10:30:00', metadata)));
    expect(coresOf(rows)).toMatchObject([{ ...CORES, metadata: { environment: 'prod' } }]);
  });

  it('splits usage where it changes, beside usage that has none', async () => {
    const { rows, day } = await meter(
      one(
        sample('10:00:00', { user_metadata: { environment: 'test' } }),
        sample('10:30:00', { user_metadata: { environment: 'prod', tier: 7, other: 'x' } }),
        sample('11:00:00', { environment: { no: 'text' }, tier: 'x'.repeat(256) }),
        sample('11:30:00', {}, { volume: 0 }),
      ),
    );
    expect(coresOf(rows)).toEqual([
      { ...CORES, metadata: { environment: 'test' }, hour: `${DAY}T10:00:00Z`, quantity: '1' },
      {
        ...CORES,
        metadata: { environment: 'prod', tier: '7' },
        hour: `${DAY}T10:00:00Z`,
        quantity: '1',
      },
      { ...CORES, hour: `${DAY}T11:00:00Z`, quantity: '1' },
    ]);
    expect(day.projects[0]?.quantities[0]).toEqual({
      ...{ measure: 'cores', class: 'm1.small', quantity: '3' },
    });
  });

  it('is what rules of a rate card match', async () => {
    const { rows } = await meter(
      one(
        sample('10:00:00', { user_metadata: { environment: 'test' } }),
        sample('10:30:00', { user_metadata: { environment: 'prod' } }),
        sample('11:00:00', {}, { volume: 0 }),
      ),
    );
    const unit = (id: string, unitPrice: string, match: object) => ({
      ...{ id, measure: 'cores', match, price: { model: 'unit', unitPrice } },
    });
    const rules = [unit('any', '1', {}), unit('prod', '3', { metadata: { environment: 'prod' } })];
    const card = { id: 'std', currency: 'EUR', effectiveFrom: '2026-01-01', rules };
    const { rated } = await priceMonth({
      ...{ period: '2026-10', usage: rows.map((row) => ({ ...row, region: WEST })) },
      ...{ cards: [readRateCard(card)], teams: [], adjustments: [], pools: [], exchangeRates: [] },
    });
    expect(rated.lines.map(({ rule, amount }) => [rule, moneyText(amount)])).toEqual([
      ['any', '1.00'],
      ['prod', '3.00'],
    ]);
  });

  it('goes with samples that stand in for others, with counters and with configured meters', async () => {
    const labelled = { user_metadata: { environment: 'prod' }, kind: 'gold' };
    const instance = { name: 'instance', unit: 'instance', volume: 1 };
    const size = { flavor: { name: 'm1.small', vcpus: 4, ram: 1024 } };
    const cpu = { name: 'cpu', type: 'cumulative', unit: 'ns', resource_id: 'r2' };
    const gpu = { name: 'gpu', unit: 'gpu', resource_id: 'r3' };
    const configured = { id: 'gpu', name: 'gpu', type: 'gauge', units: ['gpu'], measure: 'gpu' };
    const meters = meterTable([meterOf(meterSchema.parse({ ...configured, classFrom: 'kind' }))]);
    const { rows } = await meter(
      one(
        sample('10:00:00', { ...labelled, ...size }, instance),
        sample('10:30:00', { ...labelled, ...size }, instance),
        sample('10:00:00', labelled, { ...cpu, volume: 0 }),
        sample('10:30:00', labelled, { ...cpu, volume: 3_600_000_000_000 }),
        sample('10:00:00', labelled, gpu),
        sample('10:30:00', labelled, gpu),
      ),
      { meters },
    );
    expect(rows.map(({ measure, class: ofClass }) => [measure, ofClass]).sort()).toEqual([
      ['cores', 'm1.small'],
      ['cpu_time', 'm1.small'],
      ['gpu', 'gold'],
      ['instances', 'm1.small'],
      ['ram', 'm1.small'],
    ]);
    for (const { metadata } of rows) expect(metadata).toEqual({ environment: 'prod' });
  });

  it('is no part of the usage of regions that keep none', async () => {
    const rows = [
      sample('10:00:00', { user_metadata: { environment: 'test' } }),
      sample('10:30:00', { user_metadata: { environment: 'prod' } }),
    ];
    const plain = coresOf((await meter(one(...rows), { labels: [] })).rows);
    expect(plain).toHaveLength(1);
    expect(plain[0]).not.toHaveProperty('metadata');
    const { usageFile } = await meter(one(...rows));
    const explained = await duckdbResourceSamples({ memoryLimitMib: 256, threads: 1 }).readUsage({
      ...{ usageFiles: [usageFile], region: WEST, resource: 'r1', measure: 'cores' },
      ...{ hour: parseInstant(`${DAY}T10:00:00Z`) ?? 0, scratchFolder: folder },
    });
    expect(explained).toMatchObject([
      { project: 'p1', class: 'm1.small', quantity: plain[0]?.quantity },
    ]);
  });

  const slot = fc.integer({ min: 0, max: 15 });
  const anySample = fc
    .record({
      slot,
      environment: fc.constantFrom('prod', 'test', undefined),
      ofClass: fc.constantFrom('a', `b${String.fromCharCode(31)}c`, ''),
      resource: fc.constantFrom('r1', 'r2'),
      volume: fc.integer({ min: 0, max: 3 }),
    })
    .map(({ environment, ofClass, resource, volume, ...at }) => {
      const minutes = at.slot * 15;
      const time = `${String(8 + Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}:00`;
      const metadata = { user_metadata: { environment }, flavor: { name: ofClass } };
      return sample(time, metadata, { resource_id: resource, volume, id: 'm' });
    });

  it('gives the same bytes in any order, and adds up to the usage without it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anySample, { minLength: 1, maxLength: 10 }), async (samples) => {
        const whole = await meter(one(...samples));
        const half = Math.ceil(samples.length / 2);
        const split = await meter([
          { ingestId: 'i2', rows: samples.slice(half).toReversed() as never },
          { ingestId: 'i1', rows: samples.slice(0, half) as never },
        ]);
        expect(split.bytes.equals(whole.bytes)).toBe(true);
        const plain = await meter(one(...samples), { labels: [] });
        expect(sums(whole.rows)).toEqual(sums(plain.rows));
        expect(whole.day.projects).toEqual(plain.day.projects);
      }),
      { numRuns: 5 },
    );
  }, 120_000);
});

function sums(rows: readonly Readonly<Record<string, unknown>>[]) {
  const byKey = Map.groupBy(rows, ({ metadata: _, quantity: _q, ...key }) => JSON.stringify(key));
  return [...byKey]
    .map(([key, list]) => [
      key,
      toText(list.map(({ quantity }) => decimalOf(String(quantity))).reduce(add, ZERO)),
    ])
    .sort();
}

describe('labels of a region', () => {
  const settings = RegionSettings.parse({
    region: 'west',
    metering: [
      { from: '2026-11-01T05:00:00Z', labels: ['tier', 'environment'] },
      { from: '2026-10-01', labels: ['environment'] },
      { from: '2026-12-01' },
    ],
  });
  it.each([
    { day: '2026-09-30', labels: [] },
    { day: '2026-10-01', labels: ['environment'] },
    { day: '2026-11-01', labels: ['environment'] },
    { day: '2026-11-02', labels: ['environment', 'tier'] },
    { day: '2026-12-01', labels: [] },
  ])('are those in force when $day begins', ({ day, labels }) => {
    expect(labelsInForce(settings, day)).toEqual(labels);
  });

  it.each([
    { what: 'nine', labels: [...'abcdefghi'] },
    { what: 'the same twice', labels: ['a', 'a'] },
    { what: 'a name with a blank', labels: ['a b'] },
  ])('are not $what', ({ labels }) => {
    const metering = [{ from: '2026-10-01', labels }];
    expect(RegionSettings.safeParse({ region: 'west', metering }).success).toBe(false);
  });
});
