import { assert } from '../assert.ts';
import { DAY_US, HOUR_US, type InstantUs } from '../period/instant.ts';

/** How far apart observations are. A month is a calendar month. */
export type Step = 'hour' | 'day' | 'week' | 'month';

/** Evenly spaced observations, oldest first. `null` is a gap: unknown, which is not zero. */
export interface Series {
  /** Start of the first step. */
  readonly start: InstantUs;
  readonly step: Step;
  readonly values: readonly (number | null)[];
}

/** Season lengths in steps that a step may carry, shortest first: day and week, week and year. */
const SEASONS: Readonly<Record<Step, readonly number[]>> = {
  hour: [24, 168],
  day: [7, 365],
  week: [52],
  month: [12],
};

/** The first season of a step: what "the seasonal naive" repeats. */
export function primarySeasonSteps(step: Step): number {
  return SEASONS[step][0] ?? 1;
}

/** Season lengths that a step may carry, in steps, shortest first. */
export function seasonsOf(step: Step): readonly number[] {
  return SEASONS[step];
}

/** Seasons that `observations` steps show at least twice, shortest first. */
export function visibleSeasons(step: Step, observations: number): number[] {
  return SEASONS[step].filter((season) => observations >= 2 * season);
}

/** The start of the step `index`, counted from the first observation; may lie after the series. */
export function startOfStep(series: Pick<Series, 'start' | 'step'>, index: number): InstantUs {
  switch (series.step) {
    case 'hour':
      return series.start + index * HOUR_US;
    case 'day':
      return series.start + index * DAY_US;
    case 'week':
      return series.start + index * 7 * DAY_US;
    case 'month': {
      const first = new Date(series.start / 1_000);
      return Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + index, 1) * 1_000;
    }
    default:
      return series.step satisfies never;
  }
}

/** The series up to and including the observation at `origin`: all that a backtest may show. */
export function sliceThrough(series: Series, origin: number): Series {
  assert(origin >= 0 && origin < series.values.length, 'the origin must be an observation');
  return { ...series, values: series.values.slice(0, origin + 1) };
}

/** The newest `count` observations. */
export function newest(series: Series, count: number): Series {
  const skipped = Math.max(0, series.values.length - count);
  if (skipped === 0) return series;
  return {
    start: startOfStep(series, skipped),
    step: series.step,
    values: series.values.slice(skipped),
  };
}

export function observationsIn(series: Series): number {
  let count = 0;
  for (const value of series.values) if (value !== null) count += 1;
  return count;
}
