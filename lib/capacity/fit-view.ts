import * as z from 'zod';
import type { CapacitySnapshot } from '../ports/capacity-store.ts';
import { type CapacitySettings, PER_ANSWER_UNIT, reserveHostsOf } from './capacity-view.ts';
import { type Flavor, fitFlavor } from './fit.ts';
import { mergeHosts } from './hosts.ts';

const count = z.int().min(0);

/** How many more instances of a flavor a region takes, as the API tells it. */
export const fitAnswer = z.strictObject({
  region: z.string(),
  flavor: z.strictObject({
    vcpus: z.int().positive(),
    ramMib: z.int().positive(),
    diskGib: z.int().min(0),
  }),
  fits: count.describe('More instances to promise: those that fit host by host, less the reserve.'),
  fitsInFree: count.describe('What fits into everything that is free.'),
  heldInReserve: count.describe('Of that, what is kept for the largest hosts to fail.'),
  reserveHosts: count,
  stranded: z
    .strictObject({ cores: z.number(), ramGib: z.number(), diskGib: z.number() })
    .describe('Free on the hosts once no further instance fits: the other resource ran out.'),
  boundBy: z
    .strictObject({ cores: count, ram: count, disk: count })
    .describe('Hosts by the resource that runs out first.'),
  hostsWithoutUsage: count.describe('Hosts that do not tell what is claimed; nothing fits there.'),
});
export type FitAnswer = z.infer<typeof fitAnswer>;

/** Null when no source has told of any host. */
export function fitView(input: {
  readonly region: string;
  readonly snapshots: readonly CapacitySnapshot[];
  readonly settings: CapacitySettings;
  readonly flavor: Flavor;
}): FitAnswer | null {
  const { region, flavor } = input;
  const hosts = mergeHosts(input.snapshots);
  if (hosts.length === 0) return null;
  const reserveHosts = reserveHostsOf(hosts, input.settings);
  const fit = fitFlavor(hosts, flavor, reserveHosts);
  return {
    region,
    flavor: { vcpus: flavor.vcpus, ramMib: flavor.ramMib, diskGib: flavor.diskGib },
    fits: fit.fits,
    fitsInFree: fit.inFree,
    heldInReserve: fit.heldInReserve,
    reserveHosts,
    stranded: {
      cores: fit.stranded.VCPU,
      ramGib: fit.stranded.MEMORY_MB / PER_ANSWER_UNIT.MEMORY_MB,
      diskGib: fit.stranded.DISK_GB,
    },
    boundBy: { cores: fit.boundBy.VCPU, ram: fit.boundBy.MEMORY_MB, disk: fit.boundBy.DISK_GB },
    hostsWithoutUsage: fit.hostsWithoutUsage,
  };
}
