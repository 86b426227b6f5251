import { at } from '../forecasting/numbers.ts';
import { normalQuantile, normalSource } from '../forecasting/random.ts';

/**
 * Puts the paths of a second resource beside those of the first so that futures in which one is
 * high are futures in which the other is, as strongly as `correlation` says. Each resource keeps its
 * own paths: only their order changes (Iman and Conover, 1982, on the mean of each path).
 */
export function coupledPaths(
  first: readonly Float64Array[],
  second: readonly Float64Array[],
  options: { readonly correlation: number; readonly random: () => number },
): Float64Array[] {
  const { correlation, random } = options;
  const normal = normalSource(random);
  const own = Math.sqrt(1 - correlation ** 2);
  const ranks = ranksOf(first.map(sum));
  const scores = ranks.map(
    (rank) => correlation * normalQuantile((rank + 0.5) / first.length) + own * normal(),
  );
  const wanted = ranksOf(scores);
  const sorted = second.toSorted((a, b) => sum(a) - sum(b));
  return wanted.map((rank) => sorted[rank] ?? new Float64Array());
}

function sum(path: Float64Array): number {
  return path.reduce((total, value) => total + value, 0);
}

function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => at(values, a) - at(values, b));
  const ranks = new Array<number>(values.length).fill(0);
  for (const [rank, index] of order.entries()) ranks[index] = rank;
  return ranks;
}

/**
 * Correlation of what two series gained over a week, on days that both know: growth of a day is
 * mostly noise. 0 where fewer than 30 such days are known or one never moved.
 */
export function weeklyCorrelation(
  first: readonly (number | null)[],
  second: readonly (number | null)[],
): number {
  const pairs = first.flatMap((_, index) => {
    const [a, b] = [gain(first, index), gain(second, index)];
    return a === null || b === null ? [] : [[a, b] as const];
  });
  if (pairs.length < 30) return 0;
  const [meanA, meanB] = [0, 1].map(
    (side) => pairs.reduce((total, pair) => total + at(pair, side), 0) / pairs.length,
  );
  let [covariance, varianceA, varianceB] = [0, 0, 0];
  for (const [a, b] of pairs) {
    covariance += (a - (meanA ?? 0)) * (b - (meanB ?? 0));
    varianceA += (a - (meanA ?? 0)) ** 2;
    varianceB += (b - (meanB ?? 0)) ** 2;
  }
  if (!(varianceA > 0 && varianceB > 0)) return 0;
  return Math.min(0.99, Math.max(-0.99, covariance / Math.sqrt(varianceA * varianceB)));
}

const WEEK_DAYS = 7;

function gain(values: readonly (number | null)[], index: number): number | null {
  const [now, before] = [values[index] ?? null, values[index - WEEK_DAYS] ?? null];
  return now === null || before === null ? null : now - before;
}
