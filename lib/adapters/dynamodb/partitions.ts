import { assert } from '../../assert.ts';
import { isRegion } from '../../identifiers.ts';
import { type Day, isDay } from '../../period/calendar.ts';
import type { PartitionKey, Partitions } from '../../ports/partitions.ts';
import { complete, extend, lease, release } from './partition-lease.ts';
import { restore } from './partition-restore.ts';
import { getRow, parsePartition, stateOf } from './partition-row.ts';
import { touch } from './partition-touch.ts';
import { queryBetween, queryItems, type Table } from './table.ts';

export function dynamodbPartitions(table: Table): Partitions {
  return {
    touch: (key, options) => touch(table, key, options),
    lease: (key, options) => lease(table, key, options),
    extend: (held, options) => extend(table, held, options),
    complete: (held) => complete(table, held),
    release: (held) => release(table, held),
    restore: (key, options) => restore(table, key, options),
    async listDue({ now, limit }) {
      const due: PartitionKey[] = [];
      for await (const sk of dueKeys(table, limit)) {
        if (due.length === limit || sk.slice(0, 24) > now.toISOString()) break;
        due.push(partitionOfDueKey(sk));
      }
      return due;
    },
    async nextDueAt() {
      for await (const sk of dueKeys(table, 1)) return new Date(sk.slice(0, 24));
      return null;
    },
    async get(key) {
      const row = await getRow(table, key);
      return row === null ? null : stateOf(key, row);
    },
    async list(region, from, to) {
      const items = await Array.fromAsync(
        queryBetween(table, `PARTITIONS#${region}`, { from, to }),
      );
      return items
        .map((item) => parsePartition(item))
        .map((row) => stateOf({ region, ...dayOfKey(row.sk) }, row))
        .toSorted((a, b) => (a.date === b.date ? a.shard - b.shard : a.date < b.date ? -1 : 1));
    },
  };
}

async function* dueKeys(table: Table, limit: number): AsyncGenerator<string> {
  const rows = queryItems(table, {
    IndexName: 'gsi1',
    KeyConditionExpression: 'gsi1pk = :pk',
    ExpressionAttributeValues: { ':pk': 'DUE' },
    Limit: limit,
  });
  for await (const { gsi1sk } of rows) {
    assert(typeof gsi1sk === 'string', 'a due partition has its due time in gsi1sk');
    yield gsi1sk;
  }
}

function partitionOfDueKey(sk: string): PartitionKey {
  const [, region = '', date = '', shard = ''] = sk.split('#');
  assert(isRegion(region), `not the key of a due partition: "${sk}"`);
  return { region, ...dayOfKey(`${date}#${shard}`) };
}

function dayOfKey(sk: string): { readonly date: Day; readonly shard: number } {
  const [date = '', shard = ''] = sk.split('#');
  assert(isDay(date) && /^\d+$/.test(shard), `not the key of a partition: "${sk}"`);
  return { date, shard: Number(shard) };
}
