import { assert } from '../assert.ts';
import { at } from './numbers.ts';

/** When demand first goes above capacity. Steps count from 0, the first step after the origin. */
export interface Exhaustion {
  /** Probability that demand was above capacity on or before each step; never decreasing. */
  readonly probabilityBy: Float64Array;
  /** First step at which that probability reaches the one asked for; null beyond the horizon. */
  stepAt(probability: number): number | null;
}

/**
 * Follows each path to the first step on which it exceeds the capacity of that step, so that the
 * running maximum is judged, not each step alone.
 */
export function exhaustion(paths: readonly Float64Array[], capacity: Float64Array): Exhaustion {
  assert(paths.length > 0, 'exhaustion needs at least one path');
  const firsts = new Float64Array(capacity.length);
  for (const path of paths) {
    assert(path.length === capacity.length, 'a path and its capacity must cover the same steps');
    const first = path.findIndex((value, step) => value > at(capacity, step));
    if (first >= 0) firsts[first] = at(firsts, first) + 1;
  }
  let exceeded = 0;
  const probabilityBy = firsts.map((count) => {
    exceeded += count;
    return exceeded / paths.length;
  });
  return {
    probabilityBy,
    stepAt(probability) {
      const step = probabilityBy.findIndex((value) => value >= probability);
      return step < 0 ? null : step;
    },
  };
}
