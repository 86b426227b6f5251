import { fitAll, fittable } from './backtest.ts';
import { combine } from './combination.ts';
import type { Forecast } from './forecaster.ts';
import { at } from './numbers.ts';
import { roster } from './roster.ts';
import { newest, observationsIn, type Series } from './series.ts';
import { inUnit, unitOf } from './unit.ts';

/** As many as forecasts are fitted to. */
const WINDOW_STEPS = 1_500;

/** Models by their names in the roster, with their weights. */
export type Members = readonly { readonly name: string; readonly weight: number }[];

/**
 * The forecast as it would be had the models been `earlier` and not `present`: moved at each step by
 * how far the two lie apart when both are fitted to this history. Its width stays. Null where one of
 * them has no model any more that fits it.
 */
export function asByMembers(
  forecast: Forecast,
  history: Series,
  members: { readonly earlier: Members; readonly present: Members },
): Forecast | null {
  const horizonSteps = forecast.mean.length;
  const earlier = meanOfMembers(history, members.earlier, horizonSteps);
  const present = meanOfMembers(history, members.present, horizonSteps);
  if (earlier === null || present === null) return null;
  const moved = (values: Float64Array) =>
    values.map((value, step) => Math.max(0, value + (at(earlier, step) - at(present, step))));
  return {
    ...forecast,
    mean: moved(forecast.mean),
    quantile: (probability) => moved(forecast.quantile(probability)),
    paths: (count, random) => forecast.paths(count, random).map(moved),
  };
}

/** Null where the history is too short for a backtest, or knows none of the members. */
function meanOfMembers(
  history: Series,
  members: Members,
  horizonSteps: number,
): Float64Array | null {
  if (observationsIn(history) === 0) return null;
  const first = history.values.findIndex((value) => value !== null);
  const unit = unitOf(history);
  const known = newest(history, history.values.length - first);
  const series = fittable(inUnit(known, unit), WINDOW_STEPS);
  const weights = new Map(members.map(({ name, weight }) => [name, weight]));
  const chosen = roster(series.step, series.values.length).filter(({ name }) => weights.has(name));
  const fits = fitAll(chosen, series, horizonSteps);
  if (fits.every((fit) => fit === null)) return null;
  const { mean } = combine(
    fits,
    chosen.map(({ name }) => weights.get(name) ?? 0),
  );
  return mean.map((value) => unit.center + unit.size * value);
}
