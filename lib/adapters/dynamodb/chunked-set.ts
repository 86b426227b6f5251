import { randomUUID } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { ProblemError } from '../../errors.ts';
import { deleteAll, putAll } from './batch-write.ts';
import { countSchema, ITEM_BYTES_MAX } from './stored-json.ts';
import {
  backOff,
  getItem,
  type Item,
  type ItemKey,
  putItemIf,
  queryItems,
  queryPrefix,
  type Table,
} from './table.ts';

/**
 * Values that are larger than an item, or are to be seen together or not at all. They are written
 * as chunks under a name that nobody knows yet; a marker that the caller writes afterwards names
 * them. A replaced set is removed, and a reader that still followed its marker looks again.
 */
interface SetRef {
  readonly set: string;
  /** Items that the whole set has. */
  readonly chunks: number;
}

export const setRefShape = { set: z.string(), chunks: countSchema };

const chunkRow = z.strictObject({
  pk: z.string(),
  sk: z.string(),
  name: z.string(),
  /** Chunks of this value. */
  of: countSchema,
  data: z.instanceof(Uint8Array),
});
const keySchema = z.strictObject({ pk: z.string(), sk: z.string() });

const READ_ATTEMPTS_MAX = 8;
const REPLACE_ATTEMPTS_MAX = 30;

/** Writes the values by their names; should it fail, what it wrote is removed as far as possible. */
async function writeSet(
  table: Table,
  pk: string,
  values: Iterable<readonly [name: string, value: unknown]>,
): Promise<SetRef> {
  const set = randomUUID();
  const items = [...values].flatMap(([name, value]) => {
    const data = gzipSync(JSON.stringify(value));
    const of = Math.max(1, Math.ceil(data.byteLength / ITEM_BYTES_MAX));
    return Array.from({ length: of }, (_, index) => ({
      pk,
      sk: `SET#${set}#${name}#${index.toString().padStart(4, '0')}`,
      name,
      of,
      data: data.subarray(index * ITEM_BYTES_MAX, (index + 1) * ITEM_BYTES_MAX),
    }));
  });
  try {
    await putAll(table, items);
  } catch (error) {
    await deleteAll(table, items).catch(() => undefined);
    throw error;
  }
  return { set, chunks: items.length };
}

/** All values of the set by name; null when it is no longer whole, since another took its place. */
export async function readSet(
  table: Table,
  pk: string,
  { set, chunks }: SetRef,
): Promise<ReadonlyMap<string, unknown> | null> {
  const rows = await readChunks(table, pk, `SET#${set}#`);
  return rows.length === chunks ? valuesOf(rows) : null;
}

/** One value of the set; undefined when it has none of the name. */
export async function readMember(
  table: Table,
  pk: string,
  { set, name }: { readonly set: string; readonly name: string },
): Promise<unknown> {
  const rows = await readChunks(table, pk, `SET#${set}#${name}#`);
  const own = rows.filter((row) => row.name === name);
  return own.length > 0 && own.length === own[0]?.of ? valuesOf(own).get(name) : undefined;
}

async function removeSet(table: Table, pk: string, set: string): Promise<void> {
  const keys: ItemKey[] = [];
  const items = queryItems(table, {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': pk, ':prefix': `SET#${set}#` },
    ProjectionExpression: 'pk, sk',
  });
  for await (const item of items) keys.push(keySchema.parse(item));
  await deleteAll(table, keys);
}

/** Reads by a marker until marker and set agree: `read` gives `retry` when the set was replaced meanwhile. */
export async function readThroughMarker<T>(read: () => Promise<T | 'retry'>): Promise<T | 'retry'> {
  for (let attempt = 1; attempt <= READ_ATTEMPTS_MAX; attempt += 1) {
    const value = await read();
    if (value !== 'retry') return value;
    await backOff(attempt);
  }
  return 'retry';
}

async function readChunks(table: Table, pk: string, prefix: string) {
  const items = await Array.fromAsync(queryPrefix(table, pk, prefix));
  return items.map((item) => chunkRow.parse(item));
}

function valuesOf(rows: readonly z.infer<typeof chunkRow>[]): Map<string, unknown> {
  const parts = Map.groupBy(rows, (row) => row.name);
  return new Map(
    [...parts].map(([name, chunks]) => {
      const data = Buffer.concat(chunks.map((chunk) => chunk.data));
      return [name, JSON.parse(gunzipSync(data).toString('utf8')) as unknown];
    }),
  );
}

interface Replacement {
  readonly values: Iterable<readonly [name: string, value: unknown]>;
  /** What the marker says besides the set. */
  readonly attributes: Item;
  /** Whether the set may stand in the place of the present one; asked again when another came between. */
  readonly mayReplace: (present: Item | null) => boolean;
}

/** Writes a set and points the marker at it, unless `mayReplace` says no (or throws). */
export async function replaceSet(
  table: Table,
  marker: ItemKey,
  { values, attributes, mayReplace }: Replacement,
): Promise<void> {
  let present = await getItem(table, marker);
  if (!mayReplace(present)) return;
  const ref = await writeSet(table, marker.pk, values);
  let stands = false;
  try {
    for (let attempt = 1; !stands && mayReplace(present); attempt += 1) {
      if (attempt > REPLACE_ATTEMPTS_MAX) throw contended(marker);
      const old = present;
      stands = await pointAt(table, { ...attributes, ...marker, ...ref }, old);
      if (stands && old !== null) await removeSet(table, marker.pk, setOf(old));
      if (stands) return;
      await backOff(attempt);
      present = await getItem(table, marker);
    }
  } finally {
    if (!stands) await removeSet(table, marker.pk, ref.set);
  }
}

/** Removes a marker, and the set that it names. */
export async function removeMarked(table: Table, marker: ItemKey & SetRef): Promise<void> {
  await deleteAll(table, [{ pk: marker.pk, sk: marker.sk }]);
  await removeSet(table, marker.pk, marker.set);
}

/** Writes the marker if the present one still stands. */
function pointAt(
  table: Table,
  marker: Item & ItemKey & SetRef,
  present: Item | null,
): Promise<boolean> {
  return putItemIf(table, marker, {
    // Its own set: the repetition of a write whose answer was lost.
    expression: `${present === null ? 'attribute_not_exists(pk)' : '#set = :old'} OR #set = :mine`,
    names: { '#set': 'set' },
    values: { ':mine': marker.set, ...(present === null ? {} : { ':old': setOf(present) }) },
  });
}

function setOf(marker: Item): string {
  return z.string().parse(marker['set']);
}

function contended(marker: ItemKey): ProblemError {
  return new ProblemError('busy', `"${marker.sk}" is being written by many at once. Try again.`);
}
