import { ProblemError } from '../errors.ts';
import { addDays, type Day } from '../period/calendar.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import {
  type KeptForecast,
  keptForecast,
  madeOnOfKey,
  recordFolder,
  recordKey,
} from './kept-forecast.ts';

/** A forecast is compared with the newest that is at least so old, and at most. */
const [WEEK_DAYS, OLDEST_DAYS] = [7, 21];

/**
 * Puts the forecast of record of its day, unless there is one: what was said first cannot be bettered
 * afterwards. False when another stands.
 */
export async function keepForecast(
  lake: Pick<ObjectStore, 'head' | 'put'>,
  kept: KeptForecast,
): Promise<boolean> {
  const key = recordKey(kept);
  if ((await lake.head(key)) !== null) return false;
  const bytes = new TextEncoder().encode(JSON.stringify(kept));
  try {
    await lake.put(key, bytes, { contentType: 'application/json', ifAbsent: true });
    return true;
  } catch (error) {
    if (error instanceof ProblemError && error.kind === 'conflict') return false;
    throw error;
  }
}

/** Null where there is none, or none of the present shape: one that cannot be read is not scored. */
export async function keptForecastAt(
  lake: Pick<ObjectStore, 'get'>,
  key: string,
): Promise<KeptForecast | null> {
  const body = await lake.get(key);
  if (body === null) return null;
  const parsed = keptForecast.safeParse(JSON.parse(new TextDecoder().decode(body)));
  return parsed.success ? parsed.data : null;
}

/** The forecast of record of a week before a day; of up to two more weeks before where there is none. */
export async function keptForecastBefore(
  lake: Pick<ObjectStore, 'get' | 'list'>,
  target: { readonly region: string; readonly metric: string },
  day: Day,
): Promise<KeptForecast | null> {
  const folder = recordFolder(target);
  let newest: string | null = null;
  for await (const { key } of lake.list(folder, `${folder}${addDays(day, -OLDEST_DAYS)}`)) {
    const madeOn = madeOnOfKey(key);
    if (madeOn !== null && madeOn <= addDays(day, -WEEK_DAYS)) newest = key;
  }
  return newest === null ? null : await keptForecastAt(lake, newest);
}
