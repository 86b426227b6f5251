import { assert } from '../assert.ts';
import { at, meanOf, quantileOfSorted } from './numbers.ts';
import { normalQuantile } from './random.ts';

/** Errors (actual less forecast) of one backtest round by step ahead; null was never observed. */
export type ErrorPath = readonly (number | null)[];

/** How far actuals fall from the forecast. */
export interface ErrorModel {
  /** Standard deviation of errors `step` steps ahead (from 0). */
  scale(step: number): number;
  /** Error over that deviation that stays below with this probability. Not decreasing in it. */
  shape(probability: number): number;
  /** Correlation of standardised errors that all steps of a future share. */
  readonly shared: number;
  /** Correlation of what is not shared, from one step to the next. */
  readonly carried: number;
}

/** Beyond these levels the sample is too thin: a heavy tail goes on from here. */
const TAIL = 0.025;
/** Neither side of the evidence is believed when it says that errors are this share of the other's. */
const LEAST_SHARE = 0.1;

export interface Evidence {
  readonly paths: readonly ErrorPath[];
  /** The standard deviation that the models state for each step of the forecast. */
  readonly spread: Float64Array;
  /** Steps from one round's origin to the next, as a share of the steps scored. */
  readonly strideShare: number;
}

/**
 * Intervals from two witnesses: errors in the backtest (few and not independent, but honest) and
 * the models' own deviations (from every observation, but blind to the model being wrong). The
 * scale is their geometric mean; the shape is that of the backtest's errors, pooled over the
 * horizon on one scale as split-conformal intervals are.
 */
export function calibrate({ paths, spread, strideShare }: Evidence): ErrorModel {
  const growth = errorGrowth(paths);
  const scaled = paths.map((path) =>
    path.map((error, step) => (error === null ? null : error / (step + 1) ** growth)),
  );
  const pool = Float64Array.from(scaled.flat().filter((error) => error !== null));
  assert(pool.length > 0, 'calibration needs at least one error');
  const deviation = Math.sqrt(meanOf(pool.map((error) => error * error)));
  const freedom = effectiveCount(scaled, strideShare);
  const widened = deviation * studentFactor(1 - TAIL, freedom);
  return {
    ...dependence(scaled),
    scale(step) {
      const seen = widened * (step + 1) ** growth;
      const stated = at(spread, Math.min(step, spread.length - 1));
      if (!(seen > 0 && stated > 0)) return seen > 0 ? seen : LEAST_SHARE * stated;
      return Math.max(Math.sqrt(seen * stated), LEAST_SHARE * Math.max(seen, stated));
    },
    shape: shapeOf(pool, freedom),
  };
}

/**
 * The errors mirrored at zero, brought to the normal's 95 % interval: errors of demand have sharper
 * peaks than a normal, and a few rounds cannot tell up from down. The
 * scale was widened for few rounds as that interval needs it; what lies inside needs it less. Beyond
 * that interval the tail is Student's with 4 degrees of freedom: spikes and launches are no normal
 * errors.
 */
function shapeOf(errors: Float64Array, freedom: number): (probability: number) => number {
  const sizes = errors.map(Math.abs).sort();
  const edge = normalQuantile(1 - TAIL);
  const width = quantileOfSorted(sizes, 1 - 2 * TAIL);
  return (probability) => {
    if (probability <= TAIL || probability >= 1 - TAIL) {
      return (edge * heavyQuantile(probability)) / heavyQuantile(1 - TAIL);
    }
    const narrowed = studentFactor(probability, freedom) / studentFactor(1 - TAIL, freedom);
    if (!(width > 0)) return narrowed * normalQuantile(probability);
    const size = quantileOfSorted(sizes, Math.abs(2 * probability - 1));
    return (narrowed * Math.sign(probability - 0.5) * edge * size) / width;
  };
}

/** Quantile of Student's t with 4 degrees of freedom, in closed form (Shaw, 2006). */
function heavyQuantile(probability: number): number {
  const alpha = Math.sqrt(4 * probability * (1 - probability));
  const size = 2 * Math.sqrt(Math.cos(Math.acos(Math.min(1, alpha)) / 3) / alpha - 1);
  return Math.sign(probability - 0.5) * size;
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

/** Quantile of Student's t over that of the normal (Cornish and Fisher); freedom from 2 up. */
function studentFactor(probability: number, freedom: number): number {
  const nu = Math.max(2, freedom);
  const squared = normalQuantile(probability) ** 2;
  const first = (squared + 1) / 4;
  const second = (5 * squared ** 2 + 16 * squared + 3) / 96;
  return 1 + first / nu + second / nu ** 2;
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
