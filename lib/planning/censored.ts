import { at } from '../forecasting/numbers.ts';
import { addDays, type Day } from '../period/calendar.ts';
import { leastSquares } from './least-squares.ts';
import type { DailyDemand } from './shown-effect.ts';

const DAYS_LOOKED_AT = 56;
const LEAST_DAYS = 14;
/** Growth that nobody saw fades by this from day to day, as a damped trend does. */
const DAMPING = 0.98;
/** What was refused is never taken for more than half as much again. */
const MOST_OF_SEEN = 1.5;

export interface UncensoredDemand {
  readonly days: DailyDemand;
  /** Days that were full, or on which requests were refused. */
  readonly censored: readonly Day[];
}

/**
 * On a full day demand was at least what was seen: it is taken as what the eight weeks before lead
 * to (a line and the days of the week), where that is more. Full days that were raised count for the
 * next, so growth goes on through a long shortage, ever less.
 */
export function uncensored(days: DailyDemand, isFull: (day: Day, seen: number) => boolean) {
  const values: (number | null)[] = [...days.values];
  const censored: Day[] = [];
  let damping = 1;
  for (const [index, seen] of days.values.entries()) {
    const day = addDays(days.start, index);
    if (seen === null || !isFull(day, seen)) {
      if (seen !== null) damping = 1;
      continue;
    }
    censored.push(day);
    damping *= DAMPING;
    const expected = expectedAt(values, index, damping);
    if (expected !== null) {
      values[index] = Math.min(MOST_OF_SEEN * seen, Math.max(seen, expected));
    }
  }
  return { days: { ...days, values }, censored } satisfies UncensoredDemand;
}

/** Null where too few days before are known. */
function expectedAt(
  values: readonly (number | null)[],
  index: number,
  damping: number,
): number | null {
  const rows: number[][] = [];
  const targets: number[] = [];
  for (let before = Math.max(0, index - DAYS_LOOKED_AT); before < index; before += 1) {
    const value = values[before] ?? null;
    if (value === null) continue;
    rows.push(regressors(before - index));
    targets.push(value);
  }
  if (rows.length < LEAST_DAYS) return null;
  const scale = Math.max(...targets.map(Math.abs), 1e-9);
  const fitted = leastSquares(
    rows,
    targets.map((value) => value / scale),
  );
  const [level, slope] = [at(fitted, 0), at(fitted, 1)];
  // The line ends at the day before; from there growth is damped.
  return scale * (level - slope * (1 - damping) * (1 / DAYS_LOOKED_AT));
}

/** Relative to the day asked for, whose weekday is the one without a column of its own. */
function regressors(offset: number): number[] {
  const weekday = ((offset % 7) + 7) % 7;
  const week = Array.from({ length: 6 }, (_, day) => (day + 1 === weekday ? 1 : 0));
  return [1, offset / DAYS_LOOKED_AT, ...week];
}
