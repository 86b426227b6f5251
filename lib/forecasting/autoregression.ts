import type { Forecaster } from './forecaster.ts';
import { integrated } from './integrated.ts';
import { at, meanOf } from './numbers.ts';

const MAX_ORDER = 30;

export interface Autoregression {
  /** Effect of the values 1, 2, ... steps ago, on what is left after differencing and centering. */
  readonly coefficients: Float64Array;
  readonly mean: number;
  /** Standard deviation of one innovation. */
  readonly deviation: number;
}

/**
 * Autoregression on the values, or on their first differences where their level wanders, with the
 * order of the least AICc. Takes no season.
 */
export const autoregression: Forecaster = integrated({
  name: 'ar',
  observationsNeeded: 8,
  fit(values, isLevel) {
    const fitted = fitAutoregression(values, isLevel);
    return {
      deviation: fitted.deviation,
      continued: (steps) => continueAutoregression(values, fitted, steps),
      impulse: (steps) => impulse(fitted.coefficients, steps),
    };
  },
});

/** Coefficients by Burg's method, which keeps the model stationary; the order by AICc. */
export function fitAutoregression(values: Float64Array, centered: boolean): Autoregression {
  const count = values.length;
  const mean = centered ? meanOf(values) : 0;
  const forward = values.map((value) => value - mean);
  const backward = forward.slice();
  let variance = meanOf(forward.map((value) => value * value));
  let coefficients = new Float64Array(0);
  const score = (order: number) =>
    count * Math.log(variance + 1e-300) +
    (2 * (order + 1) * count) / Math.max(1, count - order - 2);
  let best = { score: score(0), coefficients, variance };
  const limit = Math.min(MAX_ORDER, Math.floor(count / 4));
  let reflection = nextReflection(forward, backward, { order: 0, reflection: 0 });
  for (let order = 1; order <= limit && variance > 0; order += 1) {
    coefficients = levinson(coefficients, reflection);
    variance *= 1 - reflection * reflection;
    if (score(order) < best.score) best = { score: score(order), coefficients, variance };
    reflection = nextReflection(forward, backward, { order, reflection });
  }
  return { coefficients: best.coefficients, mean, deviation: Math.sqrt(best.variance) };
}

/**
 * Takes an order into the errors of prediction forward and backward, and measures in the same pass
 * how they go together: the reflection coefficient of the next order.
 */
function nextReflection(
  forward: Float64Array,
  backward: Float64Array,
  { order, reflection }: { readonly order: number; readonly reflection: number },
): number {
  let [product, power] = [0, 0];
  let later = 0;
  for (let index = forward.length - 1; index >= order; index -= 1) {
    const f = at(forward, index);
    const b = order > 0 ? at(backward, index - 1) : at(backward, index);
    const ahead = f - reflection * b;
    const behind = b - reflection * f;
    forward[index] = ahead;
    backward[index] = behind;
    if (index < forward.length - 1) {
      product += later * behind;
      power += later * later + behind * behind;
    }
    later = ahead;
  }
  return power > 0 ? (2 * product) / power : 0;
}

function levinson(coefficients: Float64Array, reflection: number): Float64Array<ArrayBuffer> {
  const order = coefficients.length;
  const next = new Float64Array(order + 1);
  for (let lag = 0; lag < order; lag += 1) {
    next[lag] = at(coefficients, lag) - reflection * at(coefficients, order - 1 - lag);
  }
  next[order] = reflection;
  return next;
}

function continueAutoregression(
  values: Float64Array,
  { coefficients, mean }: Autoregression,
  horizonSteps: number,
): Float64Array {
  const order = coefficients.length;
  const all = new Float64Array(order + horizonSteps);
  for (let lag = 0; lag < order; lag += 1) {
    all[lag] = at(values, values.length - order + lag) - mean;
  }
  for (let step = order; step < all.length; step += 1) {
    let sum = 0;
    for (let lag = 1; lag <= order; lag += 1)
      sum += at(coefficients, lag - 1) * at(all, step - lag);
    all[step] = sum;
  }
  return all.subarray(order).map((value) => value + mean);
}

/** What one innovation adds 0, 1, 2, ... steps later. */
function impulse(coefficients: Float64Array, horizonSteps: number): Float64Array {
  const weights = new Float64Array(horizonSteps);
  weights[0] = 1;
  for (let step = 1; step < horizonSteps; step += 1) {
    let sum = 0;
    for (let lag = 1; lag <= Math.min(step, coefficients.length); lag += 1) {
      sum += at(coefficients, lag - 1) * at(weights, step - lag);
    }
    weights[step] = sum;
  }
  return weights;
}
