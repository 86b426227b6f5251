import { assert } from '../assert.ts';
import type { Day } from '../period/calendar.ts';
import type { CapacitySnapshot } from '../ports/capacity-store.ts';
import type { CapacitySettings } from './capacity-settings.ts';
import type { Metric } from './demand.ts';
import { flavorCatalogue, type NamedFlavor, needsOf } from './flavors.ts';
import { drainedOn, hostsOn } from './host-changes.ts';
import { groupsOf, UNGROUPED } from './host-groups.ts';
import { type Host, isComputing, mergeHosts, type ResourceClass, tellsOfHosts } from './hosts.ts';
import { type ReserveRule, reserveRule } from './reserve.ts';

/** Amounts of one resource over all hosts that have it, in the unit of its class. */
export interface ResourceTotals {
  readonly hosts: number;
  /** What instances may claim on all hosts. */
  readonly claimable: number;
  /** Of that, what is kept free for hosts that fail, are in maintenance or are drained. */
  readonly reserve: number;
  /** Of that, what may lie about in pieces that are too small for the largest flavor. */
  readonly fragmentation: number;
  /** Claimable less both: what demand may reach. */
  readonly usable: number;
  /** What is claimed on the hosts that tell; null when none does. */
  readonly used: number | null;
  readonly hostsWithoutUsage: number;
}

/** What makes claimable capacity usable. */
export interface UsableRules {
  readonly reserveHosts: ReserveRule;
  /** Hosts of a group that are empty for an upgrade, beside those in reserve; none without. */
  readonly drained?: ((group: string) => number) | undefined;
  /** The flavor for one more of which there must be room. */
  readonly roomFor?: NamedFlavor | undefined;
}

/** All that usable capacity on any day follows from. */
export interface CapacityPlan {
  /** As observed, sorted by name. */
  readonly hosts: readonly Host[];
  /** Day of the newest snapshot (UTC): planned additions up to it are in the list already. */
  readonly observedOn: Day;
  readonly settings: CapacitySettings;
  /** For `reserve.roomForFlavor`. */
  readonly flavors: readonly NamedFlavor[];
}

/** Null when no source has told of any host. @param flavors those of the region, from `storedFlavors` or the like */
export function capacityPlan(
  snapshots: readonly CapacitySnapshot[],
  settings: CapacitySettings,
  flavors: readonly NamedFlavor[] = [],
): CapacityPlan | null {
  const aggregates = (settings.aggregates ?? []).map(({ zone = null, ...rest }) => ({
    ...rest,
    zone,
  }));
  const hosts = mergeHosts(snapshots, aggregates);
  if (hosts.length === 0) return null;
  const observedAt = snapshots.filter(tellsOfHosts).map((snapshot) => snapshot.observedAt);
  const observedOn = observedAt.map((text) => new Date(text).toISOString().slice(0, 10)).sort();
  const listed = snapshots.flatMap((snapshot) => snapshot.flavors ?? []);
  return {
    hosts,
    observedOn: observedOn.at(-1) ?? '',
    settings,
    flavors: flavorCatalogue([
      ...flavors,
      ...listed.map((flavor): NamedFlavor => ({ ...flavor, origin: 'nova' })),
    ]),
  };
}

/**
 * What demand may reach on a day, by the hosts that there are then, in the unit of the class. More
 * hosts are never less: a host so small that it would only cost another in reserve is left out.
 */
export function usableOn(
  plan: CapacityPlan,
  resourceClass: ResourceClass,
  day: Day,
): ResourceTotals {
  const groups = groupsOf(hostsOn(plan, day), plan.settings.reserve?.per ?? 'region');
  return groupTotals(groups, resourceClass, usableRulesOn(plan, day));
}

const MIB_PER_GIB = 1_024;

/** Usable capacity from a day on, in cores (VCPU and PCPU) or GiB. */
export interface UsableStep {
  readonly from: Day;
  readonly usable: number;
}

/**
 * What a forecast is held against: from the day of the newest snapshot, with a step for each later
 * day on which a planned change begins or ends. At least one, by `from`.
 */
export function usableSteps(plan: CapacityPlan, metric: Metric): readonly UsableStep[] {
  const turns = (plan.settings.changes ?? [])
    .flatMap((change) =>
      'until' in change && change.until ? [change.from, change.until] : [change.from],
    )
    .filter((day) => day > plan.observedOn);
  const days = [plan.observedOn, ...new Set(turns.sort())];
  return days.map((from) => ({ from, usable: usableOfMetric(plan, metric, from) }));
}

/** What a host of mean size takes, in cores or GiB, by the hosts that were observed. */
export function meanHostSize({ hosts }: CapacityPlan, metric: Metric): number {
  const computing = hosts.filter(isComputing);
  const sizes = computing.map(({ amounts }) =>
    metric === 'cores'
      ? (amounts.VCPU?.capacity ?? 0) + (amounts.PCPU?.capacity ?? 0)
      : (amounts.MEMORY_MB?.capacity ?? 0) / MIB_PER_GIB,
  );
  return sizes.length === 0 ? 0 : sum(sizes) / sizes.length;
}

function usableOfMetric(plan: CapacityPlan, metric: Metric, day: Day): number {
  return metric === 'cores'
    ? usableOn(plan, 'VCPU', day).usable + usableOn(plan, 'PCPU', day).usable
    : usableOn(plan, 'MEMORY_MB', day).usable / MIB_PER_GIB;
}

export function usableRulesOn(plan: CapacityPlan, day: Day): UsableRules {
  const wanted = plan.settings.reserve?.roomForFlavor;
  return {
    reserveHosts: reserveRule(plan.settings),
    drained: (group) => drainedOn(plan, day, group),
    roomFor: plan.flavors.find(({ name }) => name === wanted),
  };
}

/** The largest hosts are taken for each resource on its own: the worst that can fail. */
export function resourceTotals(
  hosts: readonly Host[],
  resourceClass: ResourceClass,
  { rules, group = UNGROUPED }: { readonly rules: UsableRules; readonly group?: string },
): ResourceTotals {
  const having = hosts.filter((host) => host.amounts[resourceClass]);
  const room = roomOf(resourceClass, rules);
  const effective = (host: Host) =>
    Math.max(0, (host.amounts[resourceClass]?.capacity ?? 0) - (isPool(host) ? 0 : room));
  const pools = having.filter(isPool).map(effective);
  const computing = having.filter((host) => !isPool(host)).map(effective);
  const awayOf = (count: number) => rules.reserveHosts(count) + (rules.drained?.(group) ?? 0);
  const usable = sum(pools) + keptOf(computing, awayOf);
  const claimable = sum(having.map((host) => host.amounts[resourceClass]?.capacity ?? 0));
  const inPieces = claimable - sum(pools) - sum(computing);
  const told = having.flatMap((host) => host.amounts[resourceClass]?.used ?? []);
  return {
    hosts: having.length,
    claimable,
    reserve: claimable - inPieces - usable,
    fragmentation: inPieces,
    usable,
    used: told.length > 0 ? sum(told) : null,
    hostsWithoutUsage: having.length - told.length,
  };
}

/** Nothing is kept for shared storage to fail. */
function isPool(host: Host): boolean {
  return host.amounts.DISK_GB !== undefined && Object.keys(host.amounts).length === 1;
}

/** As long as more than this is free of each host, one of them takes another instance of the flavor. */
function roomOf(resourceClass: ResourceClass, { roomFor }: UsableRules): number {
  const need = roomFor && needsOf(roomFor).find((one) => one.resourceClass === resourceClass);
  return need ? need.amount - 1 : 0;
}

/** What is left of the largest hosts less their reserve, for as many of them as leave the most. */
function keptOf(capacities: readonly number[], awayOf: (count: number) => number): number {
  const largestFirst = capacities.toSorted((a, b) => b - a);
  const sums = [0];
  for (const capacity of largestFirst) sums.push((sums.at(-1) ?? 0) + capacity);
  let most = 0;
  for (let count = 1; count <= largestFirst.length; count += 1) {
    const away = awayOf(count);
    assert(Number.isInteger(away) && away >= 0, 'a reserve counts hosts');
    most = Math.max(most, (sums[count] ?? 0) - (sums[Math.min(count, away)] ?? 0));
  }
  return most;
}

/** Over groups of hosts that fail apart from each other: each keeps its own reserve. */
export function groupTotals(
  groups: ReadonlyMap<string, readonly Host[]>,
  resourceClass: ResourceClass,
  rules: UsableRules,
): ResourceTotals {
  const parts = [...groups].map(([group, hosts]) =>
    resourceTotals(hosts, resourceClass, { rules, group }),
  );
  const of = (pick: (totals: ResourceTotals) => number) => sum(parts.map(pick));
  const told = parts.flatMap(({ used }) => used ?? []);
  return {
    hosts: of(({ hosts }) => hosts),
    claimable: of(({ claimable }) => claimable),
    reserve: of(({ reserve }) => reserve),
    fragmentation: of(({ fragmentation }) => fragmentation),
    usable: of(({ usable }) => usable),
    used: told.length > 0 ? sum(told) : null,
    hostsWithoutUsage: of(({ hostsWithoutUsage }) => hostsWithoutUsage),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
