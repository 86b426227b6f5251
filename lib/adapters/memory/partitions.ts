import { randomUUID } from 'node:crypto';
import { compareText } from '../../identifiers.ts';
import type { PartitionKey, PartitionState, Partitions } from '../../ports/partitions.ts';
import { type DueWindow, dueAtMs, mergeWindows, windowOfTouch } from '../due-time.ts';

interface Row {
  readonly key: PartitionKey;
  generation: number;
  metered: number;
  window: DueWindow | null;
  lease: { readonly token: string; readonly untilMs: number } | null;
}

export function memoryPartitions(): Partitions {
  const rows = new Map<string, Row>();
  const sorted = () =>
    [...rows.values()]
      .filter((row) => row.generation > row.metered)
      .toSorted((a, b) => dueOf(a) - dueOf(b) || compareKeys(a.key, b.key));
  return {
    async touch(key, { now, delaySeconds }) {
      const row = rows.get(nameOf(key)) ?? newRow(key);
      rows.set(nameOf(key), row);
      const window = windowOfTouch(now.getTime(), delaySeconds);
      row.window = row.window === null ? window : mergeWindows(row.window, window);
      row.generation += 1;
      return row.generation;
    },
    async listDue({ now, limit }) {
      return sorted()
        .filter((row) => dueOf(row) <= now.getTime())
        .slice(0, limit)
        .map((row) => row.key);
    },
    async nextDueAt() {
      const next = sorted()[0];
      return next ? new Date(dueOf(next)) : null;
    },
    async lease(key, { now, seconds }) {
      const row = rows.get(nameOf(key));
      if (!row || (row.lease !== null && row.lease.untilMs > now.getTime())) return null;
      const token = randomUUID();
      row.lease = { token, untilMs: now.getTime() + seconds * 1_000 };
      return { key: row.key, generation: row.generation, token };
    },
    async extend(lease, { now, seconds }) {
      const row = rows.get(nameOf(lease.key));
      if (row?.lease?.token !== lease.token || row.lease.untilMs <= now.getTime()) return false;
      row.lease = { token: lease.token, untilMs: now.getTime() + seconds * 1_000 };
      return true;
    },
    async complete(lease) {
      const row = rows.get(nameOf(lease.key));
      if (row?.lease?.token !== lease.token) return false;
      row.lease = null;
      if (row.generation !== lease.generation) return false;
      row.metered = lease.generation;
      row.window = null;
      return true;
    },
    async release(lease) {
      const row = rows.get(nameOf(lease.key));
      if (row?.lease?.token === lease.token) row.lease = null;
    },
    async get(key) {
      const row = rows.get(nameOf(key));
      return row ? stateOf(row) : null;
    },
    async restore(key, { generation, now }) {
      const row = rows.get(nameOf(key)) ?? newRow(key);
      rows.set(nameOf(key), row);
      if (row.generation >= generation) return;
      row.generation = generation;
      row.window ??= windowOfTouch(now.getTime(), 0);
    },
    async list(region, from, to) {
      return [...rows.values()]
        .filter(({ key }) => key.region === region && key.date >= from && key.date < to)
        .toSorted((a, b) => compareKeys(a.key, b.key))
        .map(stateOf);
    },
  };
}

function newRow({ region, date, shard }: PartitionKey): Row {
  return { key: { region, date, shard }, generation: 0, metered: 0, window: null, lease: null };
}

function dueOf(row: Row): number {
  if (row.lease !== null) return row.lease.untilMs;
  return row.window === null ? Number.POSITIVE_INFINITY : dueAtMs(row.window);
}

function stateOf(row: Row): PartitionState {
  return { ...row.key, generation: row.generation, metered: row.metered };
}

function nameOf({ region, date, shard }: PartitionKey): string {
  return `${region}#${date}#${shard}`;
}

function compareKeys(a: PartitionKey, b: PartitionKey): number {
  return compareText(a.region, b.region) || compareText(a.date, b.date) || a.shard - b.shard;
}
