import { BatchWriteCommand, type BatchWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { ProblemError } from '../../errors.ts';
import { backOff, type Item, type ItemKey, type Table } from './table.ts';

type WriteRequest = NonNullable<
  NonNullable<BatchWriteCommandInput['RequestItems']>[string]
>[number];

const BATCH_WRITES_MAX = 25;
const BATCH_ATTEMPTS_MAX = 10;
/** Batches under way at once: enough to fill a round trip, few enough to be throttled rarely. */
const BATCHES_AT_ONCE = 4;

/** Puts all items, in batches; what DynamoDB leaves over is sent again. */
export function putAll(table: Table, items: readonly (Item & ItemKey)[]): Promise<void> {
  return writeAll(
    table,
    items.map((Item) => ({ PutRequest: { Item } })),
  );
}

/** Deletes all items, in batches; what DynamoDB leaves over is sent again. */
export function deleteAll(table: Table, keys: readonly ItemKey[]): Promise<void> {
  return writeAll(
    table,
    keys.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } })),
  );
}

/** Not atomic: what readers are to see as a whole needs a marker written after it. */
async function writeAll(table: Table, requests: readonly WriteRequest[]): Promise<void> {
  const batches: WriteRequest[][] = [];
  for (let start = 0; start < requests.length; start += BATCH_WRITES_MAX) {
    batches.push(requests.slice(start, start + BATCH_WRITES_MAX));
  }
  for (let start = 0; start < batches.length; start += BATCHES_AT_ONCE) {
    const atOnce = batches.slice(start, start + BATCHES_AT_ONCE);
    await Promise.all(atOnce.map((batch) => writeBatch(table, batch)));
  }
}

async function writeBatch(table: Table, batch: readonly WriteRequest[]): Promise<void> {
  let left: WriteRequest[] = [...batch];
  for (let attempt = 0; attempt < BATCH_ATTEMPTS_MAX; attempt += 1) {
    if (attempt > 0) await backOff(attempt);
    const answer = await table.client.send(
      new BatchWriteCommand({ RequestItems: { [table.name]: left } }),
    );
    left = answer.UnprocessedItems?.[table.name] ?? [];
    if (left.length === 0) return;
  }
  throw new ProblemError(
    'busy',
    `DynamoDB left ${left.length} of ${batch.length} writes undone after ${BATCH_ATTEMPTS_MAX} attempts. Try again; raise the table's capacity if it lasts.`,
  );
}
