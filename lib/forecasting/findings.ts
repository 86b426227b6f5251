import { type FrozenRun, frozenRuns } from './frozen-runs.ts';
import { fillGaps } from './gaps.ts';
import { type LevelShift, levelShifts } from './level-shifts.ts';
import { at } from './numbers.ts';
import { fenced } from './outliers.ts';
import { observationsIn, primarySeasonSteps, type Series } from './series.ts';

/** What an operator may want to label or to mend. Numbers are places in the history, from 0. */
export interface Findings {
  /** Lone values far from what is usual there: drawn in for fitting. */
  readonly outliers: readonly number[];
  readonly shifts: readonly LevelShift[];
  readonly frozen: readonly FrozenRun[];
}

/** A value told for longer than a season, and this many steps at least, is a collector's. */
const FROZEN_STEPS = 12;

export function findingsIn(series: Series): Findings {
  if (observationsIn(series) === 0) return { outliers: [], shifts: [], frozen: [] };
  const season = primarySeasonSteps(series.step);
  const values = fillGaps(series.values, season);
  const drawnIn = fenced(values, season);
  return {
    outliers: [...values.keys()].filter((index) => at(values, index) !== at(drawnIn, index)),
    shifts: levelShifts(drawnIn, season),
    frozen: frozenRuns(series.values, Math.max(FROZEN_STEPS, season)),
  };
}
