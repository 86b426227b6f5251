import { at } from '../forecasting/numbers.ts';

/**
 * Paths of a second resource to put beside those of a first: `twins` were drawn by the very numbers
 * that the first was drawn by, so what moves one moves the other on the same day; `own` by numbers
 * of their own. So many of them are twins as the two go together. Each resource keeps its own
 * distribution.
 */
export function coupledPaths(
  twins: readonly Float64Array[],
  own: readonly Float64Array[],
  options: { readonly correlation: number; readonly random: () => number },
): Float64Array[] {
  const { correlation, random } = options;
  return own.map((path, index) => (random() < correlation ? (twins[index] ?? path) : path));
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
