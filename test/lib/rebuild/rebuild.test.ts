import { BatchWriteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeHandler } from '../../../functions/close/close.ts';
import { rateHandler } from '../../../functions/rate/rate.ts';
import { duckdbMonthUsage } from '../../../lib/adapters/duckdb/month-usage.ts';
import { dynamodbAuditLog } from '../../../lib/adapters/dynamodb/audit-log.ts';
import { dynamodbBillStore } from '../../../lib/adapters/dynamodb/bill-store.ts';
import { dynamodbForecastStore } from '../../../lib/adapters/dynamodb/forecast-store.ts';
import { dynamodbRatedDays } from '../../../lib/adapters/dynamodb/rated-days.ts';
import { dynamodbRegions } from '../../../lib/adapters/dynamodb/regions.ts';
import { dynamodbRetractions } from '../../../lib/adapters/dynamodb/retractions.ts';
import { memoryBudgetStates } from '../../../lib/adapters/memory/budget-states.ts';
import { memoryEvents } from '../../../lib/adapters/memory/events.ts';
import { memoryNameStore } from '../../../lib/adapters/memory/names.ts';
import { sha256OfFile } from '../../../lib/adapters/node/file-digest.ts';
import { scratchFolder } from '../../../lib/adapters/node/scratch-folder.ts';
import { billsWithRecords } from '../../../lib/rebuild/keep-records.ts';
import { type RebuildProgress, rebuild, startOf } from '../../../lib/rebuild/rebuild.ts';
import type { RebuildPorts } from '../../../lib/rebuild/rebuild-ports.ts';
import { retractIngest } from '../../../lib/retraction/retract-ingest.ts';
import { CARD, PERIOD, TEAMS } from '../../functions/closing-cloud.ts';
import { dayOfSamples } from '../../trust/samples.ts';
import { type TrustServers, type TrustWorld, trustServers, WEST } from '../../trust/world.ts';

let servers: TrustServers;
beforeAll(async () => {
  servers = await trustServers();
});
afterAll(() => servers.stop());

const HISTORY = JSON.stringify({
  region: 'west',
  metric: 'cores',
  operation: 'sum',
  granularity: 3_600,
  body: [
    ['2026-09-01T00:00:00+00:00', 3600, 40],
    ['2026-09-01T01:00:00+00:00', 3600, 44],
  ],
});
const snapshot = (observedAt: string, total: number) =>
  JSON.stringify({
    region: 'west',
    source: 'placement',
    resourceProvider: 'h1',
    observedAt,
    body: {
      inventories: {
        VCPU: { total, reserved: 0, allocation_ratio: 4, min_unit: 1, max_unit: 8, step_size: 1 },
        MEMORY_MB: {
          total: 65_536,
          reserved: 0,
          allocation_ratio: 1,
          min_unit: 1,
          max_unit: 8,
          step_size: 1,
        },
      },
    },
  });

const FILES = {
  'a.jsonl': [...dayOfSamples('a'), 'no sample'].join('\n'),
  'b.jsonl': dayOfSamples('b').join('\n'),
  'withdrawn.jsonl': dayOfSamples('w').join('\n'),
  'noise.txt': 'noise\nand more',
  'history.json': HISTORY,
  'capacity-1.json': snapshot('2026-11-20T10:00:00Z', 64),
  'capacity-2.json': snapshot('2026-11-21T10:00:00Z', 96),
};

function billsOf(world: TrustWorld) {
  return billsWithRecords(dynamodbBillStore(world.table), world.ingestPorts.lake);
}

async function configure(world: TrustWorld): Promise<void> {
  const documents = [
    ...TEAMS.map((body) => ({ kind: 'team' as const, id: body.id, body })),
    { kind: 'rate-card' as const, id: CARD.id, body: CARD },
  ];
  for (const document of documents) {
    const written = { actor: 'ann', updatedAt: '2026-11-21T00:00:00.000Z', expectedVersion: 0 };
    await world.configuration.put({ ...document, ...written });
  }
}

async function closeMonth(world: TrustWorld, run: string, issue: boolean): Promise<void> {
  const { ingestPorts } = world;
  const ports = {
    bills: billsOf(world),
    regions: dynamodbRegions(world.table),
    ledger: ingestPorts.ledger,
    partitions: ingestPorts.partitions,
    lakeIndex: ingestPorts.lakeIndex,
    totals: world.meteringPorts.totals,
    configuration: world.configuration,
    audit: dynamodbAuditLog(world.table),
    budgets: memoryBudgetStates(),
    events: memoryEvents(),
    documents: ingestPorts.lake,
    lake: ingestPorts.lake,
    usage: duckdbMonthUsage({ memoryLimitMib: 128, threads: 1 }),
    names: memoryNameStore(),
    scratch: scratchFolder(),
    sha256OfFile,
    now: ingestPorts.now,
    codeVersion: 'abc123',
    patienceSeconds: 0,
    wait: async () => undefined,
    log: () => undefined,
  };
  const of = { run, period: PERIOD, actor: 'ann' };
  const { revision } = (await closeHandler(ports)({ step: 'check', ...of, issue })) as {
    revision: number;
  };
  await rateHandler(ports)({ mode: 'close', ...of, revision });
  if (issue) await closeHandler(ports)({ step: 'issue', ...of, revision });
}

function rebuildPorts(world: TrustWorld, budgetSeconds = 600): RebuildPorts {
  const { ingestPorts: ports, table } = world;
  return {
    lake: ports.lake,
    documents: ports.lake,
    configuration: world.configuration,
    regions: ports.regions,
    lakeIndex: ports.lakeIndex,
    ledger: world.plain.ledger,
    partitions: ports.partitions,
    retractions: dynamodbRetractions(table),
    capacity: world.plain.capacity,
    importedDemand: world.plain.importedDemand,
    ratedDays: dynamodbRatedDays(table),
    forecasts: dynamodbForecastStore(table),
    bills: dynamodbBillStore(table),
    messages: ports.messages,
    now: ports.now,
    budgetSeconds,
  };
}

/** A world with everything in it: files of each kind, one withdrawn, a month closed twice and issued. */
async function livedIn() {
  const world = await servers.world();
  await configure(world);
  const keys = await world.land(FILES);
  for (const key of keys) await world.deliver([key]);
  await world.meterAll();
  const withdrawn = await world.ingestPorts.ledger.findByKey(WEST, keys[2] ?? '');
  await retractIngest(
    {
      ...world.ingestPorts,
      retractions: world.meteringPorts.retractions as never,
      withdrawables: [world.plain.capacity, world.plain.importedDemand],
      audit: dynamodbAuditLog(world.table),
    },
    { ingestId: withdrawn?.id ?? '', reason: 'sent by mistake', actor: 'ann' },
  );
  await world.meterAll();
  await closeMonth(world, 'close-1', false);
  await closeMonth(world, 'close-2', true);
  return { world, keys };
}

/** All items but configuration and its history, by key. */
async function items(world: TrustWorld): Promise<Map<string, Record<string, unknown>>> {
  const { Items = [] } = await world.table.client.send(new ScanCommand({ TableName: world.name }));
  return new Map(
    Items.filter(({ pk }) => !/^(CONFIG|AUDIT)#/.test(String(pk))).map((item) => [
      `${item['pk']} ${item['sk']}`,
      item,
    ]),
  );
}

async function wipe(world: TrustWorld): Promise<void> {
  const all = [...(await items(world)).values()];
  for (let start = 0; start < all.length; start += 25) {
    const requests = all.slice(start, start + 25).map(({ pk, sk }) => ({
      DeleteRequest: { Key: { pk, sk } },
    }));
    await world.table.client.send(
      new BatchWriteCommand({ RequestItems: { [world.name]: requests } }),
    );
  }
  expect((await items(world)).size).toBe(0);
}

/** What a person sees: bills, months, usage, ledger, capacity, demand. */
async function seen(world: TrustWorld, keys: readonly string[]) {
  const { ingestPorts } = world;
  const bills = dynamodbBillStore(world.table);
  const { version: _, updatedAt: __, ...period } = (await bills.getPeriod(PERIOD)) ?? {};
  const objects: Record<string, string> = {};
  for await (const { key } of ingestPorts.lake.list('usage/')) {
    objects[key] = Buffer.from((await ingestPorts.lake.get(key)) ?? []).toString('base64');
  }
  return {
    outcome: await world.outcome(keys),
    usageBytes: objects,
    ledger: await Promise.all(keys.map((key) => ingestPorts.ledger.findByKey(WEST, key))),
    partitions: await ingestPorts.partitions.list(WEST, '2010-01-01', '2030-01-01'),
    projects: await world.meteringPorts.totals.listProjectDays(WEST, '2026-10-01', '2026-11-01'),
    period,
    bills: await bills.listBills(PERIOD, 2),
    capacity: await world.plain.capacity.latest(WEST),
    history: await world.plain.importedDemand.list(WEST, 'cores', '2026-09-01', '2026-10-01'),
  };
}

describe('rebuild', () => {
  it('makes usage, bills and all else the same again, byte for byte, from S3 and configuration', async () => {
    const { world, keys } = await livedIn();
    const before = await seen(world, keys);
    expect(before.bills?.bills.map(({ number }) => number)).toContain('2026-000001');
    expect(before.capacity[0]?.hosts[0]?.inventories['VCPU']?.total).toBe(96);
    expect(before.history).toHaveLength(1);
    for (const key of Object.keys(before.usageBytes)) await world.ingestPorts.lake.delete(key);
    await wipe(world);
    const done = await rebuild(rebuildPorts(world), startOf({ region: null, dryRun: false }));
    expect(done).toMatchObject({
      done: true,
      cursor: null,
      restored: {
        retractions: 1,
        manifests: 3,
        ingests: 7,
        capacity: 2,
        imported: 1,
        periods: 1,
        numbers: 1,
      },
    });
    await world.meterAll();
    expect(await seen(world, keys)).toEqual(before);
    const { first } = await dynamodbBillStore(world.table).claimNumbers('2026', '2026-11', 1);
    expect(first).toBe((before.bills?.bills.length ?? 0) + 1);
  }, 60_000);

  it('goes on where a call has run out of time, and counts the same', async () => {
    const { world } = await livedIn();
    await wipe(world);
    let progress: RebuildProgress = startOf({ region: null, dryRun: false });
    let calls = 0;
    while (!progress.done && calls < 100) {
      // As Step Functions hands it over.
      progress = JSON.parse(JSON.stringify(await rebuild(rebuildPorts(world, -1), progress)));
      calls += 1;
    }
    expect(calls).toBeGreaterThan(5);
    expect(progress.restored).toMatchObject({ manifests: 3, ingests: 7, periods: 1 });
  }, 60_000);

  it('only counts in a dry run, and leaves alone what stands', async () => {
    const { world } = await livedIn();
    const before = await items(world);
    const dry = await rebuild(rebuildPorts(world), startOf({ region: null, dryRun: true }));
    expect(dry.restored).toMatchObject({ manifests: 3, ingests: 7 });
    expect(await items(world)).toEqual(before);
    await rebuild(rebuildPorts(world), startOf({ region: null, dryRun: false }));
    const { partitions } = world.ingestPorts;
    const states = await partitions.list(WEST, '2010-01-01', '2030-01-01');
    expect(states.filter(({ generation, metered }) => metered < generation)).toEqual([]);
    const marks = (all: Awaited<ReturnType<typeof items>>) =>
      [...all.keys()].filter((key) => !key.includes('SET#'));
    expect(marks(await items(world))).toEqual(marks(before));
  }, 60_000);

  it('of one region leaves bills and other regions alone', async () => {
    const { world } = await livedIn();
    await wipe(world);
    const east = await rebuild(
      rebuildPorts(world),
      startOf({ region: 'east' as never, dryRun: false }),
    );
    expect(Object.values(east.restored).every((count) => count === 0)).toBe(true);
    const west = await rebuild(rebuildPorts(world), startOf({ region: WEST, dryRun: false }));
    expect(west.restored).toMatchObject({ manifests: 3, ingests: 7 });
    expect(await dynamodbBillStore(world.table).listPeriods()).toEqual([]);
  }, 60_000);
});
