import { type Decimal, fromInteger, multiply } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import type {
  CapacitySnapshot,
  HostAggregate,
  HostCapacity,
  HostInventory,
} from '../ports/capacity-store.ts';
import { parseAllocationRatio } from './allocation-ratio.ts';
import { hostNamed, hostsByName } from './host-names.ts';

/** A resource class of Placement, in its own unit: VCPU and PCPU, MEMORY_MB (MiB), DISK_GB (GiB), VGPU, CUSTOM_*. */
export type ResourceClass = string;

/** By resource class; those of every host can be had by name. */
export type ByResource<T> = { readonly [K in 'VCPU' | 'PCPU' | 'MEMORY_MB' | 'DISK_GB']?: T } & {
  readonly [resourceClass: ResourceClass]: T | undefined;
};

/** What instances may claim of one resource of a host, and what they have claimed. */
export interface HostAmount {
  readonly capacity: number;
  /** Null where the source does not tell. */
  readonly used: number | null;
  /** Total less reserved, before the allocation ratio; left out: as the capacity. */
  readonly physical?: number | undefined;
  readonly minUnit?: number | undefined;
  readonly maxUnit?: number | undefined;
  readonly stepSize?: number | undefined;
}

export interface Host {
  readonly name: string;
  readonly amounts: ByResource<HostAmount>;
  /** Its availability zone, where one is known. */
  readonly zone?: string | undefined;
  /** Names of the aggregates that it is in, sorted. */
  readonly aggregates?: readonly string[] | undefined;
  /** Left out where no source tells. */
  readonly traits?: readonly string[] | undefined;
}

/** Placement decides what is scheduled, so it is believed first; the rest by name. */
const SOURCES_BELIEVED_FIRST = ['placement', 'nova'];

type Draft = { -readonly [K in keyof HostCapacity]: HostCapacity[K] };

/**
 * One list of hosts from the newest snapshots of all sources, sorted by name. Where two name the
 * same host, the more believed source counts, and the other fills in what it does not tell. A host
 * that the more believed source lacks counts only if it was seen later: else it is gone.
 *
 * @param aggregates further ones, over those of the snapshots by name
 */
export function mergeHosts(
  snapshots: readonly CapacitySnapshot[],
  aggregates: readonly HostAggregate[] = [],
): Host[] {
  const merged = new Map<string, Draft>();
  let believedAt = '';
  for (const snapshot of snapshots.filter(tellsOfHosts).toSorted(byBelief)) {
    for (const host of snapshot.hosts) {
      const known = merged.get(host.host);
      if (known) fillIn(known, host);
      else if (snapshot.observedAt > believedAt) merged.set(host.host, { ...host });
    }
    if (snapshot.observedAt > believedAt) believedAt = snapshot.observedAt;
  }
  const membership = membershipOf(
    [...snapshots.toSorted(byBelief).flatMap((one) => one.aggregates ?? []), ...aggregates],
    hostsByName([...merged.keys()]),
  );
  return [...merged.values()]
    .sort((a, b) => compareText(a.host, b.host))
    .map(({ host: name, inventories, traits }) => ({
      name,
      amounts: amountsOf(inventories),
      ...(traits ? { traits } : {}),
      ...membership.get(name),
    }));
}

/** Shared storage is a provider of its own, with nothing that computes. */
export function isComputing({ amounts }: Host): boolean {
  return amounts.VCPU !== undefined || amounts.PCPU !== undefined;
}

/** Lists of aggregates, of flavors and of leases come as snapshots of their own. */
export function tellsOfHosts({ aggregates, flavors, reservations }: CapacitySnapshot): boolean {
  return aggregates === undefined && flavors === undefined && reservations === undefined;
}

/** Of an aggregate that is told twice the last word counts; a host is in one availability zone. */
function membershipOf(
  aggregates: readonly HostAggregate[],
  names: ReadonlyMap<string, string>,
): ReadonlyMap<string, Pick<Host, 'zone' | 'aggregates'>> {
  const byName = new Map(aggregates.map((aggregate) => [aggregate.name, aggregate]));
  const membership = new Map<string, { zone?: string; aggregates: string[] }>();
  for (const { name, zone, hosts } of [...byName.values()].sort((a, b) =>
    compareText(a.name, b.name),
  )) {
    for (const given of hosts) {
      const host = hostNamed(names, given) ?? given;
      const own = membership.get(host) ?? { aggregates: [] };
      if (!own.aggregates.includes(name)) own.aggregates.push(name);
      if (zone !== null) own.zone ??= zone;
      membership.set(host, own);
    }
  }
  return membership;
}

function byBelief(a: CapacitySnapshot, b: CapacitySnapshot): number {
  const rank = (source: string) => {
    const index = SOURCES_BELIEVED_FIRST.indexOf(source);
    return index < 0 ? SOURCES_BELIEVED_FIRST.length : index;
  };
  return rank(a.source) - rank(b.source) || compareText(a.source, b.source);
}

function fillIn(known: Draft, { inventories, traits }: HostCapacity): void {
  known.traits ??= traits;
  const filled = { ...known.inventories };
  for (const [name, inventory] of Object.entries(inventories)) {
    const own = filled[name];
    if (own === undefined) filled[name] = inventory;
    else if (own.used === null) filled[name] = { ...own, used: inventory.used };
  }
  known.inventories = filled;
}

function amountsOf(inventories: Readonly<Record<string, HostInventory>>): Host['amounts'] {
  return Object.fromEntries(
    Object.entries(inventories).map(([name, inventory]) => [name, amountOf(inventory)]),
  );
}

export function amountOf(inventory: HostInventory): HostAmount {
  const { used, minUnit, maxUnit, stepSize } = inventory;
  return {
    capacity: claimable(inventory),
    used,
    physical: Math.max(0, Math.trunc(inventory.total) - Math.trunc(inventory.reserved)),
    ...(minUnit === undefined ? {} : { minUnit }),
    ...(maxUnit === undefined ? {} : { maxUnit }),
    ...(stepSize === undefined ? {} : { stepSize }),
  };
}

/** floor((total - reserved) x allocation ratio), as Placement counts it; never below 0. */
export function claimable(
  inventory: Pick<HostInventory, 'total' | 'reserved' | 'allocationRatio'>,
): number {
  const physical = fromInteger(Math.trunc(inventory.total) - Math.trunc(inventory.reserved));
  if (physical.unscaled <= 0n) return 0;
  return Number(wholePart(multiply(physical, parseAllocationRatio(inventory.allocationRatio))));
}

function wholePart(value: Decimal): bigint {
  return value.unscaled / 10n ** BigInt(value.scale);
}
