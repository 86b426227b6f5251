import { assert } from '../assert.ts';
import { type MemberForecast, memberForecast } from './combination.ts';
import type { Forecaster } from './forecaster.ts';
import { fillGaps } from './gaps.ts';
import { fenced } from './outliers.ts';
import { newest, primarySeasonSteps, type Series, sliceThrough } from './series.ts';

export interface BacktestPlan {
  readonly horizonSteps: number;
  /** Index of the last observation that each round of fits is shown, oldest first. */
  readonly origins: readonly number[];
  /** At most this many observations before an origin are fitted. */
  readonly windowSteps: number;
}

/** What was forecast from one origin, and what came. */
export interface BacktestRound {
  readonly origin: number;
  /** As long as the horizon, or shorter where the history ends; null was never observed. */
  readonly actual: readonly (number | null)[];
  /** One per forecaster, in order; null where the history up to the origin was too short for it. */
  readonly forecasts: readonly (MemberForecast | null)[];
}

/**
 * Fits every forecaster again at every origin, on nothing but what lies before it. This function
 * owns the split: no forecaster ever holds the whole series.
 */
export function backtest(
  series: Series,
  forecasters: readonly Forecaster[],
  plan: BacktestPlan,
): BacktestRound[] {
  return plan.origins.map((origin) => {
    assert(origin < series.values.length - 1, 'something must lie after an origin');
    const history = fittable(sliceThrough(series, origin), plan.windowSteps);
    const actual = series.values.slice(origin + 1, origin + 1 + plan.horizonSteps);
    return { origin, actual, forecasts: fitAll(forecasters, history, plan.horizonSteps) };
  });
}

/** What models are fitted to: the newest observations, gaps filled and lone outliers fenced in. */
export function fittable(series: Series, windowSteps: number): Series {
  const shown = newest(series, windowSteps);
  const season = primarySeasonSteps(series.step);
  return { ...shown, values: Array.from(fenced(fillGaps(shown.values, season), season)) };
}

/** Null for a forecaster that the history is too short for. */
export function fitAll(
  forecasters: readonly Forecaster[],
  history: Series,
  horizonSteps: number,
): (MemberForecast | null)[] {
  return forecasters.map((forecaster) => {
    const fit = forecaster.fit(history);
    return fit.ok ? memberForecast(fit.model.forecast(horizonSteps)) : null;
  });
}

/**
 * Origins for a history: the newest leaves one horizon to score, the others lie `strideSteps`
 * apart before it, as long as `leastHistorySteps` remain to fit. Empty when none does.
 */
export function rollingOrigins(input: {
  readonly lengthSteps: number;
  readonly horizonSteps: number;
  readonly leastHistorySteps: number;
  readonly strideSteps: number;
  readonly count: number;
}): number[] {
  const newestOrigin = input.lengthSteps - 1 - input.horizonSteps;
  const origins: number[] = [];
  for (let turn = 0; turn < input.count; turn += 1) {
    const origin = newestOrigin - turn * input.strideSteps;
    if (origin + 1 < input.leastHistorySteps) break;
    origins.unshift(origin);
  }
  return origins;
}
