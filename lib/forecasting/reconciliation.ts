import { assert } from '../assert.ts';
import { at } from './numbers.ts';

/** Forecasts of a total and of its parts, day by day. */
export interface Hierarchy {
  readonly total: Float64Array;
  readonly parts: readonly Float64Array[];
}

/** Errors (actual less forecast) that were made together: one row a time, the total first, then the parts. */
export type JointErrors = readonly (readonly number[])[];

/**
 * Forecasts that add up, by minimum trace (MinT; Wickramasuriya, Athanasopoulos and Hyndman, 2019)
 * with the covariance of errors shrunk towards its diagonal (Schaefer and Strimmer, 2005). With one
 * constraint, that the parts make the total, MinT comes to this: what does not add up is handed
 * out in proportion to how each node's errors go together with it. Then what is below zero is
 * cut at the parts and the total summed again. For averages at the same instant, never for peaks:
 * those of parts do not add up.
 */
export function reconciled({ total, parts }: Hierarchy, errors: JointErrors): Hierarchy {
  const shares = handedOut(errors, parts.length);
  const moved = parts.map((part, index) =>
    part.map((value, step) => {
      const excess = at(total, step) - parts.reduce((sum, one) => sum + at(one, step), 0);
      return Math.max(0, value - at(shares, index + 1) * excess);
    }),
  );
  return {
    parts: moved,
    total: total.map((_, step) => moved.reduce((sum, one) => sum + at(one, step), 0)),
  };
}

/**
 * By how much of what does not add up (total less parts) each node is lowered: W u / (u' W u) with
 * u = (1, -1, ..., -1).
 */
function handedOut(errors: JointErrors, parts: number): Float64Array {
  const nodes = parts + 1;
  const covariance = shrunkCovariance(errors, nodes);
  const sign = (node: number) => (node === 0 ? 1 : -1);
  const projected = new Float64Array(nodes).map((_, row) => {
    let sum = 0;
    for (let column = 0; column < nodes; column += 1) {
      sum += at(covariance[row] ?? [], column) * sign(column);
    }
    return sum;
  });
  const whole = projected.reduce((sum, value, node) => sum + sign(node) * value, 0);
  // Nothing known of any error: every part bears the same.
  if (!(whole > 0)) return projected.map((_, node) => (node === 0 ? 0 : -1 / parts));
  return projected.map((value) => value / whole);
}

/** lambda D + (1 - lambda) C: C the mean products of errors, D its diagonal. */
function shrunkCovariance(errors: JointErrors, nodes: number): Float64Array[] {
  const count = errors.length;
  const means = Array.from({ length: nodes }, () => new Float64Array(nodes));
  for (const row of errors) {
    assert(row.length === nodes, 'an error for every node');
    for (const [i, line] of means.entries()) {
      for (let j = 0; j < nodes; j += 1) line[j] = at(line, j) + (at(row, i) * at(row, j)) / count;
    }
  }
  const lambda = shrinkage(errors, means);
  return means.map((line, i) => line.map((value, j) => (i === j ? value : (1 - lambda) * value)));
}

/** Schaefer and Strimmer's intensity on correlations: sum of their variances over that of their squares. */
function shrinkage(errors: JointErrors, covariance: readonly Float64Array[]): number {
  const count = errors.length;
  const deviations = covariance.map((line, node) => Math.sqrt(at(line, node)));
  const varying = deviations.flatMap((deviation, node) => (deviation > 0 ? [node] : []));
  let [variances, squares] = [0, 0];
  for (const [position, i] of varying.entries()) {
    for (const j of varying.slice(position + 1)) {
      const scale = at(deviations, i) * at(deviations, j);
      let [sum, sumOfSquares] = [0, 0];
      for (const row of errors) {
        const product = (at(row, i) * at(row, j)) / scale;
        sum += product;
        sumOfSquares += product ** 2;
      }
      variances += (sumOfSquares - sum ** 2 / count) / (count * (count - 1));
      squares += (sum / count) ** 2;
    }
  }
  if (!(squares > 0) || count < 2) return 1;
  return Math.min(1, Math.max(0, variances / squares));
}
