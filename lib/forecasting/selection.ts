import type { BacktestRound } from './backtest.ts';
import type { ErrorPath } from './calibration.ts';
import { combine, type MemberForecast, memberErrors, weightsByError } from './combination.ts';
import type { Forecaster } from './forecaster.ts';
import { at } from './numbers.ts';

/** Members that weigh less are left out of the final fit: they move the median by next to nothing. */
const LEAST_WEIGHT = 0.02;
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
 * The models weighted by what they erred in the backtest. In each round the combination is weighted
 * by the other rounds, so its error is as honest as that of one model. The best single model is
 * never taken instead: the best of a dozen is often lucky.
 */
export function choose(
  forecasters: readonly Forecaster[],
  rounds: readonly BacktestRound[],
): Choice {
  const errorsOver = (scored: readonly BacktestRound[]) => memberErrors(scored, forecasters.length);
  const forecasts = rounds.map((round) => {
    const errors = errorsOver(rounds.filter((other) => other !== round));
    const able = errors.map((error, index) => (round.forecasts[index] ? error : null));
    return combine(round.forecasts, weightsByError(competing(forecasters, able)));
  });
  const weights = weightsByError(competing(forecasters, errorsOver(rounds)));
  const members = forecasters.flatMap((forecaster, index) => {
    const weight = at(weights, index);
    return weight >= LEAST_WEIGHT ? [{ forecaster, weight }] : [];
  });
  return { name: nameOf(members), members, ...scored(rounds, forecasts) };
}

/** The errors without the benchmarks', unless nothing else could be fitted. */
function competing(
  forecasters: readonly Forecaster[],
  errors: readonly (number | null)[],
): (number | null)[] {
  const known = errors.map((error, index) => (forecasters[index]?.isBenchmark ? null : error));
  return known.some((error) => error !== null) ? known : [...errors];
}

function nameOf(members: Choice['members']): string {
  return (members.length === 1 && members[0]?.forecaster.name) || 'combination';
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
