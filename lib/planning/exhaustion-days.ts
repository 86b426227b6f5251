import { assert } from '../assert.ts';
import { at } from '../forecasting/numbers.ts';

/** Days after the origin, from 1; Infinity is beyond the horizon. One per path. */
export type DaysToExhaustion = Float64Array;

/** For each path, the first day on which demand is above the capacity of the same path. */
export function daysToExhaustion(
  demand: readonly Float64Array[],
  capacity: readonly Float64Array[],
): DaysToExhaustion {
  assert(demand.length === capacity.length, 'every path of demand has one of capacity');
  return Float64Array.from(demand, (path, index) => {
    const limits = capacity[index];
    const first = path.findIndex((value, step) => value > at(limits ?? [], step));
    return first < 0 ? Number.POSITIVE_INFINITY : first + 1;
  });
}

/** Probability that it has happened by each day after the origin; never decreasing. */
export function probabilityByDay(days: DaysToExhaustion, horizonDays: number): number[] {
  const counts = new Float64Array(horizonDays + 1);
  for (const day of days) if (day <= horizonDays) counts[day] = at(counts, day) + 1;
  let happened = 0;
  return Array.from({ length: horizonDays }, (_, step) => {
    happened += at(counts, step + 1);
    return happened / days.length;
  });
}

/** The first of several resources to run out, path by path: they bind together. */
export interface JointDays {
  readonly days: DaysToExhaustion;
  /** Share of the paths that run out in which each resource is among the first; in the given order. */
  readonly bindingShare: readonly number[];
}

export function jointDays(resources: readonly DaysToExhaustion[]): JointDays {
  const [first] = resources;
  assert(first !== undefined, 'something runs out');
  const days = first.map((_, path) => Math.min(...resources.map((one) => at(one, path))));
  const bound = days.reduce((sum, day) => sum + (Number.isFinite(day) ? 1 : 0), 0);
  const bindingShare = resources.map((one) => {
    const binding = one.reduce(
      (sum, day, path) => sum + (Number.isFinite(day) && day === at(days, path) ? 1 : 0),
      0,
    );
    return bound === 0 ? 0 : binding / bound;
  });
  return { days, bindingShare };
}
