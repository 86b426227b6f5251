import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { duckdbMonthUsage } from '../../lib/adapters/duckdb/month-usage.ts';
import { dynamodbAuditLog } from '../../lib/adapters/dynamodb/audit-log.ts';
import { dynamodbBillStore } from '../../lib/adapters/dynamodb/bill-store.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbJobStore } from '../../lib/adapters/dynamodb/job-store.ts';
import { dynamodbLedger } from '../../lib/adapters/dynamodb/ledger.ts';
import { dynamodbPartitions } from '../../lib/adapters/dynamodb/partitions.ts';
import { dynamodbRegions } from '../../lib/adapters/dynamodb/regions.ts';
import { dynamodbRetractions } from '../../lib/adapters/dynamodb/retractions.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { usageKey } from '../../lib/metering/lake-keys.ts';
import type { JobRecord } from '../../lib/ports/documents.ts';
import { writeUsageFile } from '../adapters/duckdb/usage-file.ts';
import { embeddedBucket, embeddedTable } from '../contract/embedded.ts';
import { monthCloser } from './close-months.ts';
import { CARD, closingCloud, PERIOD, TEAMS, WEST } from './closing-cloud.ts';
import { carryOut, queuedJob } from './exported-job.ts';

const AT = '2026-12-03T02:00:00Z';
let folder: string;
let setPrice: (unitPrice: string, actor: string, version: number) => Promise<void>;
let close: ReturnType<typeof monthCloser>;
let ask: (kind: JobRecord['kind'], request: object) => Promise<unknown>;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-explained-'));
  const { table, stop } = await embeddedTable();
  const { bucket, stop: stopBucket } = await embeddedBucket();
  stops.push(stop, stopBucket);
  const objects = s3ObjectStore(bucket);
  const [partitions, regions] = [dynamodbPartitions(table), dynamodbRegions(table)];
  const configuration = dynamodbConfigStore(table);
  const { ports } = await closingCloud({
    ...{ bills: dynamodbBillStore(table), partitions, regions, configuration, lake: objects },
    ...{ documents: objects, usage: duckdbMonthUsage({ memoryLimitMib: 256, threads: 1 }) },
    now: () => new Date(AT),
  });
  for (const [kind, body] of [
    ['rate-card', CARD] as const,
    ...TEAMS.map((team) => ['team', team] as const),
  ]) {
    const written = { actor: 'ann', updatedAt: AT, expectedVersion: 0 };
    await configuration.put({ kind, id: body.id, body, ...written });
  }
  setPrice = async (unitPrice, actor, expectedVersion) => {
    const rules = [{ ...CARD.rules[0], price: { model: 'unit', unitPrice } }];
    const written = { actor, updatedAt: `2026-12-01T0${expectedVersion}:00:00Z`, expectedVersion };
    await configuration.put({
      kind: 'rate-card',
      id: CARD.id,
      body: { ...CARD, rules },
      ...written,
    });
  };
  await regions.ensure(WEST, new Date(AT));
  for (const day of ['2026-10-05', '2026-10-06']) {
    const path = join(folder, `${day}.parquet`);
    const row = (resource: string, project: string, measure: string, quantity: string) => ({
      ...{ region: 'west', project, resource, measure, class: 'm1.small', quantity },
      hour: `${day}T10:00:00Z`,
    });
    await writeUsageFile(
      path,
      [
        row('r1', 'p1', 'cores', '40.25'),
        row('r2', 'p1', 'cores', '10'),
        row('r1', 'p1', 'instances', '1'),
        row('r2', 'p1', 'instances', '1'),
        row('r3', 'p2', 'cores', '5'),
      ],
      folder,
    );
    const key = { region: WEST, date: day, shard: 0 };
    await partitions.touch(key, { now: ports.now(), delaySeconds: 0 });
    await objects.upload(usageKey(key), path);
    const lease = await partitions.lease(key, { now: ports.now(), seconds: 60 });
    expect(lease && (await partitions.complete(lease))).toBe(true);
  }
  close = monthCloser(ports);
  await close(PERIOD, { issue: true });
  const jobs = dynamodbJobStore(table);
  const deps = {
    ...{ jobs, documents: objects, now: ports.now },
    closing: {
      ...{ ...ports, documents: objects, results: objects },
      ...{ audit: dynamodbAuditLog(table), ledger: dynamodbLedger(table) },
      retractions: dynamodbRetractions(table),
    },
  };
  let asked = 0;
  ask = async (kind, request) => {
    asked += 1;
    const id = `job-${asked}`;
    await jobs.put(queuedJob(id, { kind, request, at: AT }));
    await carryOut(deps, id);
    expect(await jobs.get(id)).toMatchObject({ state: 'done', problem: null });
    const result = await objects.get(`exports/${id}.json`);
    return JSON.parse(Buffer.from(result ?? []).toString());
  };
}, 60_000);
afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
  await rm(folder, { recursive: true, force: true });
});

it('explains an issued bill from the usage that its close kept', async () => {
  const told = await ask('bill-explanation', { period: PERIOD, team: 'payments', line: null });
  expect(told).toMatchObject({
    ...{ state: 'issued', number: '2026-000001', total: '1.26', lineCount: 1 },
    lines: [
      {
        ...{ quantity: '100.5', amount: '1.26', unit: 'core-hour' },
        price: { id: 'std', version: 1, monthQuantity: '100.5' },
        origin: { shares: [{ percent: '100', quantity: '100.5' }] },
        working: { exact: '1.25625' },
      },
    ],
  });
});

it('prices the same usage on another card, by resource where it asks for them', async () => {
  const vm = { model: 'flat', amount: 744, per: 'resource-month' };
  const cards = [{ ...CARD, id: 'public', rules: [{ id: 'vm', measure: 'instances', price: vm }] }];
  const told = await ask('bill-comparison', { period: PERIOD, cards, withAdjustments: false });
  // Two resources in two hours each, at 1 an hour.
  expect(told).toMatchObject({
    measures: [
      { team: 'payments', measure: 'cores', quantity: '100.5', own: '1.26', other: '0.00' },
      { team: 'payments', measure: 'instances', quantity: '4', own: '0.00', other: '4.00' },
      { team: 'search', measure: 'cores', quantity: '6' },
      { team: 'unassigned', measure: 'cores', quantity: '4' },
    ],
    unrated: [{ measure: 'cores' }, { measure: 'cores' }, { measure: 'cores' }],
  });
});

it('explains a note by both calculations, and names the author of a version that stands no more', async () => {
  await setPrice('0.02', 'cleo', 1);
  await close('2026-11', { issue: true });
  await setPrice('0.03', 'bob', 2);
  const question = { period: '2026-11', team: 'payments', corrects: PERIOD, line: null };
  expect(await ask('bill-explanation', question)).toMatchObject({
    ...{ number: 'N2026-000001', kind: 'debit', total: '0.75', lineCount: 1 },
    corrects: { number: '2026-000001' },
    lines: [
      {
        reason: 'prices',
        billed: { line: 1, amount: '1.26', calculation: { working: { exact: '1.25625' } } },
        due: { amount: '2.01', calculation: { price: { version: 2, author: { actor: 'cleo' } } } },
        causes: {
          usage: null,
          documents: [
            { kind: 'card', before: { version: 1 }, after: { author: { actor: 'cleo' } } },
          ],
        },
      },
    ],
  });
});
