/** Observations from `from` to before `to` that are all the same. */
export interface FrozenRun {
  readonly from: number;
  readonly to: number;
}

/** A series that repeats its last value more often than this is one of few values, not a frozen one. */
const USUAL_REPEATS = 0.2;

/**
 * Runs of one repeated value, at least `leastSteps` long, in a series that otherwise moves: signs
 * of a collector that goes on telling what it last saw. Gaps neither end nor lengthen a run.
 */
export function frozenRuns(values: readonly (number | null)[], leastSteps: number): FrozenRun[] {
  const runs: (FrozenRun & { readonly seen: number })[] = [];
  let [from, seen] = [0, 0];
  let last: number | null = null;
  let lastIndex = 0;
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    if (value !== last) {
      runs.push({ from, to: lastIndex + 1, seen });
      [from, seen, last] = [index, 0, value];
    }
    seen += 1;
    lastIndex = index;
  }
  runs.push({ from, to: lastIndex + 1, seen });
  const frozen = runs.filter((run) => run.seen >= leastSteps);
  const others = runs.filter((run) => run.seen > 0 && run.seen < leastSteps);
  const observed = others.reduce((sum, run) => sum + run.seen, 0);
  const repeats = others.reduce((sum, run) => sum + run.seen - 1, 0);
  if (observed === 0 || repeats > USUAL_REPEATS * observed) return [];
  return frozen.map(({ from, to }) => ({ from, to }));
}
