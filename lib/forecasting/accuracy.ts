import { assert } from '../assert.ts';
import { at } from './numbers.ts';

/** Actual values of the steps forecast; null was never observed and is not scored. */
export type Actual = readonly (number | null)[];

/** Mean absolute error over the steps observed; null when none was. */
export function meanAbsoluteError(actual: Actual, forecast: Float64Array): number | null {
  let [sum, count] = [0, 0];
  for (const [step, value] of actual.entries()) {
    if (value === null) continue;
    sum += Math.abs(value - at(forecast, step));
    count += 1;
  }
  return count > 0 ? sum / count : null;
}

/**
 * The scale of MASE (Hyndman and Koehler, 2006): the mean absolute difference of observations one
 * season apart. `null` when the history has no such pair or repeats itself exactly.
 */
export function seasonalScale(
  history: readonly (number | null)[],
  seasonSteps: number,
): number | null {
  assert(seasonSteps > 0, 'a season must be a positive number of steps');
  let [sum, count] = [0, 0];
  for (let index = seasonSteps; index < history.length; index += 1) {
    const [value, earlier] = [history[index] ?? null, history[index - seasonSteps] ?? null];
    if (value === null || earlier === null) continue;
    sum += Math.abs(value - earlier);
    count += 1;
  }
  return sum > 0 ? sum / count : null;
}

/** Share of the observed steps inside [low, high]; null when none was observed. */
export function coverage(actual: Actual, low: Float64Array, high: Float64Array): number | null {
  let [inside, count] = [0, 0];
  for (const [step, value] of actual.entries()) {
    if (value === null) continue;
    if (value >= at(low, step) && value <= at(high, step)) inside += 1;
    count += 1;
  }
  return count > 0 ? inside / count : null;
}

/** Pinball loss of a quantile forecast at one value: what makes the true quantile the best answer. */
export function pinball(actual: number, quantile: number, probability: number): number {
  return actual >= quantile
    ? probability * (actual - quantile)
    : (1 - probability) * (quantile - actual);
}
