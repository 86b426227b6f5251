/** Whole microseconds since 1970-01-01T00:00:00Z. A safe integer until the year 2255. */
export type InstantUs = number;

/** In microseconds. */
export const SECOND_US = 1_000_000;
/** In microseconds. */
export const HOUR_US = 3_600 * SECOND_US;
/** In microseconds; UTC days are all as long. */
export const DAY_US = 24 * HOUR_US;

const TIMESTAMP =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:(Z|z)|([+-])(\d{2}):?(\d{2}))?$/;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Date.UTC reads the years 0 to 99 as 1900 to 1999; a whole cycle of the calendar is beyond that. */
const CYCLE_YEARS = 400;
const CYCLE_MS = 146_097 * 86_400_000;

/**
 * Reads an ISO 8601 timestamp as OpenStack writes it: `T` or a blank between date and time, no
 * offset means UTC, digits beyond the microsecond are cut.
 *
 * `null` when it is none, or names a time that does not exist (30 February, 24:00:00, a leap
 * second): JavaScript's own parser would silently move it.
 */
export function parseInstant(text: string): InstantUs | null {
  const match = TIMESTAMP.exec(text);
  if (!match) return null;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = ''] =
    match;
  const [y, mo, d] = [Number(year), Number(month), Number(day)];
  const [h, mi, s] = [Number(hour), Number(minute), Number(second)];
  if (mo < 1 || mo > 12 || d < 1 || d > daysInMonth(y, mo) || h > 23 || mi > 59 || s > 59) {
    return null;
  }
  const offset = offsetMinutes(match[9], match[10], match[11]);
  if (offset === null) return null;
  const micros = fraction === '' ? 0 : Number(fraction.slice(0, 6).padEnd(6, '0'));
  const utcMs = Date.UTC(y + CYCLE_YEARS, mo - 1, d, h, mi, s) - CYCLE_MS;
  return (utcMs - offset * 60_000) * 1_000 + micros;
}

function offsetMinutes(
  sign: string | undefined,
  hours: string | undefined,
  minutes: string | undefined,
): number | null {
  if (sign === undefined) return 0;
  const [h, m] = [Number(hours), Number(minutes)];
  if (h > 23 || m > 59) return null;
  return (h * 60 + m) * (sign === '-' ? -1 : 1);
}

/** By the Gregorian calendar; `month` counts from 1. */
export function daysInMonth(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
}

/** `2026-10-05T10:00:00Z`, with six decimals only where there are microseconds. */
export function formatInstant(instant: InstantUs): string {
  const micros = ((instant % SECOND_US) + SECOND_US) % SECOND_US;
  const whole = new Date((instant - micros) / 1_000).toISOString().slice(0, 19);
  return micros === 0 ? `${whole}Z` : `${whole}.${micros.toString().padStart(6, '0')}Z`;
}

/** To the millisecond, which is all that a `Date` holds. */
export function instantOfDate(date: Date): InstantUs {
  return date.getTime() * 1_000;
}
