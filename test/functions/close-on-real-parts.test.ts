import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeHandler } from '../../functions/close/close.ts';
import { rateHandler } from '../../functions/rate/rate.ts';
import { duckdbMonthUsage } from '../../lib/adapters/duckdb/month-usage.ts';
import { dynamodbAuditLog } from '../../lib/adapters/dynamodb/audit-log.ts';
import { dynamodbBillStore } from '../../lib/adapters/dynamodb/bill-store.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbLakeIndex } from '../../lib/adapters/dynamodb/lake-index.ts';
import { dynamodbLedger } from '../../lib/adapters/dynamodb/ledger.ts';
import { dynamodbPartitions } from '../../lib/adapters/dynamodb/partitions.ts';
import { dynamodbRegions } from '../../lib/adapters/dynamodb/regions.ts';
import { dynamodbUsageTotals } from '../../lib/adapters/dynamodb/usage-totals.ts';
import { memoryBudgetStates } from '../../lib/adapters/memory/budget-states.ts';
import { memoryEvents } from '../../lib/adapters/memory/events.ts';
import { memoryNameStore } from '../../lib/adapters/memory/names.ts';
import { sha256OfFile } from '../../lib/adapters/node/file-digest.ts';
import { scratchFolder } from '../../lib/adapters/node/scratch-folder.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { usageKey } from '../../lib/metering/lake-keys.ts';
import { daysOfMonth } from '../../lib/period/calendar.ts';
import { writeUsageFile } from '../adapters/duckdb/usage-file.ts';
import { embeddedBucket, embeddedTable } from '../contract/embedded.ts';
import { CARD, PERIOD, TEAMS, WEST } from './closing-cloud.ts';

let folder: string;
let servers: [
  Awaited<ReturnType<typeof embeddedTable>>,
  Awaited<ReturnType<typeof embeddedBucket>>,
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-close-'));
  servers = [await embeddedTable(), await embeddedBucket()];
});
afterAll(async () => {
  await Promise.all(servers.map(({ stop }) => stop()));
  await rm(folder, { recursive: true, force: true });
});

it('closes a month twice to the same hash and issues it, on DynamoDB, S3 and Parquet', async () => {
  const [{ table }, { bucket }] = servers;
  const now = () => new Date('2026-11-03T02:00:00Z');
  const objects = s3ObjectStore(bucket);
  const configuration = dynamodbConfigStore(table);
  const partitions = dynamodbPartitions(table);
  const regions = dynamodbRegions(table);
  const ports = {
    bills: dynamodbBillStore(table),
    regions,
    ledger: dynamodbLedger(table),
    partitions,
    lakeIndex: dynamodbLakeIndex(table),
    totals: dynamodbUsageTotals(table),
    configuration,
    audit: dynamodbAuditLog(table),
    budgets: memoryBudgetStates(),
    events: memoryEvents(),
    documents: objects,
    lake: objects,
    usage: duckdbMonthUsage({ memoryLimitMib: 256, threads: 2 }),
    names: memoryNameStore(),
    scratch: scratchFolder(),
    sha256OfFile,
    now,
    codeVersion: 'abc123',
    patienceSeconds: 0,
    wait: async () => undefined,
    log: () => undefined,
  };
  await regions.ensure(WEST, now());
  for (const date of daysOfMonth(PERIOD)) {
    const key = { region: WEST, date, shard: 0 };
    const path = join(folder, `${date}.parquet`);
    const rows = Array.from({ length: 48 }, (_, index) => ({
      region: WEST,
      project: index < 24 ? 'p1' : 'p2',
      resource: `r${index % 3}`,
      measure: 'cores',
      class: '',
      hour: `${date}T${(index % 24).toString().padStart(2, '0')}:00:00Z`,
      quantity: '1.000000000001',
    }));
    await writeUsageFile(path, rows, folder);
    await objects.upload(usageKey(key), path);
    await partitions.touch(key, { now: now(), delaySeconds: 0 });
    const lease = await partitions.lease(key, { now: now(), seconds: 60 });
    expect(lease && (await partitions.complete(lease))).toBe(true);
  }
  const documents = [
    ...TEAMS.map((body) => ({ kind: 'team' as const, id: body.id, body })),
    { kind: 'rate-card' as const, id: CARD.id, body: CARD },
  ];
  for (const document of documents) {
    const written = { actor: 'ann', updatedAt: now().toISOString(), expectedVersion: 0 };
    await configuration.put({ ...document, ...written });
  }
  const [close, rate] = [closeHandler(ports), rateHandler(ports)];
  const hashes: unknown[] = [];
  for (const [run, issue] of [
    ['close-1', false],
    ['close-2', true],
  ] as const) {
    const of = { run, period: PERIOD, actor: 'ann' };
    const { revision } = (await close({ step: 'check', ...of, issue })) as { revision: number };
    const rated = (await rate({ mode: 'close', ...of, revision })) as { sha256: string };
    hashes.push(rated.sha256);
    if (issue) await close({ step: 'issue', ...of, revision });
  }
  expect(hashes[1]).toBe(hashes[0]);
  const { bills = [] } = (await ports.bills.listBills(PERIOD, 2)) ?? {};
  // 744 hours x 1.000000000001 x 0.0125 = 9.30, of which p2 goes 60 to 40 to search and unassigned.
  expect(bills.map(({ team, total, number }) => [team, total, number])).toEqual([
    ['payments', '9.30', '2026-000001'],
    ['search', '5.58', '2026-000002'],
    ['unassigned', '3.72', '2026-000003'],
  ]);
  expect(await ports.bills.getPeriod(PERIOD)).toMatchObject({ state: 'issued', revision: 2 });
  const keys = (await Array.fromAsync(objects.list('bills/2026-10/2/'))).map(({ key }) => key);
  expect(keys).toContain('bills/2026-10/2/payments.issued.json');
  expect(keys).toContain('bills/2026-10/2/manifest.json');
});
