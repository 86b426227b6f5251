import { addDays, type Day, startOfDay } from '../period/calendar.ts';
import { HOUR_US, type InstantUs } from '../period/instant.ts';
import type { DayCompleteness } from '../ports/day-completeness.ts';
import { SourceWatch } from './source-watch.ts';

/** What a day of a region lacks, as far as it has passed. */
export interface DayGaps {
  readonly date: Day;
  /** Series that were read shortly before the day and not deleted; null when nothing tells. */
  readonly expected: number | null;
  /** Series with a reading on the day. */
  readonly seen: number;
  /** Of the expected, those without a reading and not deleted. */
  readonly missing: number;
  /** Hours (0 to 23, UTC) that no reading covers, though series are expected in them. */
  readonly emptyHours: readonly number[];
  /** Hours in which fewer than half of the series are covered: of the day's median hour and of those expected. */
  readonly lowHours: readonly number[];
  /** Sources that delivered on two days running before, and not since; for a week. */
  readonly silentSources: readonly string[];
  /**
   * Of the empty hours, those that are no doubt missing: data followed them, the series are polled hourly or more often,
   * and they are enough to tell a gap from an instance that is off.
   */
  readonly missingHours: readonly number[];
}

/** Fewer series than that tell too little: one instance that is off looks the same. */
const EVIDENT_SERIES_MIN = 5;

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

interface Carried {
  /** Series expected at the end of the last day that told. */
  readonly series: number;
  readonly isPolled: boolean;
}

const NOTHING: Carried = { series: 0, isPolled: false };

/**
 * The days of a region one after the other: what a silent day lacks is told by the days before it.
 *
 * @param days from some days before the first that is asked for, so that a silence that began there is known
 * @param told what metering said of each day; null or absent where nothing was there to meter
 */
export function regionGaps(
  days: readonly Day[],
  told: ReadonlyMap<Day, DayCompleteness | null>,
  now: InstantUs,
): DayGaps[] {
  const lastCovered = lastCoveredHour(told);
  const watch = new SourceWatch();
  let carried = NOTHING;
  return days.map((date) => {
    const day = told.get(date) ?? null;
    const passed = HOURS.filter((hour) => startOf(date, hour) + HOUR_US <= now);
    const due = dueByHour(day, carried);
    const emptyHours = passed.filter(
      (hour) => (due[hour] ?? 0) > 0 && (day?.coveredByHour[hour] ?? 0) === 0,
    );
    const isPolled = carried.isPolled || (day !== null && isPolledHourly(day));
    const missingHours = emptyHours.filter(
      (hour) =>
        isPolled && (due[hour] ?? 0) >= EVIDENT_SERIES_MIN && startOf(date, hour) < lastCovered,
    );
    const silentSources = watch.silentOn(day?.sources ?? [], passed.length === HOURS.length);
    carried = carriedOver(day, carried);
    return {
      date,
      expected: day?.expected ?? null,
      seen: day?.seen ?? 0,
      missing: day?.missing ?? 0,
      emptyHours,
      lowHours: day === null ? [] : lowHours(day, passed),
      silentSources,
      missingHours,
    };
  });
}

function startOf(date: Day, hour: number): InstantUs {
  return startOfDay(date) + hour * HOUR_US;
}

/** A day on which nothing was there to meter, and the morning of the day that ends a silence, lack what was last expected. */
function dueByHour(day: DayCompleteness | null, carried: Carried): number[] {
  if (day === null || (day.seen === 0 && day.expected === 0))
    return HOURS.map(() => carried.series);
  if (day.expected > 0) return [...day.expectedByHour];
  const first = day.expectedByHour.findIndex((count) => count > 0);
  return day.expectedByHour.map((count, hour) => (hour < first ? carried.series : count));
}

function carriedOver(day: DayCompleteness | null, before: Carried): Carried {
  if (day === null || day.seen === 0) return before;
  return { series: day.expectedByHour[23] ?? 0, isPolled: isPolledHourly(day) };
}

/** Whether series are read several times in the hours that they are read in, or else in most hours that they are expected in. */
function isPolledHourly({ readings, readHours, expectedByHour }: DayCompleteness): boolean {
  const due = expectedByHour.reduce((sum, count) => sum + count, 0);
  return readings >= 2 * readHours || 2 * readHours >= due;
}

function lowHours({ coveredByHour, expectedByHour }: DayCompleteness, passed: readonly number[]) {
  const counts = coveredByHour.filter((count) => count > 0).toSorted((a, b) => a - b);
  const median = counts[Math.floor(counts.length / 2)] ?? 0;
  return passed.filter((hour) => {
    const covered = coveredByHour[hour] ?? 0;
    return covered > 0 && 2 * covered < median && 2 * covered < (expectedByHour[hour] ?? 0);
  });
}

function lastCoveredHour(told: ReadonlyMap<Day, DayCompleteness | null>): InstantUs {
  const last = [...told]
    .flatMap(([date, day]) => {
      const hour = day?.coveredByHour.findLastIndex((count) => count > 0) ?? -1;
      return hour === -1 ? [] : [startOf(date, hour)];
    })
    .reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return last;
}

/** Days before the first that is asked for, from which silences are known. */
const LOOK_BACK_DAYS = 9;

/** The days that answer for [`from`, `to`). */
export function lookBack(from: Day): Day {
  return addDays(from, -LOOK_BACK_DAYS);
}
