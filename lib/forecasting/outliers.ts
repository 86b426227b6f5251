import { at, medianOf, quantileOfSorted } from './numbers.ts';
import { normalQuantile } from './random.ts';

/** Steps around a value that set what is usual there; a swing that lasts half of them is no outlier. */
const AROUND_STEPS = 7;
/** Values this many usual deviations off are drawn in: of a normal one in two million is. */
const FENCE = 5;
/** The usual deviation is read here, where a tenth of outliers does not yet reach. */
const USUAL = 0.9;
/** The newest values may stay, unless they lie so many times the range of all others off. */
const UNDECIDED_STEPS = 2;
const BEYOND_BELIEF = 100;

/**
 * The values with lone outliers drawn in to the fence around them, for fitting only: models follow
 * squares, and one broken reading would set them. Levels and swings that last, and peaks that the
 * season before or after had too, are left as they are.
 */
export function fenced(values: Float64Array, seasonSteps: number): Float64Array {
  const count = values.length;
  if (count < 2 * AROUND_STEPS) return values;
  const shape = phaseMedians(values, seasonSteps);
  const adjusted = values.map((value, index) => value - at(shape, index % shape.length));
  const usual = movingMedians(adjusted, AROUND_STEPS);
  const distances = adjusted.map((value, index) => value - at(usual, index));
  const fence = FENCE * usualDeviation(distances);
  if (!(fence > 0)) return values;
  const belief = BEYOND_BELIEF * rangeOf(values.subarray(0, count - UNDECIDED_STEPS));
  return values.map((value, index) => {
    const distance = at(distances, index);
    const isNew = index >= count - UNDECIDED_STEPS;
    if (Math.abs(distance) <= (isNew ? Math.max(fence, belief) : fence)) return value;
    const before = Math.abs(value - at(values, index - seasonSteps));
    const after = Math.abs(value - at(values, index + seasonSteps));
    if (before <= fence || after <= fence) return value;
    return value - distance + Math.sign(distance) * fence;
  });
}

function rangeOf(values: Float64Array): number {
  return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
}

/** Standard deviation of a normal with the same nine tenths, which outliers do not reach. */
export function usualDeviation(distances: Float64Array): number {
  return quantileOfSorted(distances.map(Math.abs).sort(), USUAL) / normalQuantile((1 + USUAL) / 2);
}

/** Median deviation of each phase of the season from the median of the season around it. */
export function phaseMedians(values: Float64Array, seasonSteps: number): Float64Array {
  if (seasonSteps < 2 || values.length < 2 * seasonSteps) return new Float64Array(1);
  const level = movingMedians(values, seasonSteps + 1 - (seasonSteps % 2));
  const phases = Array.from({ length: seasonSteps }, (): number[] => []);
  for (let index = 0; index < values.length; index += 1) {
    phases[index % seasonSteps]?.push(at(values, index) - at(level, index));
  }
  return Float64Array.from(phases, medianOf);
}

/** The median of the odd `window` around each value; at the ends, of the first or last window. */
export function movingMedians(values: Float64Array, window: number): Float64Array {
  const width = Math.min(window, values.length - 1 + (values.length % 2));
  const half = width >> 1;
  const sorted = values.slice(0, width).sort();
  const medians = new Float64Array(values.length).fill(at(sorted, half));
  for (let next = width; next < values.length; next += 1) {
    replace(sorted, at(values, next - width), at(values, next));
    medians[next - half] = at(sorted, half);
  }
  medians.fill(at(sorted, half), values.length - half);
  return medians;
}

/** Puts `added` in the place of `removed`, in order. */
function replace(sorted: Float64Array, removed: number, added: number): void {
  let place = sorted.indexOf(removed);
  for (; place + 1 < sorted.length && at(sorted, place + 1) < added; place += 1) {
    sorted[place] = at(sorted, place + 1);
  }
  for (; place > 0 && at(sorted, place - 1) > added; place -= 1) {
    sorted[place] = at(sorted, place - 1);
  }
  sorted[place] = added;
}
