import { at } from '../forecasting/numbers.ts';
import { addDays, type Day } from '../period/calendar.ts';
import { daysBetween } from './event-ramp.ts';
import { leastSquares } from './least-squares.ts';

/** Demand by day, oldest first; null was not observed. */
export interface DailyDemand {
  readonly start: Day;
  readonly values: readonly (number | null)[];
}

const DAYS_BEFORE = 56;
const DAYS_AFTER = 28;
const LEAST_BEFORE = 14;

/**
 * By how much demand changed with something of which `shareOn` a day is there, in the unit of the
 * demand: regression of the days from 8 weeks before `date` to 4 after `through` on that share,
 * beside a line and the days of the week. Days after the origin are not looked at; null where fewer
 * than 14 days before it are known, or none of it.
 */
export function shownEffect(
  days: DailyDemand,
  of: {
    readonly date: Day;
    /** The first day on which all of it is there, or none any more. */
    readonly through: Day;
    readonly origin: Day;
    readonly shareOn: (day: Day) => number;
  },
): number | null {
  const from = addDays(of.date, -DAYS_BEFORE);
  const settled = addDays(of.through, DAYS_AFTER);
  const last = settled < of.origin ? settled : of.origin;
  const rows: number[][] = [];
  const targets: number[] = [];
  let [before, after] = [0, 0];
  const first = Math.max(0, daysBetween(days.start, from));
  const end = Math.min(days.values.length, daysBetween(days.start, last) + 1);
  for (let index = first; index < end; index += 1) {
    const value = days.values[index] ?? null;
    if (value === null) continue;
    const day = addDays(days.start, index);
    const share = of.shareOn(day);
    if (share > 0) after += 1;
    else if (day < of.date) before += 1;
    rows.push(regressors(daysBetween(of.date, day), share));
    targets.push(value);
  }
  if (before < LEAST_BEFORE || after === 0) return null;
  const scale = Math.max(...targets.map(Math.abs), 1e-9);
  const coefficients = leastSquares(
    rows,
    targets.map((value) => value / scale),
  );
  return scale * at(coefficients, coefficients.length - 1);
}

/** A line, six days of the week, and the share last. */
function regressors(since: number, share: number): number[] {
  const weekday = ((since % 7) + 7) % 7;
  const week = Array.from({ length: 6 }, (_, day) => (day === weekday ? 1 : 0));
  return [1, since / DAYS_BEFORE, ...week, share];
}
