import { at } from '../forecasting/numbers.ts';

/** Keeps columns that nearly repeat each other from blowing up; columns are of size 1. */
const RIDGE = 1e-6;

/** Coefficients of each column of `rows` that come closest to `targets` in squares. */
export function leastSquares(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
): number[] {
  const width = rows[0]?.length ?? 0;
  const normal = Array.from({ length: width }, () => new Float64Array(width + 1));
  for (const [index, row] of rows.entries()) {
    for (const [i, line] of normal.entries()) {
      for (let j = 0; j < width; j += 1) line[j] = at(line, j) + at(row, i) * at(row, j);
      line[width] = at(line, width) + at(row, i) * at(targets, index);
    }
  }
  for (const [i, line] of normal.entries()) line[i] = at(line, i) + RIDGE;
  return solved(normal);
}

/** Gauss-Jordan with pivots; the last column is the right side. */
function solved(lines: Float64Array[]): number[] {
  const width = lines.length;
  for (let column = 0; column < width; column += 1) {
    const pivot = largestBelow(lines, column);
    const [upper, chosen] = [lines[column], lines[pivot]];
    if (!upper || !chosen) break;
    [lines[column], lines[pivot]] = [chosen, upper];
    for (const [index, line] of lines.entries()) {
      if (index === column) continue;
      const factor = at(line, column) / at(chosen, column);
      for (let j = column; j <= width; j += 1) line[j] = at(line, j) - factor * at(chosen, j);
    }
  }
  return lines.map((line, index) => at(line, width) / at(line, index));
}

function largestBelow(lines: readonly Float64Array[], column: number): number {
  let best = column;
  for (let row = column + 1; row < lines.length; row += 1) {
    if (Math.abs(at(lines[row] ?? [], column)) > Math.abs(at(lines[best] ?? [], column)))
      best = row;
  }
  return best;
}
