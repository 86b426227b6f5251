import { ProblemError } from '../errors.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { type KeptForecast, recordKey } from './kept-forecast.ts';

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
