import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { duckdbMonthUsage } from '../../lib/adapters/duckdb/month-usage.ts';
import { dynamodbBillStore } from '../../lib/adapters/dynamodb/bill-store.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbPartitions } from '../../lib/adapters/dynamodb/partitions.ts';
import { dynamodbRegions } from '../../lib/adapters/dynamodb/regions.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { billsExtraSchema } from '../../lib/closing/bills-extra.ts';
import { verifyClose } from '../../lib/closing/verify-close.ts';
import { usageKey } from '../../lib/metering/lake-keys.ts';
import type { UsageRow } from '../../lib/rating/usage-row.ts';
import { writeUsageFile } from '../adapters/duckdb/usage-file.ts';
import { embeddedBucket, embeddedTable } from '../contract/embedded.ts';
import { monthCloser } from './close-months.ts';
import { CARD, closingCloud, TEAMS, WEST } from './closing-cloud.ts';

let folder: string;
const stops: (() => Promise<void>)[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-notes-'));
});
afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
  await rm(folder, { recursive: true, force: true });
});

/** A table and a bucket of its own, with the card and the teams. */
async function machine(name: string) {
  const [{ table, stop }, { bucket, stop: stopBucket }] = [
    await embeddedTable(),
    await embeddedBucket(),
  ];
  stops.push(
    async () => void (await stop()),
    async () => void (await stopBucket()),
  );
  const objects = s3ObjectStore(bucket);
  const [partitions, regions] = [dynamodbPartitions(table), dynamodbRegions(table)];
  const { ports } = await closingCloud({
    ...{ bills: dynamodbBillStore(table), partitions, regions, lake: objects },
    configuration: dynamodbConfigStore(table),
    documents: objects,
    usage: duckdbMonthUsage({ memoryLimitMib: 256, threads: 1 }),
    now: () => new Date('2026-12-03T02:00:00Z'),
  });
  const configuration = dynamodbConfigStore(table);
  for (const [kind, body] of [
    ['rate-card', CARD] as const,
    ...TEAMS.map((team) => ['team', team] as const),
  ]) {
    const written = { actor: 'ann', updatedAt: '2026-10-01T00:00:00Z', expectedVersion: 0 };
    await configuration.put({ kind, id: body.id, body, ...written });
  }
  return { name, ports, objects, close: monthCloser(ports), meter };

  async function meter(date: string, rows: readonly UsageRow[]): Promise<void> {
    const key = { region: WEST, date, shard: 0 };
    const path = join(folder, `${name}-${date}.parquet`);
    await writeUsageFile(
      path,
      rows.map((row) => ({ ...row, resource: row.resource ?? '' })),
      folder,
    );
    await regions.ensure(WEST, ports.now());
    await partitions.touch(key, { now: ports.now(), delaySeconds: 0 });
    await objects.upload(usageKey(key), path);
    const lease = await partitions.lease(key, { now: ports.now(), seconds: 60 });
    expect(lease && (await partitions.complete(lease))).toBe(true);
  }
}

function hour(project: string, at: string, quantity: string): UsageRow {
  const key = { region: WEST, project, resource: `${project}-1`, measure: 'cores', class: '' };
  return { ...key, hour: at, quantity };
}

const DAY = [
  hour('p1', '2026-10-05T10:00:00Z', '100.000000000001'),
  hour('p2', '2026-10-05T10:00:00Z', '10'),
  hour('p1', '2026-10-05T11:00:00Z', '0.333333333333'),
];
const LATE = hour('p1', '2026-10-05T12:00:00Z', '100');

it('gives the same bills and notes on another machine, and again from what was kept, on DynamoDB, S3 and Parquet', async () => {
  const told: unknown[] = [];
  for (const [name, rows] of [
    ['one', DAY],
    ['other', DAY.toReversed()],
  ] as const) {
    const { ports, objects, close, meter } = await machine(name);
    await meter('2026-10-05', rows);
    await close('2026-10', { issue: true });
    await meter('2026-10-05', name === 'one' ? [...rows, LATE] : [LATE, ...rows]);
    await meter('2026-11-05', [hour('p1', '2026-11-05T00:00:00Z', '80')]);
    await close('2026-11', { issue: true });
    await meter('2026-10-05', []);
    const verifying = { ...ports, documents: objects, lake: objects };
    for (const period of ['2026-10', '2026-11']) {
      const { equal, problems, documents } = await verifyClose(verifying, { period, team: null });
      expect({ equal, problems }).toEqual({ equal: true, problems: [] });
      told.push(documents);
    }
    const extra = billsExtraSchema.parse(await ports.bills.getExtra('2026-11', 1));
    told.push(extra.notes);
    expect(extra.notes.map(({ number, note }) => [number, note.team, note.total])).toEqual([
      ['N2026-000001', 'payments', '1.25'],
    ]);
  }
  expect(told.slice(3)).toEqual(told.slice(0, 3));
}, 60_000);
