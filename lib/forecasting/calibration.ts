import { assert } from '../assert.ts';
import { dependence, effectiveCount } from './error-dependence.ts';
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
  /** Correlation of what is not shared, from this step (from 0) to the next. */
  carried(step: number): number;
}

/** Beyond these levels the sample is too thin: a heavy tail goes on from here. */
const TAIL = 0.025;
/** Weight of the backtest's deviation against the one that the models state, in their mean. */
const SEEN_SHARE = 0.6;
/**
 * Errors upwards are this much larger than errors downwards: demand has a floor and no ceiling, and
 * trends are damped. A few rounds of one series are too few to measure it.
 */
const UPWARD = 1.13;
/** Errors larger than this many times the ninth decile are no errors of a forecast. */
const ABSURD = 10;
/** Growth of errors with the horizon that is expected, between a fixed level's 0 and a walk's 0.5. */
const USUAL_GROWTH = 0.35;
/** How much the growth that a few rounds show is believed. */
const GROWTH_BELIEF = 0.7;
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
 * scale is their weighted geometric mean; the shape is that of the backtest's errors, pooled over the
 * horizon on one scale as split-conformal intervals are.
 */
export function calibrate({ paths, spread, strideShare }: Evidence): ErrorModel {
  const growth = errorGrowth(paths);
  const scaled = withoutAbsurd(
    paths.map((path) =>
      path.map((error, step) => (error === null ? null : error / (step + 1) ** growth)),
    ),
  );
  const pool = Float64Array.from(scaled.flat().filter((error) => error !== null));
  assert(pool.length > 0, 'calibration needs at least one error');
  const deviation = deviationOf(pool);
  const freedom = effectiveCount(scaled, strideShare);
  const widened = deviation * studentFactor(1 - TAIL, freedom);
  return {
    ...dependence(scaled, growth),
    scale(step) {
      const seen = widened * (step + 1) ** growth;
      const stated = at(spread, Math.min(step, spread.length - 1));
      if (!(seen > 0 && stated > 0)) return seen > 0 ? seen : LEAST_SHARE * stated;
      const mean = seen ** SEEN_SHARE * stated ** (1 - SEEN_SHARE);
      return Math.max(mean, LEAST_SHARE * Math.max(seen, stated));
    },
    shape: upward(shapeOf(pool, freedom)),
  };
}

/**
 * The mean of two deviations: of the squares, and of the normal whose 95 % interval holds as many
 * of the errors. The first is set by the largest error, the second passes it over.
 */
function deviationOf(errors: Float64Array): number {
  const squares = Math.sqrt(meanOf(errors.map((error) => error * error)));
  const width = quantileOfSorted(errors.map(Math.abs).sort(), 1 - 2 * TAIL);
  return width > 0 ? Math.sqrt((squares * width) / normalQuantile(1 - TAIL)) : squares;
}

/** Errors drawn in to some times what nine in ten stay below: broken readings tell of no demand. */
function withoutAbsurd(paths: readonly ErrorPath[]): ErrorPath[] {
  const sizes = paths.flat().flatMap((error) => (error === null ? [] : Math.abs(error)));
  const limit = ABSURD * quantileOfSorted(Float64Array.from(sizes).sort(), 0.9);
  if (!(limit > 0)) return [...paths];
  return paths.map((path) =>
    path.map((error) => (error === null ? null : Math.max(-limit, Math.min(limit, error)))),
  );
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

function upward(shape: (probability: number) => number): (probability: number) => number {
  return (probability) => shape(probability) * (probability > 0.5 ? UPWARD : 1);
}

/** Quantile of Student's t with 4 degrees of freedom, in closed form (Shaw, 2006). */
function heavyQuantile(probability: number): number {
  const alpha = Math.sqrt(4 * probability * (1 - probability));
  const size = 2 * Math.sqrt(Math.cos(Math.acos(Math.min(1, alpha)) / 3) / alpha - 1);
  return Math.sign(probability - 0.5) * size;
}

/** Exponent of the horizon in errors: what the rounds show, drawn to what is usual. */
function errorGrowth(paths: readonly ErrorPath[]): number {
  const seen = growthSeen(paths);
  if (seen === null) return 0.5;
  return GROWTH_BELIEF * Math.min(1, Math.max(0, seen)) + (1 - GROWTH_BELIEF) * USUAL_GROWTH;
}

/** Slope of the mean absolute error on the horizon, in logarithms; null for one step. */
function growthSeen(paths: readonly ErrorPath[]): number | null {
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
  return variance > 1e-9 ? (weight * sumXy - sumX * sumY) / variance : null;
}

/** Quantile of Student's t over that of the normal (Cornish and Fisher); freedom from 2 up. */
function studentFactor(probability: number, freedom: number): number {
  const nu = Math.max(2, freedom);
  const squared = normalQuantile(probability) ** 2;
  const first = (squared + 1) / 4;
  const second = (5 * squared ** 2 + 16 * squared + 3) / 96;
  return 1 + first / nu + second / nu ** 2;
}
