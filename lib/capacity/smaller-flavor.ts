import type { SurveyedInstance, UseShares } from '../ports/surveys.ts';
import type { NamedFlavor } from './flavors.ts';

/** Room that is left above the highest use that counts. */
export const CPU_FILL = 0.8;
const RAM_FILL = 0.9;

/**
 * The smallest flavor that holds what was used, with some to spare: fewer vCPUs, no less RAM than is
 * held unless the guest's own use was measured, no less disk, and nothing else that differs.
 */
export function smallerFlavor(
  instance: SurveyedInstance,
  cpu: UseShares,
  flavors: readonly NamedFlavor[],
): NamedFlavor | null {
  const { vcpus, memoryMib, diskGib, ram } = instance;
  if (vcpus === null || memoryMib === null) return null;
  const coresNeeded = (cpu.p99 * vcpus) / CPU_FILL;
  const ramNeeded =
    ram === null ? memoryMib : Math.min(memoryMib, (ram.max * memoryMib) / RAM_FILL);
  const own = flavors.find(({ name }) => name === instance.class);
  const fitting = flavors.filter(
    (flavor) =>
      flavor.vcpus < vcpus &&
      flavor.vcpus >= coresNeeded &&
      flavor.ramMib <= memoryMib &&
      flavor.ramMib >= ramNeeded &&
      flavor.diskGib >= diskGib &&
      isAlike(flavor, own),
  );
  const size = ({ vcpus: cores, ramMib, diskGib: disk }: NamedFlavor) => [cores, ramMib, disk];
  return fitting.toSorted((a, b) => compareSizes(size(a), size(b)))[0] ?? null;
}

function isAlike(a: NamedFlavor, b: NamedFlavor | undefined): boolean {
  const rest = ({ dedicatedCpus = false, resources = {}, traits = [], aggregates }: NamedFlavor) =>
    JSON.stringify([
      dedicatedCpus,
      Object.entries(resources).sort(),
      [...traits].sort(),
      aggregates,
    ]);
  return b !== undefined && rest(a) === rest(b);
}

function compareSizes(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, position) => value !== b[position]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}
