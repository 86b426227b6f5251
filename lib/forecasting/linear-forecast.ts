import type { Forecast } from './forecaster.ts';
import { at } from './numbers.ts';
import { normalQuantile, normalSource } from './random.ts';
import { type Series, startOfStep } from './series.ts';

/**
 * The forecast of a model whose error h steps ahead is a sum of later innovations:
 * e(h) = sum over j < h of weights[j] * innovation(h - j), the innovations normal and independent.
 */
export function linearForecast(input: {
  readonly history: Series;
  readonly mean: Float64Array;
  /** Standard deviation of one innovation, in the series' unit. */
  readonly deviation: number;
  /** The effect of an innovation j steps later; the first is 1. As long as `mean`. */
  readonly weights: Float64Array;
}): Forecast {
  const { history, mean, deviation, weights } = input;
  const spread = new Float64Array(mean.length);
  let sum = 0;
  for (let step = 0; step < mean.length; step += 1) {
    sum += at(weights, step) ** 2;
    spread[step] = deviation * Math.sqrt(sum);
  }
  return {
    origin: startOfStep(history, history.values.length - 1),
    step: history.step,
    mean,
    quantile(probability) {
      const factor = normalQuantile(probability);
      return mean.map((value, step) => value + factor * at(spread, step));
    },
    paths(count, random) {
      const normal = normalSource(random);
      return Array.from({ length: count }, () => path(mean, weights, () => deviation * normal()));
    },
  };
}

function path(mean: Float64Array, weights: Float64Array, innovation: () => number): Float64Array {
  const innovations = mean.map(innovation);
  return mean.map((value, step) => {
    let error = 0;
    for (let lag = 0; lag <= step; lag += 1)
      error += at(weights, lag) * at(innovations, step - lag);
    return value + error;
  });
}
