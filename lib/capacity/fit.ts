import { assert } from '../assert.ts';
import type { Host, ResourceClass } from './hosts.ts';

/** What one instance claims. Disk 0 is an instance that boots from a volume. */
export interface Flavor {
  readonly vcpus: number;
  readonly ramMib: number;
  readonly diskGib: number;
}

export interface Fit {
  /** Instances that fit into what is free, host by host: an instance cannot be split. */
  readonly inFree: number;
  /** Of those, what the emptied largest hosts would need to be taken in elsewhere. */
  readonly heldInReserve: number;
  /** Instances to promise: inFree less heldInReserve. */
  readonly fits: number;
  /** Left over on the hosts when no further instance fits, in the unit of each class. */
  readonly stranded: Readonly<Record<ResourceClass, number>>;
  /** Hosts by the resource that runs out first. */
  readonly boundBy: Readonly<Record<ResourceClass, number>>;
  /** Hosts that do not tell what is claimed on them: nothing is promised there. */
  readonly hostsWithoutUsage: number;
}

interface Need {
  readonly resourceClass: ResourceClass;
  readonly amount: number;
}

/** How many more instances of a flavor fit, with the largest `reserveHosts` hosts kept in reserve. */
export function fitFlavor(hosts: readonly Host[], flavor: Flavor, reserveHosts: number): Fit {
  const needs = needsOf(flavor);
  const stranded = { VCPU: 0, MEMORY_MB: 0, DISK_GB: 0 };
  const boundBy = { VCPU: 0, MEMORY_MB: 0, DISK_GB: 0 };
  const emptied: number[] = [];
  let [inFree, hostsWithoutUsage] = [0, 0];
  for (const host of hosts) {
    if (host.amounts.VCPU === undefined || host.amounts.MEMORY_MB === undefined) continue;
    emptied.push(packed(host, needs, () => 0).count);
    if (needs.some((need) => host.amounts[need.resourceClass]?.used === null)) {
      hostsWithoutUsage += 1;
      continue;
    }
    const { count, binding } = packed(host, needs, (used) => used);
    inFree += count;
    boundBy[binding] += 1;
    for (const { resourceClass, amount } of needs) {
      stranded[resourceClass] += free(host, resourceClass, (used) => used) - count * amount;
    }
  }
  const largest = emptied.sort((a, b) => b - a).slice(0, reserveHosts);
  const heldInReserve = Math.min(
    inFree,
    largest.reduce((sum, count) => sum + count, 0),
  );
  const fits = inFree - heldInReserve;
  return { inFree, heldInReserve, fits, stranded, boundBy, hostsWithoutUsage };
}

function needsOf(flavor: Flavor): Need[] {
  assert(flavor.vcpus > 0 && flavor.ramMib > 0 && flavor.diskGib >= 0, 'a flavor claims something');
  const disk: Need[] =
    flavor.diskGib > 0 ? [{ resourceClass: 'DISK_GB', amount: flavor.diskGib }] : [];
  return [
    { resourceClass: 'VCPU', amount: flavor.vcpus },
    { resourceClass: 'MEMORY_MB', amount: flavor.ramMib },
    ...disk,
  ];
}

/** Instances that one host takes, and the resource that allows no more. */
function packed(
  host: Host,
  needs: readonly Need[],
  usedOf: (used: number) => number,
): { count: number; binding: ResourceClass } {
  let count = Number.POSITIVE_INFINITY;
  let binding: ResourceClass = 'VCPU';
  for (const { resourceClass, amount } of needs) {
    // A host without disk of its own takes it from shared storage.
    if (host.amounts[resourceClass] === undefined) continue;
    const taken = Math.floor(free(host, resourceClass, usedOf) / amount);
    if (taken < count) {
      count = taken;
      binding = resourceClass;
    }
  }
  return { count, binding };
}

/** What is not claimed; overcommitted hosts have nothing free. */
function free(host: Host, resourceClass: ResourceClass, usedOf: (used: number) => number): number {
  const amount = host.amounts[resourceClass];
  return amount ? Math.max(0, amount.capacity - usedOf(amount.used ?? 0)) : 0;
}
