import * as z from 'zod';
import type { Day } from '../period/calendar.ts';
import type { CapacitySnapshot } from '../ports/capacity-store.ts';
import { perAnswerUnit } from './capacity-answer.ts';
import type { CapacitySettings } from './capacity-settings.ts';
import { type Fit, fitFlavor } from './fit.ts';
import type { Flavor, NamedFlavor } from './flavors.ts';
import { drainedOn, hostsOn } from './host-changes.ts';
import { groupsOf } from './host-groups.ts';
import { reserveRule } from './reserve.ts';
import { capacityPlan } from './usable.ts';

const count = z.int().min(0);

/** A flavor as the API tells it. */
export const flavorAnswer = z.strictObject({
  name: z.string().nullable().describe('Null: its sizes were given.'),
  origin: z
    .enum(['settings', 'nova', 'metered'])
    .nullable()
    .describe('Whose word the sizes are; null: the request gave them.'),
  vcpus: z.int().positive(),
  ramMib: z.int().positive(),
  diskGib: count,
  dedicatedCpus: z.boolean(),
  resources: z.record(z.string(), z.int().positive()),
  traits: z.array(z.string()),
  aggregates: z.array(z.string()).nullable().describe('Null: any host.'),
});

/** How many more instances of a flavor a region takes, as the API tells it. */
export const fitAnswer = z.strictObject({
  region: z.string(),
  day: z.string().meta({ format: 'date' }),
  flavor: flavorAnswer,
  fits: count.describe('More instances to promise: those that fit host by host, less the reserve.'),
  fitsInFree: count.describe('What fits into everything that is free.'),
  heldInReserve: count.describe('Of that, what is kept for the largest hosts to fail.'),
  hosts: count.describe('Hosts that may take the flavor.'),
  reserveHosts: count.describe('Of those, how many are kept in reserve or drained on the day.'),
  stranded: z
    .strictObject({ cores: z.number(), ramGib: z.number(), diskGib: z.number() })
    .describe('Free on those once no further instance fits: the other resource ran out.'),
  boundBy: z
    .strictObject({ cores: count, ram: count, disk: count, other: count })
    .describe('Those by the resource that runs out first.'),
  hostsWithoutUsage: count.describe('Hosts that do not tell what is claimed; nothing fits there.'),
});
export type FitAnswer = z.infer<typeof fitAnswer>;

/** Null when no source has told of any host. */
export function fitView(input: {
  readonly region: string;
  readonly snapshots: readonly CapacitySnapshot[];
  readonly settings: CapacitySettings;
  readonly flavor: Flavor | NamedFlavor;
  /** Default: the day of the newest snapshot. */
  readonly day?: Day | undefined;
}): FitAnswer | null {
  const { region, flavor, settings } = input;
  const plan = capacityPlan(input.snapshots, settings);
  if (plan === null) return null;
  const day = input.day ?? plan.observedOn;
  const groups = groupsOf(hostsOn(plan, day), settings.reserve?.per ?? 'region');
  const rule = reserveRule(settings);
  const fits = [...groups].map(([group, hosts]) => {
    const drained = drainedOn(plan, day, group);
    return fitFlavor(hosts, flavor, (count) => rule(count) + drained);
  });
  const of = (pick: (fit: Fit) => number) => fits.reduce((sum, fit) => sum + pick(fit), 0);
  const stranded = (name: string) => of((fit) => fit.stranded.get(name) ?? 0) / perAnswerUnit(name);
  const bound = (name: string) => of((fit) => fit.boundBy.get(name) ?? 0);
  const cpu = flavor.dedicatedCpus ? 'PCPU' : 'VCPU';
  const named = [cpu, 'MEMORY_MB', 'DISK_GB'];
  return {
    region,
    day,
    flavor: toldFlavor(flavor),
    fits: of((fit) => fit.fits),
    fitsInFree: of((fit) => fit.inFree),
    heldInReserve: of((fit) => fit.heldInReserve),
    hosts: of((fit) => fit.hosts),
    reserveHosts: of((fit) => fit.reserveHosts),
    stranded: {
      cores: stranded(cpu),
      ramGib: stranded('MEMORY_MB'),
      diskGib: stranded('DISK_GB'),
    },
    boundBy: {
      cores: bound(cpu),
      ram: bound('MEMORY_MB'),
      disk: bound('DISK_GB'),
      other: of((fit) => sumBut(fit.boundBy, named)),
    },
    hostsWithoutUsage: of((fit) => fit.hostsWithoutUsage),
  };
}

function sumBut(counts: ReadonlyMap<string, number>, names: readonly string[]): number {
  return [...counts].reduce((sum, [name, own]) => (names.includes(name) ? sum : sum + own), 0);
}

export function toldFlavor(flavor: Flavor | NamedFlavor): z.infer<typeof flavorAnswer> {
  const { vcpus, ramMib, diskGib, dedicatedCpus = false, resources = {} } = flavor;
  const { traits = [], aggregates = null } = flavor;
  const [name, origin] = 'name' in flavor ? [flavor.name, flavor.origin] : [null, null];
  return {
    name,
    origin,
    vcpus,
    ramMib,
    diskGib,
    dedicatedCpus,
    resources: { ...resources },
    traits: [...traits],
    aggregates: aggregates === null ? null : [...aggregates],
  };
}
