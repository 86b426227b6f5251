import type { Forecaster } from './forecaster.ts';
import { integrated } from './integrated.ts';
import { nelderMead } from './nelder-mead.ts';
import { at, meanOf } from './numbers.ts';

/** Larger orders say next to nothing on what is left without a season, and cost a search each. */
const MAX_ORDER = 2;
const SEARCH = { step: 0.4, tolerance: 1e-6 };
/** Evaluations of the search for each coefficient. */
const EVALUATIONS = 60;

/** z(t) = sum of ar[i] z(t - 1 - i) + e(t) + sum of ma[i] e(t - 1 - i), where z = value - mean. */
export interface Arma {
  readonly ar: Float64Array;
  readonly ma: Float64Array;
  readonly mean: number;
  /** One-step errors e, as long as the values; 0 before the first that the lags allow. */
  readonly errors: Float64Array;
  /** Standard deviation of one of them. */
  readonly deviation: number;
}

/**
 * ARIMA of orders up to two on the values, or on their first differences where their level wanders:
 * moving-average terms forget noise at once, for which an autoregression takes many lags. The orders
 * of the least AICc. Takes no season.
 */
export const arima: Forecaster = integrated({
  name: 'arima',
  observationsNeeded: 12,
  fit(values, isLevel) {
    const fitted = fitArma(values, isLevel ? meanOf(values) : 0);
    return {
      deviation: fitted.deviation,
      continued: (steps) => continued(values, fitted, steps),
      impulse: (steps) => impulse(fitted, steps),
    };
  },
});

/** The orders of the least AICc, each by conditional sum of squares. */
export function fitArma(values: Float64Array, mean: number): Arma {
  const centered = values.map((value) => value - mean);
  let best: { readonly model: Arma; readonly score: number } | null = null;
  for (let p = 0; p <= MAX_ORDER; p += 1) {
    for (let q = 0; q <= MAX_ORDER; q += 1) {
      const model = fitOrder(centered, { p, q, mean });
      const score = informationCriterion(model, p + q + 1);
      if (best === null || score < best.score) best = { model, score };
    }
  }
  return best?.model ?? fitOrder(centered, { p: 0, q: 0, mean });
}

/** AICc (Hurvich and Tsai, 1989) of normal errors. */
function informationCriterion({ errors, deviation }: Arma, parameters: number): number {
  const count = errors.length;
  const correction = count / Math.max(1, count - parameters - 1);
  return 2 * count * Math.log(deviation + 1e-150) + 2 * parameters * correction;
}

function fitOrder(
  centered: Float64Array,
  { p, q, mean }: { readonly p: number; readonly q: number; readonly mean: number },
): Arma {
  const modelAt = (point: Float64Array) => {
    const ar = fromPartial(point.subarray(0, p));
    const ma = fromPartial(point.subarray(p)).map((coefficient) => -coefficient);
    return { ar, ma, errors: oneStepErrors(centered, ar, ma) };
  };
  const start = new Array<number>(p + q).fill(0.1);
  const evaluations = EVALUATIONS * (p + q);
  const point =
    start.length === 0
      ? new Float64Array(0)
      : nelderMead((one) => sumOfSquares(modelAt(one).errors), start, { ...SEARCH, evaluations })
          .point;
  const model = modelAt(point);
  const deviation = Math.sqrt(sumOfSquares(model.errors) / Math.max(1, centered.length - p));
  return { ...model, mean, deviation };
}

/**
 * Coefficients whose partial autocorrelations are the hyperbolic tangents of the numbers given
 * (Durbin, Levinson): any numbers give a stationary, or invertible, model.
 */
function fromPartial(numbers: Float64Array): Float64Array {
  const result = new Float64Array(numbers.length);
  for (let order = 0; order < numbers.length; order += 1) {
    const partial = Math.tanh(at(numbers, order));
    const before = result.slice(0, order);
    for (let lag = 0; lag < order; lag += 1) {
      result[lag] = at(before, lag) - partial * at(before, order - 1 - lag);
    }
    result[order] = partial;
  }
  return result;
}

function oneStepErrors(centered: Float64Array, ar: Float64Array, ma: Float64Array): Float64Array {
  const errors = new Float64Array(centered.length);
  for (let index = ar.length; index < centered.length; index += 1) {
    let error = at(centered, index);
    for (let lag = 1; lag <= ar.length; lag += 1) {
      error -= at(ar, lag - 1) * at(centered, index - lag);
    }
    for (let lag = 1; lag <= Math.min(ma.length, index); lag += 1) {
      error -= at(ma, lag - 1) * at(errors, index - lag);
    }
    errors[index] = error;
  }
  return errors;
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

function continued(
  values: Float64Array,
  { ar, ma, mean, errors }: Arma,
  horizonSteps: number,
): Float64Array {
  const count = values.length;
  const all = new Float64Array(count + horizonSteps);
  all.set(values.map((value) => value - mean));
  for (let index = count; index < all.length; index += 1) {
    let sum = 0;
    for (let lag = 1; lag <= ar.length; lag += 1) sum += at(ar, lag - 1) * at(all, index - lag);
    for (let lag = index - count + 1; lag <= ma.length; lag += 1) {
      sum += at(ma, lag - 1) * at(errors, index - lag);
    }
    all[index] = sum;
  }
  return all.subarray(count).map((value) => value + mean);
}

/** What one error adds 0, 1, 2, ... steps later. */
function impulse({ ar, ma }: Arma, horizonSteps: number): Float64Array {
  const weights = new Float64Array(horizonSteps);
  weights[0] = 1;
  for (let step = 1; step < horizonSteps; step += 1) {
    let sum = step <= ma.length ? at(ma, step - 1) : 0;
    for (let lag = 1; lag <= Math.min(step, ar.length); lag += 1) {
      sum += at(ar, lag - 1) * at(weights, step - lag);
    }
    weights[step] = sum;
  }
  return weights;
}
