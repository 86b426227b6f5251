import { assert } from '../assert.ts';
import type { Forecaster } from './forecaster.ts';
import { fillGaps } from './gaps.ts';
import { linearForecast } from './linear-forecast.ts';
import { at } from './numbers.ts';

/**
 * Repeats the last season; with a season of one step, the last value. The benchmark that every
 * other model must beat: its MASE is near 1.
 */
export function seasonalNaive(seasonSteps: number): Forecaster {
  assert(
    Number.isInteger(seasonSteps) && seasonSteps > 0,
    'a season must be a positive whole number of steps',
  );
  return {
    name: seasonSteps === 1 ? 'naive' : `seasonal_naive_${seasonSteps}`,
    fit(history) {
      if (history.values.length < seasonSteps) {
        return { ok: false, reason: 'too_short', observationsNeeded: seasonSteps };
      }
      const values = fillGaps(history.values, seasonSteps);
      const last = values.length - seasonSteps;
      const forecast = (horizonSteps: number) => {
        const steps = new Float64Array(horizonSteps);
        return linearForecast({
          history,
          mean: steps.map((_, step) => at(values, last + (step % seasonSteps))),
          deviation: differenceDeviation(values, seasonSteps),
          weights: steps.map((_, step) => (step % seasonSteps === 0 ? 1 : 0)),
        });
      };
      return { ok: true, model: { forecast } };
    },
  };
}

/** Root mean square of the differences one season apart; 0 when the history is one season long. */
function differenceDeviation(values: Float64Array, seasonSteps: number): number {
  let sum = 0;
  for (let index = seasonSteps; index < values.length; index += 1) {
    sum += (at(values, index) - at(values, index - seasonSteps)) ** 2;
  }
  return Math.sqrt(sum / Math.max(1, values.length - seasonSteps));
}
