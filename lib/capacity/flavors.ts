import * as z from 'zod';
import { assert } from '../assert.ts';
import { ProblemError } from '../errors.ts';
import { compareText } from '../identifiers.ts';
import type { ResourceClass } from './hosts.ts';

/** What one instance claims, and where it may stand. Disk 0 is an instance that boots from a volume. */
export interface Flavor {
  readonly vcpus: number;
  readonly ramMib: number;
  readonly diskGib: number;
  /** Its CPUs are pinned: it claims PCPU and no VCPU (`hw:cpu_policy=dedicated`). */
  readonly dedicatedCpus?: boolean | undefined;
  /** Further resource classes, such as `CUSTOM_GPU` or `VGPU`. */
  readonly resources?: Readonly<Record<ResourceClass, number>> | undefined;
  /** Traits that a host must have. */
  readonly traits?: readonly string[] | undefined;
  /** Host aggregates that take it; left out: all hosts do. */
  readonly aggregates?: readonly string[] | undefined;
}

/** Whose word the sizes are: the region's settings, Nova's list of flavors, or metered instances. */
export type FlavorOrigin = 'settings' | 'nova' | 'metered';

export interface NamedFlavor extends Flavor {
  readonly name: string;
  readonly origin: FlavorOrigin;
}

const size = z.int().min(1).max(1_000_000_000);
const RESOURCE_CLASS = /^[A-Z0-9_]{1,255}$/;
const FLAVOR_NAMES_TOLD = 20;

/** A flavor as region settings have it. */
export const FlavorSettings = z.strictObject({
  name: z.string().min(1).max(255),
  vcpus: size.describe('vCPUs.'),
  ramMib: size.describe('RAM in MiB.'),
  diskGib: z
    .int()
    .min(0)
    .max(1_000_000_000)
    .optional()
    .describe("Disk of the host's own, in GiB; left out: it boots from a volume."),
  dedicatedCpus: z.boolean().optional().describe('Pinned CPUs: it claims PCPU, not VCPU.'),
  resources: z
    .record(z.string().regex(RESOURCE_CLASS, 'is not a resource class, such as CUSTOM_GPU'), size)
    .optional()
    .describe('Further resource classes, such as CUSTOM_GPU.'),
  traits: z.array(z.string().min(1).max(255)).optional().describe('Traits that a host must have.'),
  aggregates: z
    .array(z.string().min(1).max(255))
    .min(1)
    .optional()
    .describe('Host aggregates that take it; left out: all hosts do.'),
});

/** Flavors of a region as its settings have them, each name once. */
export const FlavorList = z
  .array(FlavorSettings)
  .max(1_000)
  .refine((flavors) => new Set(flavors.map(({ name }) => name)).size === flavors.length, {
    error: 'two flavors have the same name: keep one',
  });

export function flavorOfSettings(settings: z.infer<typeof FlavorSettings>): NamedFlavor {
  return { ...settings, diskGib: settings.diskGib ?? 0, origin: 'settings' };
}

const BELIEVED_FIRST: readonly FlavorOrigin[] = ['settings', 'nova', 'metered'];

/** Each name once, sorted by it: settings are believed first, then Nova, then what was metered. */
export function flavorCatalogue(flavors: readonly NamedFlavor[]): readonly NamedFlavor[] {
  const byName = new Map<string, NamedFlavor>();
  for (const origin of BELIEVED_FIRST) {
    for (const flavor of flavors) {
      if (flavor.origin === origin && !byName.has(flavor.name)) byName.set(flavor.name, flavor);
    }
  }
  return [...byName.values()].sort((a, b) => compareText(a.name, b.name));
}

/** @throws ProblemError `not_found` with the flavors that there are */
export function requireFlavor(
  catalogue: readonly NamedFlavor[],
  name: string,
  region: string,
): NamedFlavor {
  const found = catalogue.find((flavor) => flavor.name === name);
  if (found) return found;
  const known = catalogue.slice(0, FLAVOR_NAMES_TOLD).map((flavor) => flavor.name);
  const more =
    catalogue.length > known.length ? ` and ${catalogue.length - known.length} more` : '';
  const told = known.length > 0 ? `These are: ${known.join(', ')}${more}.` : 'None is known yet.';
  throw new ProblemError(
    'not_found',
    `No flavor "${name}" is known in "${region}". ${told} Ingest Nova's list of flavors, or put it into the region's settings under "flavors", or give its sizes.`,
    [{ pointer: '/query/flavor', message: 'is not a flavor that is known' }],
  );
}

/** What one instance takes of one resource class, in the unit of the class. */
export interface Need {
  readonly resourceClass: ResourceClass;
  readonly amount: number;
}

/** CPU first, then RAM, disk where it has its own, and what else it claims by name. */
export function needsOf(flavor: Flavor): readonly Need[] {
  assert(flavor.vcpus > 0 && flavor.ramMib > 0 && flavor.diskGib >= 0, 'a flavor claims something');
  const { dedicatedCpus = false, resources = {} } = flavor;
  const own: Need[] = [
    { resourceClass: dedicatedCpus ? 'PCPU' : 'VCPU', amount: flavor.vcpus },
    { resourceClass: 'MEMORY_MB', amount: flavor.ramMib },
    { resourceClass: 'DISK_GB', amount: flavor.diskGib },
  ];
  const further = Object.entries(resources)
    .map(([resourceClass, amount]) => ({ resourceClass, amount }))
    .sort((a, b) => compareText(a.resourceClass, b.resourceClass));
  return [...own, ...further].filter(({ amount }) => amount > 0);
}
