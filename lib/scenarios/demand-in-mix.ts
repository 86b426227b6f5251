import type { Metric } from '../capacity/demand.ts';
import { at } from '../forecasting/numbers.ts';
import type { OwnDemand } from '../planning/region-inputs.ts';
import type { Scenario } from './scenario.ts';

const MIB_PER_GIB = 1_024;

/** GiB of RAM for each core of a mix of flavors. */
export function gibPerCore(mix: NonNullable<Scenario['mix']>): number {
  const cores = mix.reduce((sum, { vcpus, share }) => sum + share * vcpus, 0);
  const mib = mix.reduce((sum, { ramMib, share }) => sum + share * ramMib, 0);
  return mib / MIB_PER_GIB / cores;
}

/**
 * What is to be added to the RAM of each future so that what cores gain from today on comes in a
 * mix: RAM of today, and so many GiB for each core more (or less). Null where one of them is unknown.
 */
export function demandInMix(
  mix: NonNullable<Scenario['mix']>,
  { cores, ram }: Readonly<Record<Metric, OwnDemand | null>>,
): readonly Float64Array[] | null {
  if (cores === null || ram === null) return null;
  const perCore = gibPerCore(mix);
  return ram.paths.map((path, index) =>
    path.map((value, step) => {
      const gained = at(cores.paths[index] ?? [], step) - cores.present;
      return Math.max(0, ram.present + perCore * gained) - value;
    }),
  );
}
