import type { Forecast, Forecaster } from './forecaster.ts';
import { fillGaps } from './gaps.ts';
import type { Decomposition } from './mstl.ts';
import { at } from './numbers.ts';
import type { Series } from './series.ts';

export type Decompose = (values: Float64Array) => Decomposition;

/**
 * Forecasts what is left when the seasons are taken out, and puts the seasons back. The seasons
 * are taken as known: their uncertainty is left to the calibration of intervals.
 */
export function seasonallyAdjusted(input: {
  readonly name: string;
  readonly observationsNeeded: number;
  /** Gaps are interpolated along the shape of this season. */
  readonly seasonSteps: number;
  readonly decompose: Decompose;
  readonly inner: Forecaster;
}): Forecaster {
  const { name, observationsNeeded, seasonSteps, decompose, inner } = input;
  return {
    name,
    fit(history) {
      if (history.values.length < observationsNeeded) {
        return { ok: false, reason: 'too_short', observationsNeeded };
      }
      const parts = decompose(fillGaps(history.values, seasonSteps));
      const adjusted: Series = { ...history, values: Array.from(parts.adjusted) };
      const result = inner.fit(adjusted);
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
