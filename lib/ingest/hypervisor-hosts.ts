import * as z from 'zod';
import type { HostCapacity, HostInventory } from '../ports/capacity-store.ts';
import { isJsonObject } from './formats/json-object.ts';
import { ObjectRefused } from './refusal.ts';

const COUNT = z.int().nonnegative();

/** os-hypervisors/detail up to microversion 2.87; 2.88 took the counts away. */
const HYPERVISOR = z.object({
  hypervisor_hostname: z.string().min(1),
  vcpus: COUNT,
  vcpus_used: COUNT,
  memory_mb: COUNT,
  memory_mb_used: COUNT,
  local_gb: COUNT.optional(),
  local_gb_used: COUNT.optional(),
});

/** Columns of `openstack hypervisor list --long` (python-openstackclient compute/v2/hypervisor.py). */
const LISTED = z
  .object({
    'Hypervisor Hostname': z.string().min(1),
    vCPUs: COUNT,
    'vCPUs Used': COUNT,
    'Memory MB': COUNT,
    'Memory MB Used': COUNT,
  })
  .transform((row) => ({
    hypervisor_hostname: row['Hypervisor Hostname'],
    vcpus: row.vCPUs,
    vcpus_used: row['vCPUs Used'],
    memory_mb: row['Memory MB'],
    memory_mb_used: row['Memory MB Used'],
  }));

/** @throws ObjectRefused when the body tells of no hypervisors, or tells of them without their sizes */
export function hypervisorsOf(
  body: unknown,
  line: number,
): { readonly hosts: readonly HostCapacity[]; readonly isPage: boolean } {
  const { list, links } = listOf(body, line);
  return {
    hosts: list.map((hypervisor) => hostOf(hypervisor, line)),
    isPage: Array.isArray(links) && links.length > 0,
  };
}

/** os-hypervisors/detail, the show of one, or what the command line prints. */
function listOf(
  body: unknown,
  line: number,
): { readonly list: readonly unknown[]; readonly links: unknown } {
  if (Array.isArray(body)) return { list: body, links: [] };
  if (isJsonObject(body)) {
    const { hypervisors, hypervisors_links: links, hypervisor } = body;
    if (Array.isArray(hypervisors)) return { list: hypervisors, links };
    if (isJsonObject(hypervisor)) return { list: [hypervisor], links: [] };
    if ('hypervisor_statistics' in body) {
      throw new ObjectRefused(
        'hypervisor_statistics',
        `The body at line ${line} sums all hypervisors, so no host of it is known. Wrap the answer of os-hypervisors/detail instead.`,
      );
    }
  }
  throw new ObjectRefused(
    'not_hypervisors',
    `The body at line ${line} is no list of hypervisors. Wrap the answer of os-hypervisors/detail, or of "openstack hypervisor list --long -f json", as it came.`,
  );
}

function hostOf(hypervisor: unknown, line: number): HostCapacity {
  const parsed = z.union([HYPERVISOR, LISTED]).safeParse(hypervisor);
  if (!parsed.success) {
    throw new ObjectRefused(
      'hypervisor_without_sizes',
      `A hypervisor at line ${line} does not tell its vCPUs and memory. Nova tells them up to microversion 2.87, in os-hypervisors/detail (X-OpenStack-Nova-API-Version: 2.87) and not in the list, search, servers or uptime of hypervisors; from 2.88 on, export inventories and usages from Placement instead.`,
    );
  }
  const host: z.infer<typeof HYPERVISOR> = parsed.data;
  const disk =
    host.local_gb === undefined
      ? {}
      : { DISK_GB: inventory(host.local_gb, host.local_gb_used ?? 0) };
  return {
    host: host.hypervisor_hostname,
    inventories: {
      VCPU: inventory(host.vcpus, host.vcpus_used),
      MEMORY_MB: inventory(host.memory_mb, host.memory_mb_used),
      ...disk,
    },
  };
}

/** Nova tells neither what is reserved nor the allocation ratio. */
function inventory(total: number, used: number): HostInventory {
  return { total, reserved: 0, allocationRatio: '1', used };
}
