import { at } from './numbers.ts';

/**
 * The values with gaps interpolated, for fitting only: linear between neighbours after taking out
 * the mean shape of a season, when each phase of it was seen. Gaps at either end take the nearest
 * value. At least one observation is needed.
 */
export function fillGaps(values: readonly (number | null)[], seasonSteps: number): Float64Array {
  const linear = interpolate(values);
  if (!values.includes(null)) return linear;
  const shape = seasonalShape(values, linear, seasonSteps);
  if (shape === null) return linear;
  const adjusted = values.map((value, index) =>
    value === null ? null : value - at(shape, index % seasonSteps),
  );
  const filled = interpolate(adjusted);
  for (let index = 0; index < filled.length; index += 1) {
    const observed = values[index] ?? null;
    filled[index] = observed ?? at(filled, index) + at(shape, index % seasonSteps);
  }
  return filled;
}

function interpolate(values: readonly (number | null)[]): Float64Array {
  const filled = new Float64Array(values.length);
  let before = -1;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? null;
    if (value === null) continue;
    filled[index] = value;
    const from = before < 0 ? value : at(filled, before);
    for (let gap = before + 1; gap < index; gap += 1) {
      filled[gap] = from + ((value - from) * (gap - before)) / (index - before);
    }
    before = index;
  }
  for (let gap = before + 1; gap < values.length; gap += 1) filled[gap] = at(filled, before);
  return filled;
}

/** Mean deviation from the level around, by phase of the season; null when a phase was never seen. */
function seasonalShape(
  values: readonly (number | null)[],
  linear: Float64Array,
  seasonSteps: number,
): Float64Array | null {
  if (seasonSteps < 2 || values.length < 2 * seasonSteps) return null;
  const level = centeredMeans(linear, seasonSteps);
  const sums = new Float64Array(seasonSteps);
  const counts = new Float64Array(seasonSteps);
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? null;
    if (value === null) continue;
    const phase = index % seasonSteps;
    sums[phase] = at(sums, phase) + value - at(level, index);
    counts[phase] = at(counts, phase) + 1;
  }
  if (counts.includes(0)) return null;
  const shape = sums.map((sum, phase) => sum / at(counts, phase));
  const center = shape.reduce((sum, value) => sum + value, 0) / seasonSteps;
  return shape.map((value) => value - center);
}

/** Means over one season around each value, over what there is of it at the ends. */
function centeredMeans(values: Float64Array, seasonSteps: number): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let index = 0; index < values.length; index += 1) {
    sums[index + 1] = at(sums, index) + at(values, index);
  }
  const half = seasonSteps >> 1;
  return values.map((_, index) => {
    const from = Math.max(0, Math.min(index - half, values.length - seasonSteps));
    const to = Math.min(values.length, from + seasonSteps);
    return (at(sums, to) - at(sums, from)) / (to - from);
  });
}
