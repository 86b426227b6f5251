import * as z from 'zod';
import type { PartitionKey, PartitionState } from '../../ports/partitions.ts';
import type { DueWindow } from '../due-time.ts';
import { countSchema } from './stored-json.ts';
import { getItem, type Item, type ItemKey, type Table } from './table.ts';

/** How often a write that lost to another is tried again, on what the other left. */
export const CONTENTION_ATTEMPTS_MAX = 30;

/**
 * A partition as it is stored. `gsi1pk`, `gsi1sk`, `wishMs` and `deadlineMs` are there while
 * something is unmetered. `gsi1sk` holds the end of the lease while one is held, so that a leased
 * partition is not listed, and is listed again when its holder died.
 */
const rowSchema = z.strictObject({
  pk: z.string(),
  sk: z.string(),
  generation: countSchema,
  metered: countSchema,
  gsi1pk: z.literal('DUE').optional(),
  gsi1sk: z.string().optional(),
  wishMs: countSchema.optional(),
  deadlineMs: countSchema.optional(),
  leaseToken: z.string().optional(),
  leaseUntilMs: countSchema.optional(),
  completedBy: z.string().optional(),
});

export type PartitionRow = z.infer<typeof rowSchema>;

export function parsePartition(item: Item): PartitionRow {
  return rowSchema.parse(item);
}

export function keyOf({ region, date, shard }: PartitionKey): ItemKey {
  return { pk: `PARTITIONS#${region}`, sk: `${date}#${shard}` };
}

export function dueKey({ region, date, shard }: PartitionKey, dueMs: number): string {
  return `${new Date(dueMs).toISOString()}#${region}#${date}#${shard}`;
}

export function stateOf({ region, date, shard }: PartitionKey, row: PartitionRow): PartitionState {
  return { region, date, shard, generation: row.generation, metered: row.metered };
}

export function isLeased(row: PartitionRow, now: Date): boolean {
  return row.leaseUntilMs !== undefined && row.leaseUntilMs > now.getTime();
}

export function windowOf({ wishMs, deadlineMs }: PartitionRow): DueWindow | null {
  return wishMs === undefined || deadlineMs === undefined ? null : { wishMs, deadlineMs };
}

export async function getRow(table: Table, key: PartitionKey): Promise<PartitionRow | null> {
  const item = await getItem(table, keyOf(key));
  return item === null ? null : parsePartition(item);
}
