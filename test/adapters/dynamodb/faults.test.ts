import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dynamodbBillStore } from '../../../lib/adapters/dynamodb/bill-store.ts';
import { dynamodbCapacityStore } from '../../../lib/adapters/dynamodb/capacity-store.ts';
import { dynamodbConfigStore } from '../../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbLakeIndex } from '../../../lib/adapters/dynamodb/lake-index.ts';
import { dynamodbPartitions } from '../../../lib/adapters/dynamodb/partitions.ts';
import type { Table } from '../../../lib/adapters/dynamodb/table.ts';
import { dynamodbUsageTotals } from '../../../lib/adapters/dynamodb/usage-totals.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import { embeddedTable } from '../../contract/embedded.ts';

/** What the embedded DynamoDB never does and the real one may: lose answers, leave writes undone, refuse. */
let server: Awaited<ReturnType<typeof embeddedTable>>;
let table: Table;

beforeEach(async () => {
  server = await embeddedTable();
  table = server.table;
});
afterEach(() => server.stop());

const west = parseRegion('west');
const now = new Date('2026-10-05T12:00:00Z');

/** The answers to writes are lost after the write was done, as many times as told; the SDK tries again. */
function loseAnswers(times: number, commands: RegExp): { lost: () => number } {
  let lost = 0;
  table.client.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      if (lost < times && commands.test(String(context['commandName']))) {
        lost += 1;
        throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', $retryable: {} });
      }
      return answer;
    },
    { step: 'deserialize', name: 'loseAnswers', priority: 'high' },
  );
  return { lost: () => lost };
}

describe('a write whose answer was lost is a success when it is tried again', () => {
  it('for a lease, its completion and its release', async () => {
    const partitions = dynamodbPartitions(table);
    const key = { region: west, date: '2026-10-05', shard: 0 };
    await partitions.touch(key, { now, delaySeconds: 0 });
    const fault = loseAnswers(2, /UpdateItem/);
    const lease = await partitions.lease(key, { now, seconds: 60 });
    expect(lease).toMatchObject({ generation: 1 });
    expect(fault.lost()).toBe(2);
    loseOnce();
    expect(lease && (await partitions.complete(lease))).toBe(true);
    expect(await partitions.get(key)).toMatchObject({ metered: 1 });
  });

  it('for configuration', async () => {
    const fault = loseAnswers(1, /PutItem/);
    const written = await dynamodbConfigStore(table).put({
      kind: 'team',
      id: 'payments',
      body: { id: 'payments' },
      actor: 'ann',
      updatedAt: '2026-11-21T00:00:00.000Z',
      expectedVersion: 0,
    });
    expect(fault.lost()).toBe(1);
    expect(written.version).toBe(1);
  });

  it('for a period, for bills and for numbers', async () => {
    const bills = dynamodbBillStore(table);
    const fault = loseAnswers(3, /PutItem|BatchWrite/);
    await bills.putPeriod(
      {
        period: '2026-10',
        state: 'open',
        revision: 0,
        sha256: null,
        manifestKey: null,
        closedBy: null,
        issuedBy: null,
        updatedAt: '2026-11-21T00:00:00.000Z',
      },
      null,
    );
    await bills.putBills('2026-10', 1, [], { unrated: [] });
    expect(fault.lost()).toBe(3);
    expect(await bills.listBills('2026-10', 1)).toEqual({ bills: [], extra: { unrated: [] } });
    loseOnce();
    expect(await bills.claimNumbers('2026', 'close-1', 3)).toEqual({ first: 1 });
    expect(await bills.claimNumbers('2026', 'close-2', 1)).toEqual({ first: 4 });
  });

  it('for capacity', async () => {
    const capacity = dynamodbCapacityStore(table);
    const snapshot = {
      region: west,
      source: 'nova',
      observedAt: '2026-10-05T12:00:00Z',
      hosts: [],
    };
    const fault = loseAnswers(2, /PutItem|BatchWrite/);
    await capacity.put(snapshot, 'i1');
    expect(fault.lost()).toBe(2);
    expect(await capacity.latest(west)).toEqual([snapshot]);
  });

  function loseOnce(): void {
    table.client.middlewareStack.remove('loseAnswers');
    loseAnswers(1, /UpdateItem|PutItem/);
  }
});

/** BatchWriteItem does `done` of its writes and hands the others back, for as many rounds as told. */
function leaveUndone(rounds: number): { rounds: () => number } {
  let round = 0;
  table.client.middlewareStack.add(
    (next, context) => async (args) => {
      const input = args.input as { RequestItems?: Record<string, unknown[]> };
      const requests = input.RequestItems?.[table.name];
      if (context['commandName'] !== 'BatchWriteItemCommand' || requests === undefined)
        return next(args);
      if (round >= rounds) return next(args);
      round += 1;
      const half = Math.floor(requests.length / 2);
      const left = requests.slice(half);
      if (half > 0)
        await next({
          ...args,
          input: { ...input, RequestItems: { [table.name]: requests.slice(0, half) } } as never,
        });
      return {
        response: {},
        output: { $metadata: {}, UnprocessedItems: { [table.name]: left } } as never,
      };
    },
    { step: 'initialize', name: 'leaveUndone', priority: 'low' },
  );
  return { rounds: () => round };
}

describe('writes that DynamoDB leaves undone', () => {
  const parts = Array.from({ length: 60 }, (_, index) => ({
    region: west,
    date: '2026-10-05',
    key: `samples/${index.toString().padStart(2, '0')}.parquet`,
    rows: 1,
  }));

  it('are done in later rounds', async () => {
    const fault = leaveUndone(6);
    await dynamodbLakeIndex(table).add(parts);
    expect(fault.rounds()).toBe(6);
    expect(await dynamodbLakeIndex(table).list(west, '2026-10-05')).toEqual(parts);
  });

  it('fail the whole when they never are, and no marker names what was written', async () => {
    leaveUndone(Number.POSITIVE_INFINITY);
    const hours = Array.from({ length: 24 }, () => '1');
    const key = { region: west, date: '2026-10-05', shard: 0 };
    const day = { ...key, generation: 1, cores: hours, ramGib: hours };
    const totals = dynamodbUsageTotals(table);
    await expect(
      totals.replace(key, 1, [{ ...day, project: 'p', quantities: [] }], day),
    ).rejects.toMatchObject({ kind: 'busy' });
    expect(await totals.listRegionDays(west, '2026-10-05', '2026-10-06')).toEqual([]);
    expect(await totals.listProjectDays(west, '2026-10-05', '2026-10-06')).toEqual([]);
  }, 60_000);
});

it('an item that is not as it was written is a fault, and never an answer', async () => {
  const { PutCommand } = await import('@aws-sdk/lib-dynamodb');
  await table.client.send(
    new PutCommand({
      TableName: table.name,
      Item: { pk: 'PARTITIONS#west', sk: '2026-10-05#0', generation: 1, metered: '0' },
    }),
  );
  const key = { region: west, date: '2026-10-05', shard: 0 };
  await expect(dynamodbPartitions(table).get(key)).rejects.toThrow('expected number');
});
