import { isDay, startOfDay } from './calendar.ts';
import { HOUR_US, type InstantUs, parseInstant } from './instant.ts';

/**
 * The instant that a card, a mapping or a setting starts or ends at: a date (its UTC midnight,
 * `2026-10-01`) or a whole UTC hour (`2026-10-01T07:00:00Z`). `null` when it is neither.
 */
export function parseBoundary(text: string): InstantUs | null {
  return isDay(text) ? startOfDay(text) : parseWholeHour(text);
}

/** The start of a UTC hour, `2026-10-01T07:00:00Z`; `null` for anything within an hour. */
export function parseWholeHour(text: string): InstantUs | null {
  const instant = parseInstant(text);
  return instant !== null && instant % HOUR_US === 0 ? instant : null;
}
