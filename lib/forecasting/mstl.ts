import { at } from './numbers.ts';
import { type StlShape, stlSeasonal } from './stl.ts';

export interface Decomposition {
  /** The values less every season. */
  readonly adjusted: Float64Array;
  /** The seasons' sum for the steps after the last value. */
  seasonalAhead(horizonSteps: number): Float64Array;
}

/** What nothing was taken out of. */
export function undecomposed(values: Float64Array): Decomposition {
  return { adjusted: values, seasonalAhead: (horizonSteps) => new Float64Array(horizonSteps) };
}

/**
 * Several seasons taken out in turn, twice, shortest first (Bandara, Hyndman and Bergmeir, 2021).
 * The last turn of each season is what the forecast repeats.
 */
export function mstl(
  values: Float64Array,
  seasons: readonly number[],
  shapeOf: (index: number) => StlShape = defaultShape,
): Decomposition {
  const parts: Float64Array[] = seasons.map(() => new Float64Array(values.length));
  let adjusted = values;
  for (let pass = 0; pass < (seasons.length > 1 ? 2 : 1); pass += 1) {
    for (const [index, seasonSteps] of seasons.entries()) {
      const own = parts[index];
      const withOwn = own ? adjusted.map((value, step) => value + at(own, step)) : adjusted;
      const seasonal = stlSeasonal(withOwn, seasonSteps, shapeOf(index));
      parts[index] = seasonal;
      adjusted = withOwn.map((value, step) => value - at(seasonal, step));
    }
  }
  return {
    adjusted,
    seasonalAhead(horizonSteps) {
      const ahead = new Float64Array(horizonSteps);
      for (const [index, seasonSteps] of seasons.entries()) {
        const part = parts[index] ?? ahead;
        const last = part.length - seasonSteps;
        for (let step = 0; step < horizonSteps; step += 1) {
          ahead[step] = at(ahead, step) + at(part, last + (step % seasonSteps));
        }
      }
      return ahead;
    },
  };
}

/** R's choice: longer seasons are seen less often, so more of their turns weigh in. */
function defaultShape(index: number): StlShape {
  return { seasonalWindow: 11 + 4 * index };
}
