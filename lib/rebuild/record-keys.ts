import { parseRegion, type Region } from '../identifiers.ts';
import type { Month } from '../period/calendar.ts';

/**
 * Where S3 keeps what only the table would know otherwise. Lake: `ingests/`, `capacity/`, `imported/`.
 * Documents: `bills/<period>/records/`, beside the bills themselves (no revision and no team is named so).
 */
export function ingestKey(region: Region, id: string): string {
  return `ingests/region=${region}/${id}.json`;
}

/** @param observedUs microseconds since 1970: padded, so that keys sort by time */
export function snapshotKey(
  { region, source }: { readonly region: Region; readonly source: string },
  observedUs: number,
  ingestId: string,
): string {
  const observed = String(observedUs).padStart(17, '0');
  return `capacity/region=${region}/${source}/${observed}-${ingestId}.json`;
}

/** Of the days of demand that an ingest imported, in the lake. */
export function importedKey(region: Region, ingestId: string): string {
  return `imported/region=${region}/${ingestId}.json`;
}

/** Of the record of a month, in the documents bucket. */
export function periodKey(period: Month): string {
  return `bills/${period}/records/period.json`;
}

/** Of the bills of a revision, in the documents bucket. */
export function billsKey(period: Month, revision: number): string {
  return `bills/${period}/records/bills-${revision}.json`;
}

/** @throws RangeError when the key names no region */
export function regionOfKey(key: string): Region {
  return parseRegion(/\/region=([^/]+)\//.exec(key)?.[1] ?? '');
}
