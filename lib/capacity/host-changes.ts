import type { Day } from '../period/calendar.ts';
import type { CapacitySettings, HostChange } from './capacity-settings.ts';
import { UNGROUPED } from './host-groups.ts';
import { amountOf, claimable, type Host, type HostAmount, type ResourceClass } from './hosts.ts';

/** Hosts as observed on a day, and what is planned to change. */
export interface DatedHosts {
  readonly hosts: readonly Host[];
  readonly observedOn: Day;
  readonly settings: Pick<CapacitySettings, 'changes'>;
}

type Addition = Extract<HostChange, { readonly kind: 'add' }>;

/** The hosts that there are on a day: those observed, with what was planned to happen until then. */
export function hostsOn(dated: DatedHosts, day: Day): readonly Host[] {
  const changes = dated.settings.changes ?? [];
  if (changes.length === 0) return dated.hosts;
  const retired = new Set(
    changes.flatMap((change) =>
      change.kind === 'retire' && isOn(change, day) ? change.hosts : [],
    ),
  );
  const added = changes.flatMap((change, index) =>
    change.kind === 'add' && isToCome(change, dated.observedOn) && change.from <= day
      ? addedHosts(change, index, dated.hosts)
      : [],
  );
  const ratios = ratiosOn(changes, day);
  const present = [...dated.hosts.filter(({ name }) => !retired.has(name)), ...added];
  return ratios.size === 0 ? present : present.map((host) => withRatios(host, ratios));
}

/** Hosts of a group that are empty for upgrades on a day, beside those in reserve. */
export function drainedOn(
  { settings }: Pick<DatedHosts, 'settings'>,
  day: Day,
  group: string = UNGROUPED,
): number {
  return (settings.changes ?? []).reduce((sum, change) => {
    if (change.kind !== 'drain' || !isOn(change, day)) return sum;
    const isOfGroup = group === UNGROUPED || (change.group ?? group) === group;
    return isOfGroup ? sum + change.hosts : sum;
  }, 0);
}

/** What came up to the day of the snapshot is in the snapshot. */
export function isToCome(change: Addition, observedOn: Day): boolean {
  return change.from > observedOn;
}

/** Half-open: from its first day up to and not including `until`. */
export function isOn(
  change: { readonly from: Day; readonly until?: Day | undefined },
  day: Day,
): boolean {
  return change.from <= day && (change.until === undefined || day < change.until);
}

/** Empty where it is like a host that nobody knows: nothing is promised then. */
function addedHosts(change: Addition, index: number, known: readonly Host[]): Host[] {
  const { count, like, inventories = {}, zone, aggregates } = change;
  const model = known.find(({ name }) => name === like);
  if (like !== undefined && model === undefined) return [];
  const given = Object.entries(inventories).map(([name, inventory]) => {
    const { total, reserved = 0, allocationRatio = '1' } = inventory;
    return [name, amountOf({ total, reserved, allocationRatio, used: 0 })] as const;
  });
  const amounts = { ...emptied(model), ...Object.fromEntries(given) };
  return Array.from({ length: count }, (_, position) => ({
    ...model,
    name: `planned ${change.id ?? index + 1}, ${position + 1} of ${count}`,
    amounts,
    ...(zone === undefined ? {} : { zone }),
    ...(aggregates === undefined ? {} : { aggregates: aggregates.toSorted() }),
  }));
}

function emptied(host: Host | undefined): Host['amounts'] {
  return Object.fromEntries(
    Object.entries(host?.amounts ?? {}).map(([name, amount]) => [
      name,
      amount && { ...amount, used: 0 },
    ]),
  );
}

/** The latest of each resource class that has begun. */
function ratiosOn(changes: readonly HostChange[], day: Day): ReadonlyMap<ResourceClass, string> {
  const begun = changes
    .flatMap((change) => (change.kind === 'ratio' && change.from <= day ? [change] : []))
    .toSorted((a, b) => (a.from < b.from ? -1 : 1));
  return new Map(begun.map(({ resourceClass, ratio }) => [resourceClass, ratio]));
}

function withRatios(host: Host, ratios: ReadonlyMap<ResourceClass, string>): Host {
  const changed = Object.entries(host.amounts).map(([name, amount]) => {
    const ratio = ratios.get(name);
    return [name, ratio && amount ? withRatio(amount, ratio) : amount] as const;
  });
  return { ...host, amounts: Object.fromEntries(changed) };
}

/** The same hardware at another ratio. */
export function withRatio(amount: HostAmount, ratio: string): HostAmount {
  const total = amount.physical ?? amount.capacity;
  return { ...amount, capacity: claimable({ total, reserved: 0, allocationRatio: ratio }) };
}
