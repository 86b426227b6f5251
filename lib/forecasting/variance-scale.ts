import { at, lineThrough, meanOf } from './numbers.ts';

/** The slope must be this many times its standard error: a transform is not taken up by chance. */
const CLEAR = 2;
/** The zero of the scale stays this share of the range below all values, so that logs stay tame. */
const MARGIN = 0.1;
const LEAST_BLOCKS = 4;
const LEAST_BLOCK_STEPS = 4;

/**
 * Where a series' swings grow with its level: the value at which they would vanish. The logarithm
 * of the distance from it has even swings. Null where they do not clearly grow.
 *
 * Guerrero's idea (1993) with a line instead of a power: the deviation of each season around its
 * own trend is regressed on its mean, and the line's zero is the origin. Moving or scaling a
 * series moves or scales the origin with it, which a plain logarithm would not.
 */
export function swingOrigin(values: Float64Array, seasonSteps: number): number | null {
  const block = Math.max(seasonSteps, LEAST_BLOCK_STEPS);
  const blocks = Math.floor(values.length / block);
  if (blocks < LEAST_BLOCKS) return null;
  const means = new Float64Array(blocks);
  const deviations = new Float64Array(blocks);
  for (let turn = 0; turn < blocks; turn += 1) {
    const end = values.length - turn * block;
    const part = values.subarray(end - block, end);
    means[turn] = meanOf(part);
    deviations[turn] = deviationFromLine(part);
  }
  const slope = clearSlope(means, deviations);
  if (slope === null) return null;
  const origin = meanOf(means) - meanOf(deviations) / slope;
  const [low, high] = [values.reduce(least), values.reduce(most)];
  return Math.min(origin, low - MARGIN * (high - low));
}

const least = (a: number, b: number) => Math.min(a, b);
const most = (a: number, b: number) => Math.max(a, b);

function deviationFromLine(values: Float64Array): number {
  const { intercept, slope } = lineThrough(values);
  const squares = values.map((value, index) => (value - intercept - slope * index) ** 2);
  return Math.sqrt(meanOf(squares));
}

/** Slope of y on x, shrunk by its uncertainty; null unless it is positive and clear. */
function clearSlope(x: Float64Array, y: Float64Array): number | null {
  const [meanX, meanY] = [meanOf(x), meanOf(y)];
  let [xx, xy, yy] = [0, 0, 0];
  for (let index = 0; index < x.length; index += 1) {
    const [dx, dy] = [at(x, index) - meanX, at(y, index) - meanY];
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  if (!(xx > 0 && xy > 0)) return null;
  const slope = xy / xx;
  const error = Math.sqrt(Math.max(0, yy - slope * xy) / (x.length - 2) / xx);
  const clarity = slope / Math.max(error, 1e-9 * slope);
  return clarity < CLEAR ? null : slope * (1 - 1 / clarity ** 2);
}
