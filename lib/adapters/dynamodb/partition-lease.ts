import { randomUUID } from 'node:crypto';
import type { Lease, PartitionKey } from '../../ports/partitions.ts';
import { dueAtMs } from '../due-time.ts';
import {
  CONTENTION_ATTEMPTS_MAX,
  dueKey,
  getRow,
  isLeased,
  keyOf,
  windowOf,
} from './partition-row.ts';
import { backOff, type Table, updateItemIf } from './table.ts';

export async function lease(
  table: Table,
  key: PartitionKey,
  { now, seconds }: { readonly now: Date; readonly seconds: number },
): Promise<Lease | null> {
  const token = randomUUID();
  const untilMs = now.getTime() + seconds * 1_000;
  for (let attempt = 1; attempt <= CONTENTION_ATTEMPTS_MAX; attempt += 1) {
    const row = await getRow(table, key);
    if (row === null) return null;
    if (row.leaseToken !== token && isLeased(row, now)) return null;
    const due = row.generation > row.metered;
    const taken = await updateItemIf(table, keyOf(key), {
      update: `SET leaseToken = :token, leaseUntilMs = :until${due ? ', gsi1sk = :due' : ''}`,
      condition:
        'generation = :generation AND metered = :metered AND (attribute_not_exists(leaseToken) OR leaseUntilMs <= :now OR leaseToken = :token)',
      values: {
        ':token': token,
        ':until': untilMs,
        ':now': now.getTime(),
        ':generation': row.generation,
        ':metered': row.metered,
        ...(due ? { ':due': dueKey(key, untilMs) } : {}),
      },
    });
    if (taken) return { key, generation: row.generation, token };
    await backOff(attempt);
  }
  return null;
}

/** A leased partition is due at the end of its lease, so both move together. */
export async function extend(
  table: Table,
  held: Lease,
  { now, seconds }: { readonly now: Date; readonly seconds: number },
): Promise<boolean> {
  const untilMs = now.getTime() + seconds * 1_000;
  return await updateItemIf(table, keyOf(held.key), {
    update: 'SET leaseUntilMs = :until, gsi1sk = :due',
    condition: 'leaseToken = :token AND leaseUntilMs > :now AND attribute_exists(gsi1pk)',
    values: {
      ':token': held.token,
      ':now': now.getTime(),
      ':until': untilMs,
      ':due': dueKey(held.key, untilMs),
    },
  });
}

export async function complete(table: Table, held: Lease): Promise<boolean> {
  const done = await updateItemIf(table, keyOf(held.key), {
    update:
      'SET metered = :generation, completedBy = :token REMOVE leaseToken, leaseUntilMs, gsi1pk, gsi1sk, wishMs, deadlineMs',
    condition: 'generation = :generation AND leaseToken = :token',
    values: { ':generation': held.generation, ':token': held.token },
  });
  if (done) return true;
  // The condition also fails on the repetition of a write whose answer was lost.
  const row = await getRow(table, held.key);
  if (row !== null && row.completedBy === held.token && row.metered === held.generation)
    return true;
  await release(table, held);
  return false;
}

/** Gives the lease back and makes the partition due at its own time again, if it still is. */
export async function release(table: Table, held: Lease): Promise<void> {
  for (let attempt = 1; attempt <= CONTENTION_ATTEMPTS_MAX; attempt += 1) {
    const row = await getRow(table, held.key);
    if (row?.leaseToken !== held.token) return;
    const window = windowOf(row);
    const released = await updateItemIf(table, keyOf(held.key), {
      update: `${window === null ? '' : 'SET gsi1sk = :due '}REMOVE leaseToken, leaseUntilMs`,
      condition: `leaseToken = :token AND ${
        window === null
          ? 'attribute_not_exists(wishMs)'
          : 'wishMs = :wish AND deadlineMs = :deadline'
      }`,
      values: {
        ':token': held.token,
        ...(window === null
          ? {}
          : {
              ':due': dueKey(held.key, dueAtMs(window)),
              ':wish': window.wishMs,
              ':deadline': window.deadlineMs,
            }),
      },
    });
    if (released) return;
    await backOff(attempt);
  }
}
