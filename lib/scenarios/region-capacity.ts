import type { CapacitySettings, HostChange } from '../capacity/capacity-settings.ts';
import type { Metric } from '../capacity/demand.ts';
import { isComputing } from '../capacity/hosts.ts';
import type { CapacityPlan } from '../capacity/usable.ts';
import { ProblemError } from '../errors.ts';
import { addDays, type Day } from '../period/calendar.ts';
import { type CapacityOutlook, usableOn } from '../planning/capacity-outlook.ts';
import { outlookOf } from '../planning/gather-inputs.ts';
import type { RegionForecastInputs } from '../planning/region-inputs.ts';
import type { Scenario } from './scenario.ts';

type RegionCapacity = RegionForecastInputs['capacity'];

/**
 * The capacity of a region with a scenario's orders, ratios, reserve and changes. What has been is
 * left as it was: all of it counts from the day after the newest snapshot.
 *
 * @throws ProblemError `refused` where it speaks of hosts that are not known
 */
export function capacityIn(
  scenario: Scenario,
  region: string,
  known: {
    readonly plan: CapacityPlan | null;
    readonly capacity: RegionCapacity;
  },
): RegionCapacity {
  const { plan, capacity } = known;
  if (plan === null) {
    // What is said of every region counts where there are hosts.
    if (changesOf(scenario).some((one) => one.region === region)) throw noHosts(region);
    return capacity;
  }
  if (!changesOf(scenario).some((one) => (one.region ?? region) === region)) return capacity;
  const changed = planIn(scenario, region, plan);
  const tomorrow = addDays(plan.observedOn, 1);
  const outlook = (metric: Metric) =>
    fromDayOn(tomorrow, capacity[metric], outlookOf(changed, metric));
  return { cores: outlook('cores'), ram: outlook('ram') };
}

/** The hosts of a region with a scenario's orders, ratios, reserve and changes. */
export function planIn(scenario: Scenario, region: string, plan: CapacityPlan): CapacityPlan {
  return { ...plan, settings: settingsIn(scenario, region, plan) };
}

/** The one up to a day, the other from it on. */
function fromDayOn(
  day: Day,
  before: CapacityOutlook | null,
  after: CapacityOutlook | null,
): CapacityOutlook | null {
  if (before === null || after === null) return before ?? after;
  const then = { from: day, usable: usableOn(after, day) };
  const usable = [
    ...before.usable.filter(({ from }) => from < day),
    then,
    ...after.usable.filter(({ from }) => from > day),
  ];
  return { usable, hostSize: before.hostSize };
}

function changesOf(scenario: Scenario): { readonly region?: string | undefined }[] {
  const { orders = [], ratios = [], reserves = [], changes = [] } = scenario;
  return [...orders, ...ratios, ...reserves, ...changes];
}

function settingsIn(scenario: Scenario, region: string, plan: CapacityPlan): CapacitySettings {
  const { orders = [], ratios = [], reserves = [], changes = [] } = scenario;
  const tomorrow = addDays(plan.observedOn, 1);
  const isOfRegion = (one: { readonly region?: string | undefined }) =>
    (one.region ?? region) === region;
  const added: HostChange[] = [
    ...orders.filter(isOfRegion).map((order) => orderChange(order, plan)),
    ...ratios.filter(isOfRegion).map(({ resourceClass, ratio, from }): HostChange => {
      return { kind: 'ratio', resourceClass, ratio, from: later(from ?? tomorrow, tomorrow) };
    }),
    ...changes
      .filter(isOfRegion)
      .map(({ change }) => ({ ...change, from: later(change.from, tomorrow) })),
  ];
  const settings = { ...plan.settings, changes: [...(plan.settings.changes ?? []), ...added] };
  return reserves.filter(isOfRegion).reduce(withReserve, settings);
}

function later(from: Day, tomorrow: Day): Day {
  return from < tomorrow ? tomorrow : from;
}

function withReserve(
  settings: CapacitySettings,
  { hosts, rule }: NonNullable<Scenario['reserves']>[number],
): CapacitySettings {
  if (hosts !== undefined) return { ...settings, reserveHosts: hosts };
  const { reserveHosts: _, ...rest } = settings;
  return { ...rest, reserve: { ...settings.reserve, ...rule } };
}

/** @throws ProblemError `refused` when there is no such host, or none that computes */
function orderChange(
  { region, from, hosts, like }: NonNullable<Scenario['orders']>[number],
  plan: CapacityPlan,
): HostChange {
  const model = like ?? medianHost(plan);
  if (model === null || !plan.hosts.some(({ name }) => name === model)) {
    throw new ProblemError(
      'refused',
      `There is no host "${like ?? ''}" in region "${region}" that others can be like: name one that its newest snapshot has.`,
    );
  }
  const tomorrow = addDays(plan.observedOn, 1);
  return { kind: 'add', from: later(from, tomorrow), count: hosts, like: model };
}

/** The host in the middle by cores, then by RAM and name. */
function medianHost({ hosts }: CapacityPlan): string | null {
  const size = (amounts: (typeof hosts)[number]['amounts']) =>
    (amounts.VCPU?.capacity ?? 0) + (amounts.PCPU?.capacity ?? 0);
  const sorted = hosts
    .filter(isComputing)
    .toSorted(
      (a, b) =>
        size(a.amounts) - size(b.amounts) ||
        (a.amounts.MEMORY_MB?.capacity ?? 0) - (b.amounts.MEMORY_MB?.capacity ?? 0),
    );
  return sorted[sorted.length >> 1]?.name ?? null;
}

function noHosts(region: string): ProblemError {
  return new ProblemError(
    'refused',
    `No host of region "${region}" is known, so its capacity cannot be changed: ingest its Placement inventories or Nova hypervisors first.`,
  );
}
