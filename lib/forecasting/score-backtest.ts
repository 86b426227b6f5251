import { coverage, seasonalScale } from './accuracy.ts';
import type { BacktestRound } from './backtest.ts';
import { calibrate } from './calibration.ts';
import { memberErrors } from './combination.ts';
import type { Choice } from './selection.ts';
import { primarySeasonSteps, type Series } from './series.ts';

export interface ModelError {
  /** Mean absolute error, in the series' unit. */
  readonly mae: number;
  /** Null when the history repeats itself exactly, or is shorter than a season. */
  readonly mase: number | null;
}

/** The record of the model that was chosen, with the seasonal naive's beside it. */
export interface BacktestScore extends ModelError {
  readonly origins: number;
  /** Steps that each origin was scored on. */
  readonly horizonSteps: number;
  /** Share of actuals inside the 95 % interval that the other origins' errors set; null for one origin. */
  readonly coverage95: number | null;
  readonly seasonalNaive: ModelError | null;
}

/** The seasonal naive is the roster's first member. */
export function scoreBacktest(input: {
  readonly series: Series;
  readonly rounds: readonly BacktestRound[];
  readonly choice: Choice;
  /** As calibration takes it. */
  readonly strideShare: number;
  /** How much wider than usual bands are at each place of the series. */
  readonly widthAt: (index: number) => number;
  /** The series' values times this are in the unit of the answer. */
  readonly unitSize: number;
}): BacktestScore {
  const { series, rounds, choice, unitSize } = input;
  const season = primarySeasonSteps(series.step);
  const scale = seasonalScale(series.values, series.values.length > season ? season : 1);
  const inUnits = (error: number): ModelError => ({
    mae: error * unitSize,
    mase: scale === null ? null : error / scale,
  });
  const naive = memberErrors(rounds, 1)[0] ?? null;
  return {
    ...inUnits(choice.error),
    origins: rounds.length,
    horizonSteps: Math.max(...rounds.map((round) => round.actual.length)),
    coverage95: heldCoverage(input),
    seasonalNaive: naive === null ? null : inUnits(naive),
  };
}

/** Each round is judged by intervals from the errors of the others. */
function heldCoverage(input: {
  readonly rounds: readonly BacktestRound[];
  readonly choice: Choice;
  readonly strideShare: number;
  readonly widthAt: (index: number) => number;
}): number | null {
  const { rounds, choice, strideShare, widthAt } = input;
  const shares = rounds.flatMap((round, index) => {
    const others = choice.errors.filter((_, other) => other !== index);
    const forecast = choice.forecasts[index];
    if (!forecast || !others.some((path) => path.some((error) => error !== null))) return [];
    const errors = calibrate({ paths: others, spread: forecast.spread, strideShare });
    const bound = (probability: number) =>
      forecast.mean.map((value, step) => {
        const scale = errors.scale(step) * widthAt(round.origin + 1 + step);
        return value + scale * errors.shape(probability);
      });
    return coverage(round.actual, bound(0.025), bound(0.975)) ?? [];
  });
  if (shares.length === 0) return null;
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
