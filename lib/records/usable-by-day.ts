import { at, medianOf } from '../forecasting/numbers.ts';
import type { ResourcePlan } from '../planning/resource-plan.ts';

/** Usable capacity by each day ahead: the median over the futures, since orders may come late or not at all. */
export function usableByDay({ capacity }: ResourcePlan): number[] | null {
  const [first] = capacity ?? [];
  if (capacity === null || first === undefined) return null;
  if (capacity.every((path) => path === first)) return Array.from(first);
  return Array.from(first, (_, step) => medianOf(capacity.map((path) => at(path, step))));
}
