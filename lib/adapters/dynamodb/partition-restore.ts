import type { PartitionKey } from '../../ports/partitions.ts';
import { dueAtMs, windowOfTouch } from '../due-time.ts';
import { dueKey, keyOf } from './partition-row.ts';
import { type Table, updateItemIf } from './table.ts';

/** One update: it holds whether the partition is there or not, and against any other that comes between. */
export async function restore(
  table: Table,
  key: PartitionKey,
  { generation, now }: { readonly generation: number; readonly now: Date },
): Promise<void> {
  const window = windowOfTouch(now.getTime(), 0);
  await updateItemIf(table, keyOf(key), {
    update:
      'SET generation = :generation, metered = if_not_exists(metered, :zero), gsi1pk = :pk, gsi1sk = if_not_exists(gsi1sk, :due), wishMs = if_not_exists(wishMs, :wish), deadlineMs = if_not_exists(deadlineMs, :deadline)',
    condition: 'attribute_not_exists(generation) OR generation < :generation',
    values: {
      ':generation': generation,
      ':zero': 0,
      ':pk': 'DUE',
      ':due': dueKey(key, dueAtMs(window)),
      ':wish': window.wishMs,
      ':deadline': window.deadlineMs,
    },
  });
}
