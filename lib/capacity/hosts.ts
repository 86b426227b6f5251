import { type Decimal, fromInteger, multiply } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import type { CapacitySnapshot, HostCapacity, HostInventory } from '../ports/capacity-store.ts';
import { parseAllocationRatio } from './allocation-ratio.ts';

/** Resource classes of OpenStack that planning looks at, in their own units: vCPU, MiB, GiB. */
export const RESOURCE_CLASSES = ['VCPU', 'MEMORY_MB', 'DISK_GB'] as const;
export type ResourceClass = (typeof RESOURCE_CLASSES)[number];

/** What instances may claim of one resource of a host, and what they have claimed. */
export interface HostAmount {
  readonly capacity: number;
  /** Null where the source does not tell. */
  readonly used: number | null;
}

export interface Host {
  readonly name: string;
  readonly amounts: Readonly<Partial<Record<ResourceClass, HostAmount>>>;
}

/** Placement decides what is scheduled, so it is believed first; the rest by name. */
const SOURCES_BELIEVED_FIRST = ['placement', 'nova'];

/**
 * One list of hosts from the newest snapshots of all sources, sorted by name. Where two name the
 * same host, the more believed source counts, and the other fills in what it does not tell. A host
 * that the more believed source lacks counts only if it was seen later: else it is gone.
 */
export function mergeHosts(snapshots: readonly CapacitySnapshot[]): Host[] {
  const merged = new Map<string, Record<string, HostInventory>>();
  let believedAt = '';
  for (const snapshot of snapshots.toSorted(byBelief)) {
    for (const host of snapshot.hosts) {
      const known = merged.get(host.host);
      if (known) fillIn(known, host);
      else if (snapshot.observedAt > believedAt) merged.set(host.host, { ...host.inventories });
    }
    if (snapshot.observedAt > believedAt) believedAt = snapshot.observedAt;
  }
  return [...merged]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, inventories]) => ({ name, amounts: amountsOf(inventories) }));
}

function byBelief(a: CapacitySnapshot, b: CapacitySnapshot): number {
  const rank = (source: string) => {
    const index = SOURCES_BELIEVED_FIRST.indexOf(source);
    return index < 0 ? SOURCES_BELIEVED_FIRST.length : index;
  };
  return rank(a.source) - rank(b.source) || compareText(a.source, b.source);
}

function fillIn(known: Record<string, HostInventory>, host: HostCapacity): void {
  for (const [name, inventory] of Object.entries(host.inventories)) {
    const own = known[name];
    if (own === undefined) known[name] = inventory;
    else if (own.used === null) known[name] = { ...own, used: inventory.used };
  }
}

function amountsOf(inventories: Readonly<Record<string, HostInventory>>): Host['amounts'] {
  const amounts: Partial<Record<ResourceClass, HostAmount>> = {};
  for (const name of RESOURCE_CLASSES) {
    const inventory = inventories[name];
    if (inventory) amounts[name] = { capacity: claimable(inventory), used: inventory.used };
  }
  return amounts;
}

/** floor((total - reserved) x allocation ratio), as Placement counts it; never below 0. */
export function claimable(inventory: HostInventory): number {
  const physical = fromInteger(Math.trunc(inventory.total) - Math.trunc(inventory.reserved));
  if (physical.unscaled <= 0n) return 0;
  return Number(wholePart(multiply(physical, parseAllocationRatio(inventory.allocationRatio))));
}

function wholePart(value: Decimal): bigint {
  return value.unscaled / 10n ** BigInt(value.scale);
}
