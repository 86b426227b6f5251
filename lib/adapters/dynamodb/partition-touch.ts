import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { PartitionKey } from '../../ports/partitions.ts';
import { type DueWindow, dueAtMs, mergeWindows, windowOfTouch } from '../due-time.ts';
import {
  CONTENTION_ATTEMPTS_MAX,
  dueKey,
  getRow,
  isLeased,
  keyOf,
  type PartitionRow,
  parsePartition,
  windowOf,
} from './partition-row.ts';
import { backOff, type Table, type UpdateIf, updateItemIf } from './table.ts';

/**
 * The generation rises by one unconditional update, whatever else happens; the due time is put
 * right after it. A repetition after a lost answer counts twice, which costs one metering.
 */
export async function touch(
  table: Table,
  key: PartitionKey,
  { now, delaySeconds }: { readonly now: Date; readonly delaySeconds: number },
): Promise<number> {
  const wanted = windowOfTouch(now.getTime(), delaySeconds);
  const answer = await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: keyOf(key),
      UpdateExpression:
        'ADD generation :one SET metered = if_not_exists(metered, :zero), gsi1pk = :pk, gsi1sk = if_not_exists(gsi1sk, :due), wishMs = if_not_exists(wishMs, :wish), deadlineMs = if_not_exists(deadlineMs, :deadline)',
      ExpressionAttributeValues: {
        ':one': 1,
        ':zero': 0,
        ':pk': 'DUE',
        ':due': dueKey(key, dueAtMs(wanted)),
        ':wish': wanted.wishMs,
        ':deadline': wanted.deadlineMs,
      },
      ReturnValues: 'ALL_NEW',
    }),
  );
  const touched = parsePartition(answer.Attributes ?? {});
  await putOff(table, key, { touched, wanted, now });
  return touched.generation;
}

/** Widens the due window by this touch. Losing to others is no harm: the partition is due, if early. */
async function putOff(
  table: Table,
  key: PartitionKey,
  { touched, wanted, now }: { touched: PartitionRow; wanted: DueWindow; now: Date },
): Promise<void> {
  let row: PartitionRow | null = touched;
  for (let attempt = 1; attempt <= CONTENTION_ATTEMPTS_MAX; attempt += 1) {
    const change = row === null ? null : changeOf(key, { row, wanted, now });
    if (change === null || (await updateItemIf(table, keyOf(key), change))) return;
    await backOff(attempt);
    row = await getRow(table, key);
  }
}

/** Null when the row is as it should be. A leased partition stays out of sight until its lease ends. */
function changeOf(
  key: PartitionKey,
  { row, wanted, now }: { row: PartitionRow; wanted: DueWindow; now: Date },
): UpdateIf | null {
  const window = windowOf(row);
  if (window === null) return null;
  const merged = mergeWindows(window, wanted);
  const due = dueKey(key, isLeased(row, now) ? (row.leaseUntilMs ?? 0) : dueAtMs(merged));
  const stands = merged.wishMs === window.wishMs && merged.deadlineMs === window.deadlineMs;
  if (stands && row.gsi1sk === due) return null;
  const { leaseToken } = row;
  return {
    update: 'SET wishMs = :wish, deadlineMs = :deadline, gsi1sk = :due',
    condition: `wishMs = :oldWish AND deadlineMs = :oldDeadline AND ${
      leaseToken === undefined ? 'attribute_not_exists(leaseToken)' : 'leaseToken = :token'
    }`,
    values: {
      ':wish': merged.wishMs,
      ':deadline': merged.deadlineMs,
      ':due': due,
      ':oldWish': window.wishMs,
      ':oldDeadline': window.deadlineMs,
      ...(leaseToken === undefined ? {} : { ':token': leaseToken }),
    },
  };
}
