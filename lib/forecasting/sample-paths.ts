import type { Forecast } from './forecaster.ts';
import { seededRandom } from './random.ts';

/**
 * `count` equally likely futures of a forecast, each as long as its mean and in its unit, the same
 * for the same seed. Steps of one path go together as errors of the backtest did, so a maximum over
 * a window, or a date, is read from paths and never from bands joined step by step.
 */
export function samplePaths(
  forecast: Forecast,
  options: { readonly count: number; readonly seed: number },
): Float64Array[] {
  return forecast.paths(options.count, seededRandom(options.seed));
}
