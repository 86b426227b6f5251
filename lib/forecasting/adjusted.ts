import type { Forecast, Forecaster } from './forecaster.ts';
import { fillGaps } from './gaps.ts';
import type { Decomposition } from './mstl.ts';
import { at } from './numbers.ts';
import type { Series } from './series.ts';

/** Takes the seasons out of a history. */
export type Decompose = (history: Series) => Decomposition & { readonly history: Series };

/**
 * A decomposition that models share: the histories of one backtest round are the same object, and
 * each is decomposed once. Gaps are interpolated along the shape of `seasonSteps`.
 */
export function sharedDecomposition(
  seasonSteps: number,
  decompose: (values: Float64Array) => Decomposition,
): Decompose {
  const known = new WeakMap<Series, ReturnType<Decompose>>();
  return (history) => {
    const before = known.get(history);
    if (before) return before;
    const parts = decompose(fillGaps(history.values, seasonSteps));
    const made = { ...parts, history: { ...history, values: Array.from(parts.adjusted) } };
    known.set(history, made);
    return made;
  };
}

/**
 * Forecasts what is left when the seasons are taken out, and puts the seasons back. The seasons
 * are taken as known: their uncertainty is left to the calibration of intervals.
 */
export function seasonallyAdjusted(input: {
  readonly name: string;
  readonly observationsNeeded: number;
  readonly decompose: Decompose;
  readonly inner: Forecaster;
}): Forecaster {
  const { name, observationsNeeded, decompose, inner } = input;
  return {
    name,
    fit(history) {
      if (history.values.length < observationsNeeded) {
        return { ok: false, reason: 'too_short', observationsNeeded };
      }
      const parts = decompose(history);
      const result = inner.fit(parts.history);
      if (!result.ok) return result;
      const forecast = (horizonSteps: number) =>
        shifted(result.model.forecast(horizonSteps), parts.seasonalAhead(horizonSteps));
      return { ok: true, model: { forecast } };
    },
  };
}

/** The same forecast, moved by a known amount at each step. */
function shifted(forecast: Forecast, shift: Float64Array): Forecast {
  const move = (values: Float64Array) => values.map((value, step) => value + at(shift, step));
  return {
    ...forecast,
    mean: move(forecast.mean),
    quantile: (probability) => move(forecast.quantile(probability)),
    paths: (count, random) => forecast.paths(count, random).map(move),
  };
}
