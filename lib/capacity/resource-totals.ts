import { assert } from '../assert.ts';
import { type NamedFlavor, needsOf } from './flavors.ts';
import { UNGROUPED } from './host-groups.ts';
import type { Host, ResourceClass } from './hosts.ts';
import type { ReserveRule } from './reserve.ts';

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
