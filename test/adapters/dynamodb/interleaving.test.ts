import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dynamodbBillStore } from '../../../lib/adapters/dynamodb/bill-store.ts';
import { dynamodbCapacityStore } from '../../../lib/adapters/dynamodb/capacity-store.ts';
import { queryPrefix, type Table } from '../../../lib/adapters/dynamodb/table.ts';
import { dynamodbUsageTotals } from '../../../lib/adapters/dynamodb/usage-totals.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import type { BillRecord } from '../../../lib/ports/documents.ts';
import type { ProjectDay } from '../../../lib/ports/usage-totals.ts';
import { embeddedTable } from '../../contract/embedded.ts';

/** Two writers, or a reader and a writer, in the worst order: each step is put where it hurts. */
let server: Awaited<ReturnType<typeof embeddedTable>>;
let table: Table;

beforeEach(async () => {
  server = await embeddedTable();
  table = server.table;
});
afterEach(() => server.stop());

/** Runs `step` once, just before the first request of the kind that mentions the text. */
function interpose(
  command: string,
  mentioned: string,
  step: () => Promise<unknown>,
): { ran: () => boolean } {
  let ran = false;
  table.client.middlewareStack.add(
    (next, context) => async (args) => {
      const fits =
        context['commandName'] === command && JSON.stringify(args.input).includes(mentioned);
      if (fits && !ran) {
        ran = true;
        await step();
      }
      return next(args);
    },
    { step: 'initialize', name: 'interpose', priority: 'low' },
  );
  return { ran: () => ran };
}

const west = parseRegion('west');
const key = { region: west, date: '2026-10-05', shard: 0 };

function replaceTotals(generation: number, projects: readonly string[]): Promise<void> {
  const hours = Array.from({ length: 24 }, () => '1');
  const region = { ...key, generation, cores: hours, ramGib: hours };
  const days = projects.map((project): ProjectDay => ({ ...region, project, quantities: [] }));
  return dynamodbUsageTotals(table).replace(key, generation, days, region);
}

async function totals(): Promise<readonly (readonly [string, number])[]> {
  const days = await dynamodbUsageTotals(table).listProjectDays(west, '2026-10-05', '2026-10-06');
  return days.map(({ project, generation }) => [project, generation] as const);
}

describe('usage totals', () => {
  it('are read again when they were replaced between the marker and the days', async () => {
    await replaceTotals(1, ['a', 'b']);
    const { ran } = interpose('QueryCommand', 'PROJECTDAYS#', () => replaceTotals(2, ['c']));
    expect(await totals()).toEqual([['c', 2]]);
    expect(ran()).toBe(true);
  });

  it('of an older generation never take the marker, and leave nothing behind', async () => {
    const { ran } = interpose('PutItemCommand', 'REGIONDAYS#', () => replaceTotals(2, ['newer']));
    await replaceTotals(1, ['older', 'newer']);
    expect(ran()).toBe(true);
    expect(await totals()).toEqual([['newer', 2]]);
    expect(await Array.fromAsync(queryPrefix(table, 'PROJECTDAYS#west', ''))).toHaveLength(1);
  });
});

function billOf(team: string, total: string): BillRecord {
  return {
    period: '2026-10',
    revision: 0,
    team,
    state: 'estimate',
    number: null,
    sha256: '',
    currency: 'EUR',
    total,
    body: {},
    generatedAt: '2026-11-03T00:00:00.000Z',
  };
}

describe('bills', () => {
  const putBills = (total: string) =>
    dynamodbBillStore(table).putBills(
      '2026-10',
      0,
      [billOf('a', total), billOf('b', total)],
      total,
    );

  it('are read again when they were replaced between the marker and the set', async () => {
    await putBills('1.00');
    const { ran } = interpose('QueryCommand', 'SET#', () => putBills('2.00'));
    const found = await dynamodbBillStore(table).listBills('2026-10', 0);
    expect(found?.bills.map(({ total }) => total)).toEqual(['2.00', '2.00']);
    expect(ran()).toBe(true);
  });

  it('of one team are read again, too, and a team without a bill has none', async () => {
    await putBills('1.00');
    interpose('QueryCommand', 'SET#', () => putBills('2.00'));
    expect((await dynamodbBillStore(table).getBill('2026-10', 0, 'a'))?.total).toBe('2.00');
    expect(await dynamodbBillStore(table).getBill('2026-10', 0, 'none')).toBeNull();
  });

  it('that lose to others in the last moment still stand after them, whole and alone', async () => {
    await putBills('1.00');
    const { ran } = interpose('PutItemCommand', 'MARKER', () => putBills('2.00'));
    await putBills('3.00');
    expect(ran()).toBe(true);
    const found = await dynamodbBillStore(table).listBills('2026-10', 0);
    expect(found?.bills.map(({ total }) => total)).toEqual(['3.00', '3.00']);
    // The marker, two bills and what goes with them: replaced sets are gone.
    expect(await Array.fromAsync(queryPrefix(table, 'BILLS#2026-10#0', ''))).toHaveLength(4);
  });
});

describe('capacity', () => {
  const put = (observedAt: string) =>
    dynamodbCapacityStore(table).put(
      { region: west, source: 'nova', observedAt, hosts: [] },
      `i-${observedAt}`,
    );

  it('that is older by the time it is written gives way, and leaves nothing behind', async () => {
    const newer = async () => {
      for (const day of [6, 7, 8, 9, 10])
        await put(`2026-10-${day.toString().padStart(2, '0')}T00:00:00Z`);
    };
    const { ran } = interpose('PutItemCommand', 'CURRENT#nova', newer);
    await put('2026-10-05T00:00:00Z');
    expect(ran()).toBe(true);
    const [latest] = await dynamodbCapacityStore(table).latest(west);
    expect(latest?.observedAt).toBe('2026-10-10T00:00:00Z');
    // Five that may show again, a marker and a chunk each.
    const items = await Array.fromAsync(queryPrefix(table, 'CAPACITY#west', ''));
    expect(items).toHaveLength(10);
    expect(JSON.stringify(items)).not.toContain('i-2026-10-05');
  });
});
