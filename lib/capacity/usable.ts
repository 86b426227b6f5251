import type { Day } from '../period/calendar.ts';
import type { CapacitySnapshot } from '../ports/capacity-store.ts';
import type { CapacitySettings } from './capacity-settings.ts';
import type { Metric } from './demand.ts';
import { flavorCatalogue, type NamedFlavor } from './flavors.ts';
import { drainedOn, hostsOn } from './host-changes.ts';
import { groupsOf } from './host-groups.ts';
import { type Host, isComputing, mergeHosts, type ResourceClass, tellsOfHosts } from './hosts.ts';
import { reserveRule } from './reserve.ts';
import { groupTotals, type ResourceTotals, type UsableRules } from './resource-totals.ts';

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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
