import type { Forecast } from './forecaster.ts';
import { medianOf } from './numbers.ts';
import type { Series } from './series.ts';

/** value = center + size * (value in the unit). */
export interface Unit {
  readonly center: number;
  readonly size: number;
}

/**
 * A series' own unit: its median and its mean distance from it. Models work in it, so that moving
 * or scaling a series moves or scales its forecast, and large numbers cost no precision.
 */
export function unitOf(series: Series): Unit {
  const observed = series.values.filter((value) => value !== null);
  const center = medianOf(observed);
  const size = observed.reduce((sum, value) => sum + Math.abs(value - center), 0) / observed.length;
  return { center, size: size > 0 ? size : 1 };
}

export function inUnit(series: Series, { center, size }: Unit): Series {
  return {
    ...series,
    values: series.values.map((value) => (value === null ? null : (value - center) / size)),
  };
}

export function fromUnit(forecast: Forecast, { center, size }: Unit): Forecast {
  const restore = (values: Float64Array) =>
    values.map((value) => Math.max(0, center + size * value));
  return {
    ...forecast,
    mean: restore(forecast.mean),
    quantile: (probability) => restore(forecast.quantile(probability)),
    paths: (count, random) => forecast.paths(count, random).map(restore),
  };
}
