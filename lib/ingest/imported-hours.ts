import { compareText } from '../identifiers.ts';
import { type Day, dayOf, startOfDay } from '../period/calendar.ts';
import { HOUR_US, type InstantUs, SECOND_US } from '../period/instant.ts';

/** Buckets of one series by their start; null where Gnocchi had no value. */
export type Buckets = ReadonlyMap<InstantUs, number | null>;

export interface ImportedHours {
  readonly date: Day;
  /** Null where the export had none. */
  readonly hours: readonly (number | null)[];
}

interface Hour {
  sum: number;
  count: number;
}

/**
 * Hourly means of the sum over the series. Within a series the mean of the buckets of an hour counts,
 * of those that have a value; an hour of which a series tells only that it has no value is missing, and
 * a series that tells nothing of an hour did not exist then.
 *
 * @param granularitySeconds a divisor or a multiple of an hour
 */
export function sumByHour(
  series: ReadonlyMap<string, Buckets>,
  granularitySeconds: number,
): ImportedHours[] {
  const totals = new Map<InstantUs, number | null>();
  for (const [, buckets] of [...series].toSorted(([a], [b]) => compareText(a, b))) {
    for (const [hour, { sum, count }] of hoursOf(buckets, granularitySeconds)) {
      const total = totals.get(hour);
      const isMissing = count === 0 || total === null;
      totals.set(hour, isMissing ? null : (total ?? 0) + sum / count);
    }
  }
  return byDay(totals);
}

function hoursOf(buckets: Buckets, granularitySeconds: number): Map<InstantUs, Hour> {
  const hours = new Map<InstantUs, Hour>();
  const spanned = Math.max(1, (granularitySeconds * SECOND_US) / HOUR_US);
  for (const [start, value] of [...buckets].toSorted(([a], [b]) => a - b)) {
    for (let index = 0; index < spanned; index += 1) {
      const at = (Math.floor(start / HOUR_US) + index) * HOUR_US;
      const hour = hours.get(at) ?? { sum: 0, count: 0 };
      hours.set(at, hour);
      if (value === null) continue;
      hour.sum += value;
      hour.count += 1;
    }
  }
  return hours;
}

function byDay(totals: ReadonlyMap<InstantUs, number | null>): ImportedHours[] {
  const days = new Map<Day, (number | null)[]>();
  for (const [at, total] of totals) {
    const date = dayOf(at);
    const hours = days.get(date) ?? Array.from({ length: 24 }, () => null);
    days.set(date, hours);
    hours[(at - startOfDay(date)) / HOUR_US] = total;
  }
  return [...days]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([date, hours]) => ({ date, hours }));
}
