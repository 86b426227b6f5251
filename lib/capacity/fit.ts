import { type Flavor, type Need, needsOf } from './flavors.ts';
import type { Host, HostAmount, ResourceClass } from './hosts.ts';
import type { ReserveRule } from './reserve.ts';

export interface Fit {
  /** Instances that fit into what is free, host by host: an instance cannot be split. */
  readonly inFree: number;
  /** Of those, what the emptied largest hosts would need to be taken in elsewhere. */
  readonly heldInReserve: number;
  /** Instances to promise: inFree less heldInReserve. */
  readonly fits: number;
  /** Hosts that the flavor may stand on: they have what it claims, its traits, and are in its aggregates. */
  readonly hosts: number;
  /** Of those, how many are kept in reserve. */
  readonly reserveHosts: number;
  /** Left over on those when no further instance fits, in the unit of each class. */
  readonly stranded: ReadonlyMap<ResourceClass, number>;
  /** Those by the resource that runs out first. */
  readonly boundBy: ReadonlyMap<ResourceClass, number>;
  /** Those that do not tell what is claimed on them: nothing is promised there. */
  readonly hostsWithoutUsage: number;
}

/** How many more instances of a flavor fit, with the largest hosts kept in reserve. */
export function fitFlavor(hosts: readonly Host[], flavor: Flavor, reserveHosts: ReserveRule): Fit {
  const needs = needsOf(flavor);
  const stranded = new Map<ResourceClass, number>();
  const boundBy = new Map<ResourceClass, number>();
  const rooms: { readonly free: number; readonly emptied: number }[] = [];
  let hostsWithoutUsage = 0;
  for (const host of hosts) {
    if (!takes(host, flavor)) continue;
    const emptied = instancesOn(host, needs, () => 0).count;
    if (needs.some(({ resourceClass }) => host.amounts[resourceClass]?.used === null)) {
      hostsWithoutUsage += 1;
      rooms.push({ free: 0, emptied });
      continue;
    }
    const { count, binding } = instancesOn(host, needs, ({ used }) => used ?? 0);
    rooms.push({ free: count, emptied });
    add(boundBy, binding, 1);
    for (const { resourceClass, amount } of needs) {
      add(stranded, resourceClass, freeOf(host.amounts[resourceClass]) - count * amount);
    }
  }
  const promised = promise(rooms, reserveHosts);
  return { ...promised, hosts: rooms.length, stranded, boundBy, hostsWithoutUsage };
}

/** Whether an instance of the flavor may stand on a host, were it empty. */
export function takes(host: Host, flavor: Flavor): boolean {
  const { traits = [], aggregates } = flavor;
  // Traits are not told of by every source: a host that tells none is not ruled out by them.
  if (host.traits && !traits.every((trait) => host.traits?.includes(trait))) return false;
  if (aggregates && !aggregates.some((name) => host.aggregates?.includes(name))) return false;
  return needsOf(flavor).every(({ resourceClass, amount }) => {
    const own = host.amounts[resourceClass];
    // A host without disk of its own takes it from shared storage.
    return own ? isAllowed(own, amount) : resourceClass === 'DISK_GB';
  });
}

/** Placement refuses an allocation outside of these, however much is free. */
function isAllowed({ minUnit = 1, maxUnit, stepSize = 1 }: HostAmount, amount: number): boolean {
  return amount >= minUnit && amount % stepSize === 0 && (maxUnit ?? amount) >= amount;
}

/** Instances that one host takes, and the resource that allows no more. */
function instancesOn(
  host: Host,
  needs: readonly Need[],
  usedOf: (amount: HostAmount) => number,
): { readonly count: number; readonly binding: ResourceClass } {
  let count = Number.POSITIVE_INFINITY;
  let binding: ResourceClass = needs[0]?.resourceClass ?? '';
  for (const { resourceClass, amount } of needs) {
    const own = host.amounts[resourceClass];
    if (own === undefined) continue;
    const taken = Math.floor(Math.max(0, own.capacity - usedOf(own)) / amount);
    if (taken < count) {
      count = taken;
      binding = resourceClass;
    }
  }
  return { count, binding };
}

/** What is not claimed; overcommitted hosts have nothing free. */
function freeOf(amount: HostAmount | undefined): number {
  return amount ? Math.max(0, amount.capacity - (amount.used ?? 0)) : 0;
}

/**
 * What can be promised on the largest hosts, for as many of them as allow the most: what the reserved
 * ones would take when empty has to find room elsewhere, should they fail.
 */
function promise(
  rooms: readonly { readonly free: number; readonly emptied: number }[],
  reserveHosts: ReserveRule,
): Pick<Fit, 'inFree' | 'heldInReserve' | 'fits' | 'reserveHosts'> {
  const largestFirst = rooms.toSorted((a, b) => b.emptied - a.emptied);
  const emptied = [0];
  for (const room of largestFirst) emptied.push((emptied.at(-1) ?? 0) + room.emptied);
  const inFree = rooms.reduce((sum, { free }) => sum + free, 0);
  let [fits, free] = [0, 0];
  largestFirst.forEach((room, index) => {
    free += room.free;
    const reserved = Math.min(reserveHosts(index + 1), index + 1);
    fits = Math.max(fits, free - (emptied[reserved] ?? 0));
  });
  return {
    inFree,
    fits,
    heldInReserve: inFree - fits,
    reserveHosts: Math.min(reserveHosts(rooms.length), rooms.length),
  };
}

function add(sums: Map<ResourceClass, number>, key: ResourceClass, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}
