import { assert } from '../assert.ts';
import { at, quantileOfSorted } from './numbers.ts';
import { normalQuantile } from './random.ts';

/** Errors (actual less forecast) of one backtest round by step ahead; null was never observed. */
export type ErrorPath = readonly (number | null)[];

/** How far actuals fall from the forecast, learnt from a backtest. */
export interface ErrorModel {
  /** Error that stays below with this probability, `step` steps ahead (from 0). Not decreasing in it. */
  quantile(probability: number, step: number): number;
  /** Size of errors `step` steps ahead (from 0) beside those of the first step. */
  scale(step: number): number;
  /** Correlation of standardised errors that all steps of a future share. */
  readonly shared: number;
  /** Correlation of what is not shared, from one step to the next. */
  readonly carried: number;
}

/** Beyond these the sample is too thin: the normal tail goes on from here. */
const TAIL = 0.025;
const MIRRORED = 0.5;

/**
 * Split-conformal error quantiles (Vovk et al.; per horizon): errors of all rounds are brought to
 * one scale by the growth of error with the horizon, pooled, and scaled back. The fewer of them
 * are independent, the wider.
 *
 * @param strideShare steps from one round's origin to the next, as a share of the steps scored
 */
export function calibrate(paths: readonly ErrorPath[], strideShare: number): ErrorModel {
  const growth = errorGrowth(paths);
  const scale = (step: number) => (step + 1) ** growth;
  const scaled = paths.map((path) =>
    path.map((error, step) => (error === null ? null : error / scale(step))),
  );
  const pool = scaled.flat().filter((error) => error !== null);
  assert(pool.length > 0, 'calibration needs at least one error');
  const sorted = Float64Array.from(pool).sort();
  const mirrored = sorted.map(Math.abs).sort();
  const dependent = dependence(scaled);
  const widening = studentFactor(effectiveCount(scaled, strideShare));
  const central = (probability: number) => {
    const own = quantileOfSorted(sorted, probability);
    const side = Math.sign(probability - 0.5);
    const even = side * quantileOfSorted(mirrored, Math.abs(2 * probability - 1));
    const value = widening * (MIRRORED * even + (1 - MIRRORED) * own);
    return side * Math.max(0, side * value);
  };
  const edge = { low: central(TAIL), high: central(1 - TAIL), z: normalQuantile(1 - TAIL) };
  return {
    ...dependent,
    scale,
    quantile(probability, step) {
      if (probability < TAIL) {
        return (scale(step) * edge.low * normalQuantile(probability)) / -edge.z;
      }
      if (probability > 1 - TAIL) {
        return (scale(step) * edge.high * normalQuantile(probability)) / edge.z;
      }
      return scale(step) * central(probability);
    },
  };
}

/** Exponent of the horizon in the mean absolute error, between 0 (none) and 1 (a drifting away). */
function errorGrowth(paths: readonly ErrorPath[]): number {
  const length = Math.max(...paths.map((path) => path.length));
  let [weight, sumX, sumY, sumXx, sumXy] = [0, 0, 0, 0, 0];
  for (let step = 0; step < length; step += 1) {
    const errors = paths.flatMap((path) => path[step] ?? []);
    const mean = errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length;
    if (!(mean > 0)) continue;
    const share = errors.length / (step + 1);
    const [x, y] = [Math.log(step + 1), Math.log(mean)];
    weight += share;
    sumX += share * x;
    sumY += share * y;
    sumXx += share * x * x;
    sumXy += share * x * y;
  }
  const variance = weight * sumXx - sumX * sumX;
  if (!(variance > 1e-9)) return 0.5;
  return Math.min(1, Math.max(0, (weight * sumXy - sumX * sumY) / variance));
}

/**
 * How many independent errors the rounds are worth: errors of one round go together, and rounds
 * overlap.
 */
function effectiveCount(paths: readonly ErrorPath[], strideShare: number): number {
  const length = Math.max(...paths.map((path) => path.length));
  const together = length > 1 ? Math.max(0, correlation(paths, 1, length - 1)) : 0;
  const perRound = length / (1 + (length - 1) * Math.min(1, together));
  return perRound * (1 + (paths.length - 1) * Math.min(1, strideShare));
}

/** 97.5 % quantile of Student's t over that of the normal (Cornish and Fisher); freedom from 2 up. */
function studentFactor(freedom: number): number {
  const nu = Math.max(2, freedom);
  const z = normalQuantile(1 - TAIL);
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  return 1 + (first / nu + second / nu ** 2) / z;
}

function dependence(paths: readonly ErrorPath[]): { shared: number; carried: number } {
  const length = Math.max(...paths.map((path) => path.length));
  const near = correlation(paths, 1, 1);
  const far = correlation(paths, Math.max(2, length >> 1), length - 1);
  const shared = Math.min(0.95, Math.max(0, far));
  const carried = shared < 1 ? (near - shared) / (1 - shared) : 0;
  return { shared, carried: Math.min(0.99, Math.max(0, carried)) };
}

/** Correlation around zero of errors of one round that lie `from` to `to` steps apart. */
function correlation(paths: readonly ErrorPath[], from: number, to: number): number {
  const squares = productsApart(paths, 0);
  let total = { sum: 0, pairs: 0 };
  for (let lag = from; lag <= to; lag += 1) {
    const { sum, pairs } = productsApart(paths, lag);
    total = { sum: total.sum + sum, pairs: total.pairs + pairs };
  }
  if (total.pairs === 0 || squares.sum === 0) return 0;
  return total.sum / total.pairs / (squares.sum / squares.pairs);
}

function productsApart(paths: readonly ErrorPath[], lag: number): { sum: number; pairs: number } {
  let [sum, pairs] = [0, 0];
  for (const path of paths) {
    for (let step = lag; step < path.length; step += 1) {
      const [error, earlier] = [path[step] ?? null, path[step - lag] ?? null];
      if (error === null || earlier === null) continue;
      sum += error * earlier;
      pairs += 1;
    }
  }
  return { sum, pairs };
}

/** Reads a table of quantiles at (index + 0.5) / length. */
export function interpolated(table: Float64Array, probability: number): number {
  const position = Math.min(table.length - 1, Math.max(0, probability * table.length - 0.5));
  const below = Math.floor(position);
  const low = at(table, below);
  return low + (at(table, Math.min(table.length - 1, below + 1)) - low) * (position - below);
}
