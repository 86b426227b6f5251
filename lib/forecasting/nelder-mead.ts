import { at } from './numbers.ts';

export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
}

/**
 * The lowest point that the downhill simplex of Nelder and Mead (1965) finds. `objective` may
 * return Infinity where it is undefined. Deterministic.
 */
export function nelderMead(
  objective: (point: Float64Array) => number,
  start: readonly number[],
  options: { readonly step: number; readonly evaluations: number; readonly tolerance: number },
): Minimum {
  const size = start.length;
  const simplex = startingSimplex(objective, start, options.step);
  let evaluations = size + 1;
  while (evaluations < options.evaluations) {
    simplex.sort((a, b) => a.value - b.value);
    const [best, worst, second] = [simplex[0], simplex[size], simplex[size - 1]];
    if (!best || !worst || !second) break;
    if (worst.value - best.value <= options.tolerance * (Math.abs(best.value) + 1e-300)) break;
    const center = centroid(simplex, size);
    const move = (factor: number): Minimum => {
      evaluations += 1;
      const point = center.map((value, axis) => value + factor * (at(worst.point, axis) - value));
      return { point, value: objective(point) };
    };
    const replacement = replacementFor({ best, second, worst }, move);
    if (replacement) simplex[size] = replacement;
    else {
      shrink(simplex, best, objective);
      evaluations += size;
    }
  }
  return simplex.reduce((low, vertex) => (vertex.value < low.value ? vertex : low));
}

/** The vertex that takes the place of the worst; null when only shrinking is left. */
function replacementFor(
  vertices: { readonly best: Minimum; readonly second: Minimum; readonly worst: Minimum },
  move: (factor: number) => Minimum,
): Minimum | null {
  const { best, second, worst } = vertices;
  const reflected = move(-1);
  if (reflected.value < best.value) {
    const expanded = move(-2);
    return expanded.value < reflected.value ? expanded : reflected;
  }
  if (reflected.value < second.value) return reflected;
  const contracted = reflected.value < worst.value ? move(-0.5) : move(0.5);
  return contracted.value < Math.min(reflected.value, worst.value) ? contracted : null;
}

function startingSimplex(
  objective: (point: Float64Array) => number,
  start: readonly number[],
  step: number,
): Minimum[] {
  return Array.from({ length: start.length + 1 }, (_, vertex) => {
    const point = Float64Array.from(start);
    if (vertex > 0) point[vertex - 1] = at(point, vertex - 1) + step;
    return { point, value: objective(point) };
  });
}

function centroid(simplex: readonly Minimum[], size: number): Float64Array {
  const center = new Float64Array(size);
  for (const vertex of simplex.slice(0, size)) {
    for (let axis = 0; axis < size; axis += 1) {
      center[axis] = at(center, axis) + at(vertex.point, axis) / size;
    }
  }
  return center;
}

function shrink(
  simplex: Minimum[],
  best: Minimum,
  objective: (point: Float64Array) => number,
): void {
  for (let vertex = 0; vertex < simplex.length; vertex += 1) {
    const current = simplex[vertex];
    if (!current || current === best) continue;
    const point = current.point.map((value, axis) => (value + at(best.point, axis)) / 2);
    simplex[vertex] = { point, value: objective(point) };
  }
}
