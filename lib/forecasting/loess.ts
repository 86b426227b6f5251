import { at } from './numbers.ts';

export interface LoessShape {
  /** How many neighbours weigh in; tricube weights fall to zero at the farthest. */
  readonly window: number;
  /** 0 fits a level around each point, 1 a line. */
  readonly degree: 0 | 1;
}

/** Local regression of evenly spaced values at one position, which may lie outside of them. */
export function loessAt(values: Float64Array, position: number, shape: LoessShape): number {
  const count = values.length;
  const width = Math.min(shape.window, count);
  const first = Math.max(0, Math.min(count - width, Math.ceil(position - width / 2)));
  const last = first + width - 1;
  let reach = Math.max(position - first, last - position);
  if (shape.window > count) reach += (shape.window - count) / 2;
  let [weight, sumX, sumXx, sumY, sumXy] = [0, 0, 0, 0, 0];
  for (let index = first; index <= last; index += 1) {
    const x = index - position;
    const distance = Math.abs(x);
    if (distance > 0.999 * reach && distance > 0) continue;
    const ratio = distance / reach;
    const cube = distance <= 0.001 * reach ? 1 : (1 - ratio * ratio * ratio) ** 3;
    const y = at(values, index);
    weight += cube;
    sumX += cube * x;
    sumXx += cube * x * x;
    sumY += cube * y;
    sumXy += cube * x * y;
  }
  if (weight <= 0) return at(values, Math.max(0, Math.min(count - 1, Math.round(position))));
  const mean = sumY / weight;
  if (shape.degree === 0) return mean;
  const center = sumX / weight;
  const variance = sumXx / weight - center * center;
  if (Math.sqrt(Math.max(0, variance)) <= 0.001 * (count - 1)) return mean;
  return mean - (center * (sumXy / weight - center * mean)) / variance;
}

/**
 * Smooths every value. Points further than `window` / 10 apart are fitted and the ones between
 * interpolated, as STL's authors advise: the difference is far below the noise.
 */
export function loessSmooth(values: Float64Array, shape: LoessShape): Float64Array {
  const count = values.length;
  const jump = Math.max(1, Math.ceil(shape.window / 10));
  const smooth = new Float64Array(count);
  let before = 0;
  smooth[0] = loessAt(values, 0, shape);
  while (before < count - 1) {
    const after = Math.min(count - 1, before + jump);
    const low = at(smooth, before);
    const high = loessAt(values, after, shape);
    for (let index = before + 1; index <= after; index += 1) {
      smooth[index] = low + ((high - low) * (index - before)) / (after - before);
    }
    before = after;
  }
  return smooth;
}
