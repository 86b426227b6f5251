import { at } from '../forecasting/numbers.ts';
import type { MetricOutlook } from './metric-outlook.ts';

/** Futures of one resource: demand with events, and what it may reach on the same path. */
export interface ResourcePlan {
  readonly outlook: MetricOutlook;
  readonly demand: readonly Float64Array[];
  /** Null where it is not known. */
  readonly capacity: readonly Float64Array[] | null;
  /** What events add to demand on average, by day; null where none does. */
  readonly addedMean: Float64Array | null;
}

export function resourcePlan(input: {
  readonly outlook: MetricOutlook;
  readonly added: readonly Float64Array[] | null;
  readonly usable: Float64Array | null;
  readonly addedCapacity: readonly Float64Array[] | null;
}): ResourcePlan {
  const { outlook, added, usable, addedCapacity } = input;
  const demand = added === null ? outlook.paths : outlook.paths.map((p, i) => sum(p, added[i]));
  const capacity =
    usable &&
    outlook.paths.map((_, index) =>
      addedCapacity === null ? usable : sum(usable, addedCapacity[index]),
    );
  return { outlook, demand, capacity, addedMean: added && meanPath(added) };
}

/** Neither demand nor capacity is ever less than nothing. */
function sum(path: Float64Array, added: Float64Array | undefined): Float64Array {
  return path.map((value, step) => Math.max(0, value + at(added ?? [], step)));
}

export function meanPath(paths: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(paths[0]?.length ?? 0);
  for (const path of paths) {
    for (let step = 0; step < mean.length; step += 1) {
      mean[step] = at(mean, step) + at(path, step) / paths.length;
    }
  }
  return mean;
}
