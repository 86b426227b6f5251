import type { Metric } from '../capacity/demand.ts';
import { at } from '../forecasting/numbers.ts';
import type { OwnDemand } from '../planning/region-inputs.ts';

/** Sizes of the mean instance of a mix. */
export interface MeanInstance {
  readonly vcpus: number;
  readonly ramGib: number;
}

const MIB_PER_GIB = 1_024;

export function meanInstance(
  mix: readonly { readonly vcpus: number; readonly ramMib: number; readonly share: number }[],
): MeanInstance {
  const instances = mix.reduce((sum, { share }) => sum + share, 0);
  const vcpus = mix.reduce((sum, one) => sum + one.share * one.vcpus, 0);
  const ramMib = mix.reduce((sum, one) => sum + one.share * one.ramMib, 0);
  return { vcpus: vcpus / instances, ramGib: ramMib / MIB_PER_GIB / instances };
}

/** What is to be added to each future beside events; null where nothing is, or it is not known. */
export type AddedDemand = Readonly<Record<Metric, readonly Float64Array[] | null>>;

/**
 * What is to be added so that what demand gains from today on comes in a mix. With the mean instance
 * that stands now, as many instances come as are forecast, of the new sizes, and what demand loses
 * goes in the sizes that stand. Without it cores stay as they are forecast, and RAM is that of today
 * and so many GiB for each core more (or less).
 */
export function demandInMix(
  asked: MeanInstance,
  present: MeanInstance | null,
  { cores, ram }: Readonly<Record<Metric, OwnDemand | null>>,
): AddedDemand {
  if (cores === null) return { cores: null, ram: null };
  const coresPerCore = present === null ? 1 : asked.vcpus / present.vcpus;
  const [gibGained, gibLost] =
    present === null
      ? [asked.ramGib / asked.vcpus, asked.ramGib / asked.vcpus]
      : [asked.ramGib / present.vcpus, present.ramGib / present.vcpus];
  const gained = (index: number, step: number) =>
    at(cores.paths[index] ?? [], step) - cores.present;
  return {
    cores:
      present === null
        ? null
        : cores.paths.map((path, index) =>
            path.map((_, step) => (coresPerCore - 1) * Math.max(0, gained(index, step))),
          ),
    ram:
      ram === null
        ? null
        : ram.paths.map((path, index) =>
            path.map((value, step) => {
              const change = gained(index, step);
              return Math.max(0, ram.present + (change > 0 ? gibGained : gibLost) * change) - value;
            }),
          ),
  };
}
