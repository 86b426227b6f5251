import * as z from 'zod';
import type { CapacitySnapshot } from '../ports/capacity-store.ts';
import { type Host, mergeHosts, RESOURCE_CLASSES, type ResourceClass } from './hosts.ts';
import { defaultReserveHosts, type ResourceTotals, resourceTotals } from './usable.ts';

const amount = z.number().min(0);

const resource = z.strictObject({
  unit: z.enum(['cores', 'GiB']),
  hosts: z.int().min(0).describe('Hosts that have this resource.'),
  total: amount.describe('(total - reserved) x allocation ratio, floored per host and added up.'),
  reserve: amount.describe('What the largest hosts hold: kept free for failures and maintenance.'),
  usable: amount.describe('Total less reserve: what demand may reach.'),
  used: amount.nullable().describe('Claimed on the hosts that tell; null when none does.'),
  free: z.number().nullable().describe('Usable less used; below 0 the reserve is being eaten.'),
  hostsWithoutUsage: z.int().min(0),
});

/** The capacity of a region as the API tells it. */
export const capacityAnswer = z.strictObject({
  region: z.string(),
  sources: z.array(
    z.strictObject({ source: z.string(), observedAt: z.string(), hosts: z.int().min(0) }),
  ),
  hosts: z.int().min(0),
  reserveHosts: z.int().min(0).describe('How many of the largest hosts are kept in reserve.'),
  cores: resource.nullable(),
  ram: resource.nullable(),
  disk: resource.nullable(),
});
export type CapacityAnswer = z.infer<typeof capacityAnswer>;

export interface CapacitySettings {
  /** How many of the largest hosts are kept in reserve; by default 1 or 2 %, the larger. */
  readonly reserveHosts?: number | undefined;
}

const MIB_PER_GIB = 1_024;
/** From the unit of a resource class to the unit of the answer. */
export const PER_ANSWER_UNIT: Readonly<Record<ResourceClass, number>> = {
  VCPU: 1,
  MEMORY_MB: MIB_PER_GIB,
  DISK_GB: 1,
};

export function reserveHostsOf(hosts: readonly Host[], settings: CapacitySettings): number {
  const computing = hosts.filter((host) => host.amounts.VCPU !== undefined);
  return settings.reserveHosts ?? defaultReserveHosts(computing.length);
}

/** Usable capacity from the newest snapshots; null when no source has told of any host. */
export function capacityView(
  region: string,
  snapshots: readonly CapacitySnapshot[],
  settings: CapacitySettings,
): CapacityAnswer | null {
  const hosts = mergeHosts(snapshots);
  if (hosts.length === 0) return null;
  const reserveHosts = reserveHostsOf(hosts, settings);
  const [cores, ram, disk] = RESOURCE_CLASSES.map((resourceClass) =>
    told(resourceTotals(hosts, resourceClass, reserveHosts), resourceClass),
  );
  return {
    region,
    sources: snapshots.map(({ source, observedAt, hosts: own }) => ({
      source,
      observedAt,
      hosts: own.length,
    })),
    hosts: hosts.length,
    reserveHosts,
    cores: cores ?? null,
    ram: ram ?? null,
    disk: disk ?? null,
  };
}

function told(
  totals: ResourceTotals,
  resourceClass: ResourceClass,
): z.infer<typeof resource> | null {
  if (totals.hosts === 0) return null;
  const scale = PER_ANSWER_UNIT[resourceClass];
  return {
    unit: resourceClass === 'VCPU' ? 'cores' : 'GiB',
    hosts: totals.hosts,
    total: totals.claimable / scale,
    reserve: totals.reserve / scale,
    usable: totals.usable / scale,
    used: totals.used === null ? null : totals.used / scale,
    free: totals.used === null ? null : (totals.usable - totals.used) / scale,
    hostsWithoutUsage: totals.hostsWithoutUsage,
  };
}
