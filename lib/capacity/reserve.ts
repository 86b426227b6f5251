import { assert } from '../assert.ts';
import type { CapacitySettings, ReserveSettings } from './capacity-settings.ts';

/** Share of the hosts that is kept free where nothing is set. */
const RESERVE_SHARE = 0.02;
const ALPHA = 0.01;
const DAYS_PER_YEAR = 365;

/** How many hosts of a group of so many are kept free. Never fewer of a larger group. */
export type ReserveRule = (hosts: number) => number;

/** A number that is set is taken; else what is needed by failure and maintenance, or a share of the hosts. */
export function reserveRule({ reserveHosts, reserve = {} }: CapacitySettings): ReserveRule {
  if (reserveHosts !== undefined) return () => reserveHosts;
  const { hostsMin = 1, share, unavailable, alpha = ALPHA } = reserve;
  const shareOf = (hosts: number) =>
    Math.ceil((share ?? (unavailable ? 0 : RESERVE_SHARE)) * hosts);
  if (!unavailable) return (hosts) => Math.max(hostsMin, shareOf(hosts));
  const probability = unavailability(unavailable);
  const known = new Map<number, number>();
  return (hosts) => {
    const away = known.get(hosts) ?? hostsAway(hosts, probability, alpha);
    known.set(hosts, away);
    return Math.max(hostsMin, shareOf(hosts), away);
  };
}

/** Probability that a host is away at some instant. */
export function unavailability({
  failuresPerHostYear,
  repairDays,
  maintenanceShare = 0,
}: NonNullable<ReserveSettings['unavailable']>): number {
  return Math.min(1, (failuresPerHostYear * repairDays) / DAYS_PER_YEAR + maintenanceShare);
}

/** The smallest k with P(Bin(hosts, probability) > k) <= alpha. */
export function hostsAway(hosts: number, probability: number, alpha: number): number {
  assert(probability >= 0 && probability <= 1, 'a probability is between 0 and 1');
  if (probability === 0) return 0;
  if (probability === 1) return hosts;
  const [logP, logQ] = [Math.log(probability), Math.log1p(-probability)];
  // In logarithms: (1 - p)^hosts alone is below the smallest double for some thousand hosts.
  let logTerm = hosts * logQ;
  let cumulative = Math.exp(logTerm);
  for (let k = 0; k < hosts; k += 1) {
    if (1 - cumulative <= alpha) return k;
    logTerm += Math.log((hosts - k) / (k + 1)) + logP - logQ;
    cumulative += Math.exp(logTerm);
  }
  return hosts;
}
