import { at } from './numbers.ts';

export interface LoessShape {
  /** How many neighbours weigh in; tricube weights fall to zero at the farthest. */
  readonly window: number;
  /** 0 fits a level around each point, 1 a line. */
  readonly degree: 0 | 1;
}

/** What neighbours add to a smoothed value: a weight for each, from `first` on; they sum to 1. */
interface Row {
  readonly first: number;
  readonly weights: Float64Array;
}

/**
 * Local regression (Cleveland, 1979) of `count` evenly spaced values at one position, which may
 * lie outside of them. It is linear in the values, so the same row serves all series of a length.
 */
export function loessRow(count: number, position: number, shape: LoessShape): Row {
  // Away from one end, or from both, a row is the same whatever lies beyond its window.
  const half = Math.ceil(shape.window / 2);
  const known = Math.min(count, shape.window + 2 * half);
  const shift = position >= half ? Math.min(count - known, Math.ceil(position) - half) : 0;
  const key = `${known} ${position - shift} ${shape.window} ${shape.degree}`;
  const kept = rows.get(key) ?? makeRow(known, position - shift, shape);
  if (rows.size >= KEPT_ROWS) rows.clear();
  rows.set(key, kept);
  return shift === 0 ? kept : { first: kept.first + shift, weights: kept.weights };
}

/** Rows depend on nothing but their arguments, and the same few are asked for again and again. */
const rows = new Map<string, Row>();
const KEPT_ROWS = 2_000;

function makeRow(count: number, position: number, shape: LoessShape): Row {
  const width = Math.min(shape.window, count);
  const first = Math.max(0, Math.min(count - width, Math.ceil(position - width / 2)));
  let reach = Math.max(position - first, first + width - 1 - position);
  if (shape.window > count) reach += (shape.window - count) / 2;
  const weights = new Float64Array(width);
  let [sum, sumX, sumXx] = [0, 0, 0];
  for (let index = 0; index < width; index += 1) {
    const x = first + index - position;
    const ratio = reach > 0 ? Math.abs(x) / reach : 0;
    if (ratio > 0.999) continue;
    const weight = ratio <= 0.001 ? 1 : (1 - ratio * ratio * ratio) ** 3;
    weights[index] = weight;
    sum += weight;
    sumX += weight * x;
    sumXx += weight * x * x;
  }
  const center = sumX / sum;
  const variance = sumXx / sum - center * center;
  const sloped = shape.degree === 1 && Math.sqrt(Math.max(0, variance)) > 0.001 * (count - 1);
  for (let index = 0; index < width; index += 1) {
    const x = first + index - position;
    const tilt = sloped ? 1 - (center * (x - center)) / variance : 1;
    weights[index] = (at(weights, index) / sum) * tilt;
  }
  return { first, weights };
}

/** The smoothed value that a row gives. */
export function applyRow(values: Float64Array, { first, weights }: Row): number {
  let sum = 0;
  for (let index = 0; index < weights.length; index += 1) {
    sum += at(weights, index) * at(values, first + index);
  }
  return sum;
}

/**
 * Smooths every value. Points further than `window` / 10 apart are fitted and the ones between
 * interpolated, as STL's authors advise: the difference is far below the noise.
 */
export function loessSmooth(values: Float64Array, shape: LoessShape): Float64Array {
  const count = values.length;
  const jump = Math.max(1, Math.ceil(shape.window / 10));
  const fitted = (position: number) => applyRow(values, loessRow(count, position, shape));
  const smooth = new Float64Array(count);
  smooth[0] = fitted(0);
  for (let before = 0; before < count - 1; ) {
    const after = Math.min(count - 1, before + jump);
    const low = at(smooth, before);
    const high = fitted(after);
    for (let index = before + 1; index <= after; index += 1) {
      smooth[index] = low + ((high - low) * (index - before)) / (after - before);
    }
    before = after;
  }
  return smooth;
}
