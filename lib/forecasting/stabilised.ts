import type { Forecast, Forecaster } from './forecaster.ts';
import { fillGaps } from './gaps.ts';
import type { Series } from './series.ts';
import { swingOrigin } from './variance-scale.ts';

/** A history on the scale on which its swings are even. */
interface EvenHistory {
  readonly history: Series;
  /** Null where the scale is the history's own. */
  readonly origin: number | null;
}

/**
 * The same models, fitted to the logarithm of the distance from `swingOrigin` where swings grow
 * with the level, and to the values themselves elsewhere. The models share one transform (and with
 * it one decomposition) per history.
 */
export function stabilised(models: readonly Forecaster[], seasonSteps: number): Forecaster[] {
  const known = new WeakMap<Series, EvenHistory>();
  const even = (history: Series): EvenHistory => {
    const before = known.get(history);
    if (before) return before;
    const made = evened(history, seasonSteps);
    known.set(history, made);
    return made;
  };
  return models.map((model) => ({
    name: model.name,
    fit(history) {
      const { history: scaled, origin } = even(history);
      const result = model.fit(scaled);
      if (!result.ok || origin === null) return result;
      const forecast = (horizonSteps: number) =>
        restored(result.model.forecast(horizonSteps), origin);
      return { ok: true, model: { forecast } };
    },
  }));
}

function evened(history: Series, seasonSteps: number): EvenHistory {
  const values = fillGaps(history.values, seasonSteps);
  const origin = values.length > 0 ? swingOrigin(values, seasonSteps) : null;
  if (origin === null) return { history, origin };
  const logs = Array.from(values, (value) => Math.log(value - origin));
  return { history: { ...history, values: logs }, origin };
}

function restored(forecast: Forecast, origin: number): Forecast {
  const restore = (values: Float64Array) => values.map((value) => origin + Math.exp(value));
  return {
    ...forecast,
    mean: restore(forecast.mean),
    quantile: (probability) => restore(forecast.quantile(probability)),
    paths: (count, random) => forecast.paths(count, random).map(restore),
  };
}
