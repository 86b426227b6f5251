import { ingestWorld, WEST } from './ingest-world.ts';

export const OBSERVED = '2026-11-21T10:00:00Z';

/** An answer of Nova in its envelope. */
export function nova(body: unknown, changes: Readonly<Record<string, unknown>> = {}) {
  return { region: 'west', source: 'nova', observedAt: OBSERVED, body, ...changes };
}

export const HYPERVISOR = {
  hypervisor_hostname: 'host2',
  vcpus: 2,
  vcpus_used: 0,
  memory_mb: 8_192,
  memory_mb_used: 512,
  local_gb: 1_028,
  local_gb_used: 0,
  cpu_info: '{}',
};

/** Ingests the rows as one object, and gives what is known of capacity then. */
export async function snapshots(...rows: readonly unknown[]) {
  const world = ingestWorld();
  const [ingest] = await world.ingest({ x: rows.map((row) => JSON.stringify(row)).join('\n') });
  return { ingest, latest: await world.ports.capacity.latest(WEST) };
}
