import type { Region } from '../identifiers.ts';

/** Where the lake keeps who withdrew an ingest, when and why: the truth of which `RETRACTED#` is the index. */
export function tombstoneKey(region: Region, ingestId: string): string {
  return `${tombstonePrefix(region)}${ingestId}.json`;
}

/** What the tombstones of a region begin with, in the lake. */
export function tombstonePrefix(region: Region): string {
  return `retractions/region=${region}/`;
}
