import * as z from 'zod';
import type { HostAggregate, ListedFlavor } from '../ports/capacity-store.ts';
import { isJsonObject } from './formats/json-object.ts';
import { excerpt, ObjectRefused } from './refusal.ts';

/** GET /os-aggregates (nova api-ref); other members are not looked at. */
const AGGREGATES = z.object({
  aggregates: z.array(
    z.object({
      name: z.string().min(1),
      availability_zone: z.string().nullish(),
      hosts: z.array(z.string().min(1)),
    }),
  ),
});

const COUNT = z.int().nonnegative();
/** Swap is in MiB, and empty text where there is none. */
const SWAP = z.union([COUNT, z.literal('').transform(() => 0)]).default(0);
const PROPERTIES = z.record(z.string(), z.string()).nullish();

/** GET /flavors/detail; `extra_specs` from microversion 2.61 on. */
const DETAILED = z
  .object({
    name: z.string().min(1),
    vcpus: COUNT.min(1),
    ram: COUNT.min(1),
    disk: COUNT,
    'OS-FLV-EXT-DATA:ephemeral': COUNT.default(0),
    swap: SWAP,
    extra_specs: PROPERTIES,
  })
  .transform(({ 'OS-FLV-EXT-DATA:ephemeral': ephemeral, ...rest }) => ({ ...rest, ephemeral }));

/** `openstack flavor list --long -f json` (python-openstackclient compute/v2/flavor.py). */
const LISTED = z
  .object({
    Name: z.string().min(1),
    VCPUs: COUNT.min(1),
    RAM: COUNT.min(1),
    Disk: COUNT,
    Ephemeral: COUNT.default(0),
    Swap: SWAP,
    Properties: PROPERTIES,
  })
  .transform((row) => ({
    name: row.Name,
    vcpus: row.VCPUs,
    ram: row.RAM,
    disk: row.Disk,
    ephemeral: row.Ephemeral,
    swap: row.Swap,
    extra_specs: row.Properties,
  }));

const MIB_PER_GIB = 1_024;

/** Null when the body is no list of aggregates. @throws ObjectRefused when it is one that cannot be read */
export function aggregatesOf(body: unknown, line: number): HostAggregate[] | null {
  if (!isJsonObject(body) || !Array.isArray(body['aggregates'])) return null;
  const parsed = AGGREGATES.safeParse(body);
  if (!parsed.success) {
    throw new ObjectRefused(
      'not_aggregates',
      `The body at line ${line} lists aggregates without their hosts: wrap the answer of GET /os-aggregates as it came.`,
    );
  }
  return parsed.data.aggregates.map(({ name, availability_zone: zone, hosts }) => ({
    name,
    zone: zone ?? null,
    hosts,
  }));
}

/** Null when the body is no list of flavors. @throws ObjectRefused when it is one that cannot be read */
export function flavorsOf(body: unknown, line: number): ListedFlavor[] | null {
  const list = listOf(body);
  if (list === null) return null;
  return list.map((flavor) => {
    const parsed = z.union([DETAILED, LISTED]).safeParse(flavor);
    if (parsed.success) return listedFlavor(parsed.data);
    throw new ObjectRefused(
      'flavor_without_sizes',
      `A flavor at line ${line} does not tell its vCPUs, RAM and disk: ${excerpt(JSON.stringify(flavor))}. Wrap the answer of GET /flavors/detail, or of "openstack flavor list --long -f json", as it came.`,
    );
  });
}

function listOf(body: unknown): readonly unknown[] | null {
  if (isJsonObject(body) && Array.isArray(body['flavors'])) return body['flavors'];
  const isList = Array.isArray(body) && body.some((row) => isJsonObject(row) && 'VCPUs' in row);
  return isList ? body : null;
}

/** What Nova asks Placement for: root disk, ephemeral disk and swap; `resources:` and traits by name. */
function listedFlavor(flavor: z.output<typeof DETAILED>): ListedFlavor {
  const { name, vcpus, ram, disk, ephemeral, swap, extra_specs } = flavor;
  const specs = Object.entries(extra_specs ?? {});
  const resources = Object.fromEntries(specs.flatMap(resourceOf));
  const traits = specs
    .flatMap(([key, value]) =>
      key.startsWith('trait:') && value === 'required' ? [key.slice('trait:'.length)] : [],
    )
    .sort();
  return {
    name,
    vcpus,
    ramMib: ram,
    diskGib: disk + ephemeral + Math.ceil(swap / MIB_PER_GIB),
    ...(extra_specs?.['hw:cpu_policy'] === 'dedicated' ? { dedicatedCpus: true } : {}),
    ...(Object.keys(resources).length > 0 ? { resources } : {}),
    ...(traits.length > 0 ? { traits } : {}),
  };
}

/** The classes that the sizes stand for are not told again. */
const OF_SIZES = new Set(['VCPU', 'PCPU', 'MEMORY_MB', 'DISK_GB']);

function resourceOf([key, value]: readonly [string, string]): [string, number][] {
  const name = /^resources:([A-Z0-9_]+)$/.exec(key)?.[1];
  const amount = Number(value);
  if (name === undefined || OF_SIZES.has(name)) return [];
  return Number.isInteger(amount) && amount > 0 ? [[name, amount]] : [];
}
