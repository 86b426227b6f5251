import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { isRegion, type Region } from '../../identifiers.ts';

/** DynamoDB's limit is 400 KiB an item, keys and attribute names included. */
export const ITEM_BYTES_MAX = 380_000;
/** Small values stay readable in the console; larger ones are worth compressing. */
const PLAIN_BYTES_MAX = 16_384;

/** JSON text, or gzip of it. */
export type StoredJson = string | Uint8Array;

export function toStoredJson(value: unknown): StoredJson {
  const text = JSON.stringify(value);
  return Buffer.byteLength(text) <= PLAIN_BYTES_MAX ? text : gzipSync(text);
}

export function sizeOf(stored: StoredJson): number {
  return typeof stored === 'string' ? Buffer.byteLength(stored) : stored.byteLength;
}

/** Schema of an attribute that holds a value of `schema` as JSON. A value that does not fit is a fault of ours. */
export function storedJson<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return z
    .union([z.string(), z.instanceof(Uint8Array)])
    .transform((stored) =>
      JSON.parse(typeof stored === 'string' ? stored : gunzipSync(stored).toString('utf8')),
    )
    .pipe(schema) as unknown as z.ZodType<T>;
}

export const regionSchema: z.ZodType<Region> = z.custom<Region>(
  (value) => typeof value === 'string' && isRegion(value),
);
export const countSchema = z.int().nonnegative();
export const decimalText = z.string().regex(/^-?\d+(\.\d+)?$/);
