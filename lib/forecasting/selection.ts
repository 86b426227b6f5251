import type { BacktestRound } from './backtest.ts';
import type { ErrorPath } from './calibration.ts';
import { combine, type MemberForecast, memberErrors, weightsByError } from './combination.ts';
import type { Forecaster } from './forecaster.ts';
import { at } from './numbers.ts';

/** Members that weigh less are left out of the final fit: they move the median by next to nothing. */
const LEAST_WEIGHT = 0.02;
/** A single model is taken over the combination only when it errs this much less: luck is cheap. */
const SINGLE_ADVANTAGE = 0.9;

export interface Choice {
  readonly name: string;
  readonly members: readonly { readonly forecaster: Forecaster; readonly weight: number }[];
  /** Mean absolute error over the backtest, in the series' unit. */
  readonly error: number;
  /** Actual less forecast in each round. */
  readonly errors: readonly ErrorPath[];
  /** What was forecast in each round. */
  readonly forecasts: readonly MemberForecast[];
}

/**
 * The candidate with the least backtest error: each model, and their combination. In each round
 * the combination is weighted by the other rounds, so its error is as honest as that of one model.
 */
export function choose(
  forecasters: readonly Forecaster[],
  rounds: readonly BacktestRound[],
): Choice {
  const errors = memberErrors(rounds, forecasters.length);
  const combined = combination(forecasters, rounds, errors);
  const single = bestSingle(forecasters, rounds, errors);
  return single !== null && single.error < SINGLE_ADVANTAGE * combined.error ? single : combined;
}

function combination(
  forecasters: readonly Forecaster[],
  rounds: readonly BacktestRound[],
  errors: readonly (number | null)[],
): Choice {
  const forecasts = rounds.map((round) => {
    const others = memberErrors(
      rounds.filter((other) => other !== round),
      forecasters.length,
    );
    return combine(round.forecasts, weightsByError(others));
  });
  const weights = weightsByError(errors);
  const members = forecasters.flatMap((forecaster, index) => {
    const weight = at(weights, index);
    return weight >= LEAST_WEIGHT ? [{ forecaster, weight }] : [];
  });
  return { name: 'combination', members, ...scored(rounds, forecasts) };
}

function bestSingle(
  forecasters: readonly Forecaster[],
  rounds: readonly BacktestRound[],
  errors: readonly (number | null)[],
): Choice | null {
  const least = Math.min(...errors.filter((error) => error !== null));
  const index = errors.indexOf(least);
  const forecaster = forecasters[index];
  if (!forecaster) return null;
  const forecasts = rounds.flatMap((round) => round.forecasts[index] ?? []);
  if (forecasts.length < rounds.length) return null;
  return {
    name: forecaster.name,
    members: [{ forecaster, weight: 1 }],
    ...scored(rounds, forecasts),
  };
}

function scored(rounds: readonly BacktestRound[], forecasts: readonly MemberForecast[]) {
  const errors = rounds.map((round, index) => {
    const mean = forecasts[index]?.mean ?? new Float64Array(0);
    return round.actual.map((actual, step) => (actual === null ? null : actual - at(mean, step)));
  });
  const known = errors.flat().filter((error) => error !== null);
  const error = known.reduce((sum, value) => sum + Math.abs(value), 0) / known.length;
  return { error, errors, forecasts };
}
