import { isRegion, type Region } from '../identifiers.ts';
import { type Day, isDay } from '../period/calendar.ts';
import { ObjectRefused } from './refusal.ts';

/** Where objects show in the ledger whose key does not say their region. */
export const REGION_OF_STRAYS = 'unknown' as Region;

const KEY = /^region=([^/]*)\/([^/]*)\/.+$/s;

/** `region=<region>/<yyyy-mm-dd>/<anything>`. */
export interface LandingKey {
  readonly region: Region;
  readonly day: Day;
}

/** @throws ObjectRefused when the key does not say region and day */
export function parseLandingKey(key: string): LandingKey {
  const match = KEY.exec(key);
  const [, region = '', day = ''] = match ?? [];
  if (!match || !isRegion(region) || !isDay(day)) {
    throw new ObjectRefused(
      'no_region_in_key',
      `The key "${key.slice(0, 200)}" does not say the region. Put objects under region=<region>/<yyyy-mm-dd>/, for instance region=west/2026-10-05/samples.jsonl.gz.`,
    );
  }
  return { region, day };
}

export function dayPrefix(region: Region, day: Day): string {
  return `region=${region}/${day}/`;
}
