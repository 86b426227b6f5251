import { calibratedForecast } from './calibrated-forecast.ts';
import type { ErrorModel } from './calibration.ts';
import type { Forecast } from './forecaster.ts';
import { fillGaps } from './gaps.ts';
import { at } from './numbers.ts';
import { normalQuantile } from './random.ts';
import { primarySeasonSteps, type Series, startOfStep } from './series.ts';

/**
 * The last value (or the last season, when two were seen) for a history too short to rehearse on.
 * Its width comes from the differences seen, as those of a random walk, widened for their small
 * number; and, since a few equal values prove little, from the level over the number of values.
 */
export function shortHistoryForecast(
  history: Series,
  horizonSteps: number,
  /** The demand that the series' 0 stands for, in its unit. */
  level: number,
): { readonly name: string; readonly forecast: Forecast } {
  const primary = primarySeasonSteps(history.step);
  const season = history.values.length >= 2 * primary ? primary : 1;
  const values = fillGaps(history.values, season);
  const last = values.length - season;
  const mean = new Float64Array(horizonSteps).map((_, step) => at(values, last + (step % season)));
  const count = history.values.length;
  const seen = differenceDeviation(values, season) * (1 + 4 / count);
  const doubt = Math.abs(level + at(values, count - 1)) / count ** 2;
  return {
    name: season === 1 ? 'naive' : `seasonal_naive_${season}`,
    forecast: calibratedForecast({
      origin: startOfStep(history, count - 1),
      step: history.step,
      mean,
      errors: randomWalk(Math.hypot(seen, doubt), season),
    }),
  };
}

function differenceDeviation(values: Float64Array, season: number): number {
  let sum = 0;
  for (let index = season; index < values.length; index += 1) {
    sum += (at(values, index) - at(values, index - season)) ** 2;
  }
  return Math.sqrt(sum / (values.length - season));
}

function randomWalk(deviation: number, season: number): ErrorModel {
  return {
    shared: 0.5,
    carried: () => 0.9,
    scale: (step) => deviation * Math.sqrt(Math.floor(step / season) + 1),
    shape: normalQuantile,
  };
}
