import { formatInstant } from '../../lib/period/instant.ts';
import type { SampleFile } from './ceilometer.ts';
import { type Instance, type SampleCloud, type SampleRegion, valueAt } from './cloud.ts';

/**
 * What Placement answers for each compute host, in the documented envelope, one host a line. The
 * nearly full region overcommits its cores less than the others do.
 */
export function placementExport(cloud: SampleCloud, region: SampleRegion): SampleFile {
  const observedAt = formatInstant(cloud.end);
  const coreRatio = region.character === 'nearly-full' ? 1.6 : 2;
  const lines = region.hosts.flatMap((host) => {
    const held = heldOn(host.name, region.instances, cloud.end);
    const envelope = {
      region: region.region,
      source: 'placement',
      resourceProvider: host.name,
      observedAt,
    };
    const inventories = {
      VCPU: inventory(host.vcpus, 0, coreRatio),
      MEMORY_MB: inventory(host.memoryMib, 512, 1),
      DISK_GB: inventory(4_000, 0, 1),
    };
    const usages = { VCPU: held.vcpus, MEMORY_MB: held.ramMib, DISK_GB: held.diskGib };
    return [
      { ...envelope, body: { inventories, resource_provider_generation: 7 } },
      { ...envelope, body: { resource_provider_generation: 7, usages } },
    ];
  });
  return {
    region: region.region,
    name: `placement-${region.region}.jsonl`,
    rows: lines.length,
    body: Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
  };
}

function inventory(total: number, reserved: number, ratio: number): object {
  return {
    total,
    reserved,
    allocation_ratio: ratio,
    min_unit: 1,
    max_unit: total,
    step_size: 1,
  };
}

function heldOn(
  host: string,
  instances: readonly Instance[],
  at: number,
): { vcpus: number; ramMib: number; diskGib: number } {
  const held = { vcpus: 0, ramMib: 0, diskGib: 0 };
  for (const instance of instances) {
    const alive =
      instance.createdAt <= at && (instance.deletedAt === null || instance.deletedAt > at);
    if (!alive || instance.host !== host) continue;
    const flavor = valueAt(instance.flavors, at);
    held.vcpus += flavor.vcpus;
    held.ramMib += flavor.ramMib;
    held.diskGib += flavor.diskGib;
  }
  return held;
}
