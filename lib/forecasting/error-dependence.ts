import type { ErrorModel, ErrorPath } from './calibration.ts';

/**
 * How many independent errors the rounds are worth: errors of one round go together, and rounds
 * overlap, though each starts from a state of its own.
 */
export function effectiveCount(paths: readonly ErrorPath[], strideShare: number): number {
  const length = Math.max(...paths.map((path) => path.length));
  const together = length > 1 ? Math.max(0, correlation(paths, 1, length - 1)) : 0;
  const perRound = length / (1 + (length - 1) * Math.min(1, together));
  return (perRound * (1 + paths.length + (paths.length - 1) * Math.min(1, strideShare))) / 2;
}

/**
 * How errors of one future go together. The rounds are few and their correlations lean towards
 * zero, so they are averaged with what the growth of errors implies: errors that grow as a power
 * of the horizon carry on from step to step by the ratio of their sizes.
 */
export function dependence(
  paths: readonly ErrorPath[],
  growth: number,
): Pick<ErrorModel, 'shared' | 'carried'> {
  const length = Math.max(...paths.map((path) => path.length));
  const near = correlation(paths, 1, 1);
  const far = correlation(paths, Math.max(2, length >> 1), length - 1);
  const shared = Math.min(0.95, Math.max(0, far));
  const own = shared < 1 ? (near - shared) / (1 - shared) : 0;
  const seen = Math.min(0.99, Math.max(0, own));
  return { shared, carried: (step) => (seen + ((step + 1) / (step + 2)) ** growth) / 2 };
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
