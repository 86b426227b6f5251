import { assert } from '../assert.ts';
import type { Host, ResourceClass } from './hosts.ts';

/** Share of the hosts that is kept free where no number is set. */
const RESERVE_SHARE = 0.02;

/** Amounts of one resource over all hosts that have it, in the unit of its class. */
export interface ResourceTotals {
  readonly hosts: number;
  /** What instances may claim on all hosts. */
  readonly claimable: number;
  /** Of that, what the largest hosts hold: kept free for failures and maintenance. */
  readonly reserve: number;
  /** Claimable less reserve: what demand may reach. */
  readonly usable: number;
  /** What is claimed on the hosts that tell; null when none does. */
  readonly used: number | null;
  readonly hostsWithoutUsage: number;
}

/** How many of the largest hosts are kept free: one, or 2 % of them, whichever is more. */
export function defaultReserveHosts(hosts: number): number {
  return Math.max(1, Math.ceil(RESERVE_SHARE * hosts));
}

/** The largest hosts are taken for each resource on its own: the worst that can fail. */
export function resourceTotals(
  hosts: readonly Host[],
  resourceClass: ResourceClass,
  reserveHosts: number,
): ResourceTotals {
  assert(Number.isInteger(reserveHosts) && reserveHosts >= 0, 'reserveHosts counts hosts');
  const amounts = hosts.flatMap((host) => host.amounts[resourceClass] ?? []);
  const capacities = amounts.map((amount) => amount.capacity).sort((a, b) => b - a);
  const claimable = sum(capacities);
  const reserve = sum(capacities.slice(0, reserveHosts));
  const told = amounts.flatMap((amount) => amount.used ?? []);
  return {
    hosts: amounts.length,
    claimable,
    reserve,
    usable: claimable - reserve,
    used: told.length > 0 ? sum(told) : null,
    hostsWithoutUsage: amounts.length - told.length,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
