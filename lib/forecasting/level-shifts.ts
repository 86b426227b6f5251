import { at, medianOf } from './numbers.ts';
import { movingMedians, phaseMedians, usualDeviation } from './outliers.ts';

/** Demand that went to another level and stayed there for at least a season. */
export interface LevelShift {
  /** The first observation on the new level. */
  readonly index: number;
  /** New level less old. */
  readonly size: number;
}

/** Medians of this many seasons are compared, of this many steps at least. */
const SEASONS = 2;
const LEAST_STEPS = 14;
/** Medians of a few steps must differ by this share of the shift as well: growth takes longer. */
const AT_ONCE_STEPS = 7;
const AT_ONCE = 0.6;
/** A shift is this many usual deviations of a single value: wandering levels stay below. */
const CLEAR = 4;

/**
 * Where the level changed at once: the median of the steps before against that of the steps after,
 * less what growth does between them anyway. Shifts nearer to each other than the window, or to
 * either end, are told as one or not at all.
 */
export function levelShifts(values: Float64Array, seasonSteps: number): LevelShift[] {
  const window = Math.max(LEAST_STEPS, SEASONS * seasonSteps) | 1;
  if (values.length < 2 * window) return [];
  const shape = phaseMedians(values, seasonSteps);
  const adjusted = values.map((value, index) => value - at(shape, index % shape.length));
  const medians = movingMedians(adjusted, window);
  const limit = CLEAR * usualDeviation(adjusted.map((value, index) => value - at(medians, index)));
  const half = window >> 1;
  const rises = new Float64Array(values.length - 2 * window + 1).map(
    (_, place) => at(medians, place + window + half) - at(medians, place + half),
  );
  const growth = medianOf(rises);
  const sizes = rises.map((rise) => rise - growth);
  const near = movingMedians(adjusted, AT_ONCE_STEPS);
  return peaks(sizes, window, limit)
    .map((place) => ({ index: place + window, size: at(sizes, place) }))
    .filter(
      ({ index, size }) => riseAround(near, index, Math.sign(size)) >= AT_ONCE * Math.abs(size),
    );
}

/** The largest difference between neighbouring medians of a few steps, near an index. */
function riseAround(medians: Float64Array, index: number, direction: number): number {
  const half = AT_ONCE_STEPS >> 1;
  let largest = 0;
  for (let near = index - half; near <= index + half; near += 1) {
    const rise = at(medians, near + half) - at(medians, near - half - 1);
    largest = Math.max(largest, direction * rise);
  }
  return largest;
}

/** Places of the largest sizes above the limit, no two within `apart` of each other, in order. */
function peaks(sizes: Float64Array, apart: number, limit: number): number[] {
  const found: number[] = [];
  const bySize = [...sizes.keys()].sort(
    (a, b) => Math.abs(at(sizes, b)) - Math.abs(at(sizes, a)) || a - b,
  );
  for (const place of bySize) {
    if (!(Math.abs(at(sizes, place)) > limit)) break;
    if (found.every((other) => Math.abs(other - place) >= apart)) {
      found.push(middleOfPlateau(sizes, place));
    }
  }
  return found.sort((a, b) => a - b);
}

/** Around a shift the medians differ as much at several places: it happened in their middle. */
function middleOfPlateau(sizes: Float64Array, place: number): number {
  const isEqual = (other: number) =>
    Math.abs(at(sizes, other) - at(sizes, place)) <= 0.05 * Math.abs(at(sizes, place));
  let [from, to] = [place, place];
  while (isEqual(from - 1)) from -= 1;
  while (isEqual(to + 1)) to += 1;
  return Math.round((from + to) / 2);
}
