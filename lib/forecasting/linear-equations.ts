import { at } from './numbers.ts';

/** A pivot smaller than this share of its diagonal says nothing: the unknown is left at zero. */
const LEAST_PIVOT = 1e-12;

/**
 * Solves A x = b for a symmetric positive definite A, given by rows one after another, of which
 * only the lower half is read, by Cholesky's decomposition. An unknown that the others already
 * tell is zero.
 */
export function solvePositiveDefinite(matrix: Float64Array, target: Float64Array): Float64Array {
  const size = target.length;
  const lower = decomposed(matrix, size);
  const solved = target.slice();
  for (let row = 0; row < size; row += 1) {
    let sum = at(solved, row);
    for (let column = 0; column < row; column += 1) {
      sum -= at(lower, row * size + column) * at(solved, column);
    }
    solved[row] = quotient(sum, at(lower, row * size + row));
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = at(solved, row);
    for (let below = row + 1; below < size; below += 1) {
      sum -= at(lower, below * size + row) * at(solved, below);
    }
    solved[row] = quotient(sum, at(lower, row * size + row));
  }
  return solved;
}

function decomposed(matrix: Float64Array, size: number): Float64Array {
  const lower = matrix.slice();
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = at(lower, row * size + column);
      for (let k = 0; k < column; k += 1) {
        sum -= at(lower, row * size + k) * at(lower, column * size + k);
      }
      if (column < row) {
        lower[row * size + column] = quotient(sum, at(lower, column * size + column));
      } else {
        const diagonal = at(matrix, row * size + row);
        lower[row * size + row] = sum > LEAST_PIVOT * diagonal ? Math.sqrt(sum) : 0;
      }
    }
  }
  return lower;
}

function quotient(value: number, pivot: number): number {
  return pivot > 0 ? value / pivot : 0;
}
