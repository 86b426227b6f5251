import * as z from 'zod';
import type { HostInventory } from '../ports/capacity-store.ts';
import { isJsonObject } from './formats/json-object.ts';
import { ObjectRefused } from './refusal.ts';

/** A host as one or more answers tell of it; null what none has told yet. */
export interface HostDraft {
  readonly host: string;
  readonly inventories: ReadonlyMap<string, HostInventory> | null;
  readonly usages: ReadonlyMap<string, number> | null;
}

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

/** @throws ObjectRefused when the body lists no hypervisors, or lists them without their sizes */
export function hypervisorsOf(
  body: unknown,
  line: number,
): { readonly hosts: readonly HostDraft[]; readonly isPage: boolean } {
  const list = isJsonObject(body) ? body['hypervisors'] : body;
  if (!Array.isArray(list)) {
    throw new ObjectRefused(
      'not_hypervisors',
      `The body at line ${line} is no list of hypervisors. Wrap the answer of os-hypervisors/detail, or of "openstack hypervisor list --long -f json", as it came.`,
    );
  }
  const links = isJsonObject(body) ? body['hypervisors_links'] : [];
  return {
    hosts: list.map((hypervisor) => hostOf(hypervisor, line)),
    isPage: Array.isArray(links) && links.length > 0,
  };
}

function hostOf(hypervisor: unknown, line: number): HostDraft {
  const parsed = z.union([HYPERVISOR, LISTED]).safeParse(hypervisor);
  if (!parsed.success) {
    throw new ObjectRefused(
      'hypervisor_without_sizes',
      `A hypervisor at line ${line} does not tell its vCPUs and memory. Nova tells them up to microversion 2.87 (os-hypervisors/detail with X-OpenStack-Nova-API-Version: 2.87); from 2.88 on, export inventories and usages from Placement instead.`,
    );
  }
  const host: z.infer<typeof HYPERVISOR> = parsed.data;
  const inventories = new Map([
    ['VCPU', inventory(host.vcpus, host.vcpus_used)],
    ['MEMORY_MB', inventory(host.memory_mb, host.memory_mb_used)],
  ]);
  if (host.local_gb !== undefined) {
    inventories.set('DISK_GB', inventory(host.local_gb, host.local_gb_used ?? 0));
  }
  return { host: host.hypervisor_hostname, inventories, usages: null };
}

/** Nova tells neither what is reserved nor the allocation ratio. */
function inventory(total: number, used: number): HostInventory {
  return { total, reserved: 0, allocationRatio: '1', used };
}
