import type { Forecaster } from './forecaster.ts';
import { fillGaps } from './gaps.ts';
import { solvePositiveDefinite } from './linear-equations.ts';
import { linearForecast } from './linear-forecast.ts';
import { at, meanOf } from './numbers.ts';

/** Observations beyond the longest lag that set each coefficient, at least. */
const OBSERVATIONS_PER_LAG = 4;
/** Share of the mean variance added to each: lags that say the same share the effect. */
const RIDGE = 1e-3;
/** Forecasts stay within the range seen, widened by this many times itself at either end. */
const BEYOND_RANGE = 1;

export interface LagRegression {
  readonly intercept: number;
  /** Effect of the value each lag ago, around the mean; in order of the lags. */
  readonly coefficients: Float64Array;
  readonly mean: number;
  /** Standard deviation of one-step errors. */
  readonly deviation: number;
}

/**
 * Regression of each value on the values a few steps ago and around one season ago, for every
 * season: what a seasonal autoregressive model (Box and Jenkins, 1970) multiplies out to, with the
 * coefficients free. Several seasons cost no more than one, and none must be taken out first.
 */
export function seasonalAutoregression(seasons: readonly number[]): Forecaster {
  const lags = lagsOf(seasons);
  const longest = Math.max(...lags);
  const observationsNeeded = longest + OBSERVATIONS_PER_LAG * lags.length;
  return {
    name: 'seasonal_ar',
    fit(history) {
      if (history.values.length < observationsNeeded) {
        return { ok: false, reason: 'too_short', observationsNeeded };
      }
      const values = fillGaps(history.values, seasons[0] ?? 1);
      const fitted = fitLagRegression(values, lags);
      const forecast = (horizonSteps: number) =>
        linearForecast({
          history,
          mean: continued(values, lags, fitted, horizonSteps),
          deviation: fitted.deviation,
          weights: impulse(lags, fitted.coefficients, horizonSteps),
        });
      return { ok: true, model: { forecast } };
    },
  };
}

/** The last three steps, and the three around the last turn of each season. */
function lagsOf(seasons: readonly number[]): number[] {
  const turns = seasons.flatMap((season) => [season - 1, season, season + 1]);
  return [...new Set([1, 2, 3, ...turns])].sort((a, b) => a - b);
}

/** Ridge regression by the normal equations; needs more values than the longest lag. */
export function fitLagRegression(values: Float64Array, lags: readonly number[]): LagRegression {
  const mean = meanOf(values);
  const { products, targets, squares, count } = normalEquations(values, lags, mean);
  const size = targets.length;
  let variances = 0;
  for (let index = 1; index < size; index += 1) variances += at(products, index * (size + 1));
  const ridge = (RIDGE * variances) / lags.length;
  for (let index = 1; index < size; index += 1) {
    products[index * (size + 1)] = at(products, index * (size + 1)) + ridge;
  }
  const solved = solvePositiveDefinite(products, targets);
  const explained = solved.reduce((sum, value, index) => sum + value * at(targets, index), 0);
  return {
    intercept: at(solved, 0),
    coefficients: solved.subarray(1),
    mean,
    deviation: Math.sqrt(Math.max(0, squares - explained) / Math.max(1, count - size)),
  };
}

/** Sums of products of 1 and the lagged values (rows, lower half), and with what they explain. */
function normalEquations(values: Float64Array, lags: readonly number[], mean: number) {
  const longest = Math.max(...lags);
  const size = lags.length + 1;
  const products = new Float64Array(size * size);
  const targets = new Float64Array(size);
  const row = new Float64Array(size).fill(1);
  let squares = 0;
  for (let index = longest; index < values.length; index += 1) {
    for (let lag = 1; lag < size; lag += 1) {
      row[lag] = at(values, index - at(lags, lag - 1)) - mean;
    }
    const target = at(values, index) - mean;
    squares += target * target;
    for (let one = 0; one < size; one += 1) {
      const value = at(row, one);
      targets[one] = at(targets, one) + value * target;
      for (let other = 0; other <= one; other += 1) {
        const place = one * size + other;
        products[place] = at(products, place) + value * at(row, other);
      }
    }
  }
  return { products, targets, squares, count: values.length - longest };
}

function continued(
  values: Float64Array,
  lags: readonly number[],
  { intercept, coefficients, mean }: LagRegression,
  horizonSteps: number,
): Float64Array {
  const longest = Math.max(...lags);
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const slack = BEYOND_RANGE * (high - low);
  const all = new Float64Array(longest + horizonSteps);
  all.set(values.subarray(values.length - longest));
  for (let step = longest; step < all.length; step += 1) {
    let value = mean + intercept;
    for (let lag = 0; lag < lags.length; lag += 1) {
      value += at(coefficients, lag) * (at(all, step - at(lags, lag)) - mean);
    }
    all[step] = Math.min(high + slack, Math.max(low - slack, value));
  }
  return all.subarray(longest);
}

/** What one innovation adds 0, 1, 2, ... steps later; never more than itself. */
function impulse(
  lags: readonly number[],
  coefficients: Float64Array,
  horizonSteps: number,
): Float64Array {
  const weights = new Float64Array(horizonSteps);
  weights[0] = 1;
  for (let step = 1; step < horizonSteps; step += 1) {
    let sum = 0;
    for (let lag = 0; lag < lags.length; lag += 1) {
      const back = step - at(lags, lag);
      if (back >= 0) sum += at(coefficients, lag) * at(weights, back);
    }
    weights[step] = Math.min(1, Math.max(-1, sum));
  }
  return weights;
}
