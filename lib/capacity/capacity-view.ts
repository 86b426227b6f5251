import { compareText } from '../identifiers.ts';
import type { Day } from '../period/calendar.ts';
import type { CapacitySnapshot } from '../ports/capacity-store.ts';
import {
  answerUnit,
  type CapacityAnswer,
  perAnswerUnit,
  type ResourceAnswer,
} from './capacity-answer.ts';
import type { CapacitySettings, HostChange } from './capacity-settings.ts';
import type { NamedFlavor } from './flavors.ts';
import { drainedOn, hostsOn, isOn, isToCome } from './host-changes.ts';
import { groupsOf, UNGROUPED } from './host-groups.ts';
import { type Host, isComputing, type ResourceClass } from './hosts.ts';
import { reserveRule } from './reserve.ts';
import { groupTotals, type ResourceTotals } from './resource-totals.ts';
import { type CapacityPlan, capacityPlan, usableRulesOn } from './usable.ts';

const TOLD_BY_NAME = ['VCPU', 'PCPU', 'MEMORY_MB', 'DISK_GB'];

/** Usable capacity by the newest snapshots and the plan; null when no source has told of any host. */
export function capacityView(
  region: string,
  snapshots: readonly CapacitySnapshot[],
  settings: CapacitySettings,
  {
    day,
    flavors = [],
  }: { readonly day?: Day | undefined; readonly flavors?: readonly NamedFlavor[] } = {},
): CapacityAnswer | null {
  const plan = capacityPlan(snapshots, settings, flavors);
  if (plan === null) return null;
  const on = day ?? plan.observedOn;
  const hosts = hostsOn(plan, on);
  const per = settings.reserve?.per ?? 'region';
  const groups = groupsOf(hosts, per);
  return {
    region,
    day: on,
    observedOn: plan.observedOn,
    sources: snapshots.map(({ source, observedAt, hosts: own }) => ({
      source,
      observedAt,
      hosts: own.length,
    })),
    hosts: hosts.length,
    reserveHosts: sum([...groups.values()].map((group) => reserveHostsOf(group, settings))),
    reservePer: per,
    roomForFlavor: roomForFlavor(plan),
    drainedHosts: drainedOn(plan, on),
    ...resourcesOf(plan, on, groups),
    zones: per === 'aggregate' ? [] : toldGroups(plan, on, groupsOf(hosts, 'zone')),
    aggregates: toldGroups(plan, on, byAggregate(hosts)),
    changes: toldChanges(plan, on),
  };
}

function roomForFlavor({ settings, flavors }: CapacityPlan): CapacityAnswer['roomForFlavor'] {
  const name = settings.reserve?.roomForFlavor;
  return name === undefined
    ? null
    : { name, isKnown: flavors.some((flavor) => flavor.name === name) };
}

/** How many of the largest hosts of a group are kept in reserve. */
export function reserveHostsOf(hosts: readonly Host[], settings: CapacitySettings): number {
  return reserveRule(settings)(hosts.filter(isComputing).length);
}

/** Every aggregate with all of its hosts, so that one host may be told of twice. */
function byAggregate(hosts: readonly Host[]): ReadonlyMap<string, readonly Host[]> {
  const groups = new Map<string, Host[]>();
  for (const host of hosts) {
    for (const name of host.aggregates ?? []) {
      groups.set(name, [...(groups.get(name) ?? []), host]);
    }
  }
  return groups;
}

function toldGroups(
  plan: CapacityPlan,
  day: Day,
  groups: ReadonlyMap<string, readonly Host[]>,
): CapacityAnswer['zones'] {
  const names = [...groups.keys()];
  if (names.every((name) => name === UNGROUPED)) return [];
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, hosts]) => ({
      name,
      hosts: hosts.length,
      reserveHosts: reserveHostsOf(hosts, plan.settings),
      ...resourcesOf(plan, day, new Map([[name, hosts]])),
    }));
}

function resourcesOf(plan: CapacityPlan, day: Day, groups: ReadonlyMap<string, readonly Host[]>) {
  const rules = usableRulesOn(plan, day);
  const classes = new Set(
    [...groups.values()].flat().flatMap(({ amounts }) => Object.keys(amounts)),
  );
  const of = (resourceClass: ResourceClass) =>
    told(groupTotals(groups, resourceClass, rules), resourceClass);
  const custom = [...classes]
    .filter((resourceClass) => !TOLD_BY_NAME.includes(resourceClass))
    .sort(compareText)
    .flatMap((resourceClass) => {
      const answer = of(resourceClass);
      return answer === null ? [] : [{ resourceClass, ...answer }];
    });
  return {
    cores: of('VCPU'),
    dedicatedCores: of('PCPU'),
    ram: of('MEMORY_MB'),
    disk: of('DISK_GB'),
    custom,
  };
}

function told(totals: ResourceTotals, resourceClass: ResourceClass): ResourceAnswer | null {
  if (totals.hosts === 0) return null;
  const scale = perAnswerUnit(resourceClass);
  return {
    unit: answerUnit(resourceClass),
    hosts: totals.hosts,
    total: totals.claimable / scale,
    reserve: totals.reserve / scale,
    fragmentation: totals.fragmentation / scale,
    usable: totals.usable / scale,
    used: totals.used === null ? null : totals.used / scale,
    free: totals.used === null ? null : (totals.usable - totals.used) / scale,
    hostsWithoutUsage: totals.hostsWithoutUsage,
  };
}

function toldChanges(plan: CapacityPlan, day: Day): CapacityAnswer['changes'] {
  return (plan.settings.changes ?? [])
    .map((change) => ({
      kind: change.kind,
      id: change.id ?? null,
      from: change.from,
      until: ('until' in change ? change.until : undefined) ?? null,
      state: stateOf(change, plan, day),
    }))
    .sort((a, b) => compareText(a.from, b.from));
}

function stateOf(
  change: HostChange,
  { hosts, observedOn }: CapacityPlan,
  day: Day,
): CapacityAnswer['changes'][number]['state'] {
  const known = new Set(hosts.map(({ name }) => name));
  const isKnown = (name: string) => known.has(name);
  if (change.kind === 'add') {
    if (!isToCome(change, observedOn)) return 'in_snapshot';
    if (change.like !== undefined && !isKnown(change.like)) return 'unknown_host';
  }
  if (change.kind === 'retire' && !change.hosts.some(isKnown)) return 'unknown_host';
  if (day < change.from) return 'planned';
  return isOn(change, day) ? 'in_force' : 'over';
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
