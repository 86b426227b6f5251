import type { ConfigStore } from '../ports/config-store.ts';
import type { LakeIndex } from '../ports/lake-index.ts';
import type { MeteredDay, MeteringEngine, MeteringReport } from '../ports/metering-engine.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Lease, PartitionKey, Partitions } from '../ports/partitions.ts';
import type { Retractions } from '../ports/retractions.ts';
import type { Scratch } from '../ports/scratch.ts';
import type { UsageTotals } from '../ports/usage-totals.ts';
import { downloadDayParts } from './day-parts.ts';
import { holdRules } from './hold-rules.ts';
import { type KeptLease, keepLease, type LeasePorts } from './keep-lease.ts';
import { labelsInForce } from './labels-in-force.ts';
import { usageKey } from './lake-keys.ts';
import { storedMeters } from './stored-meters.ts';
import { storedSettings } from './stored-settings.ts';

export interface MeteringPorts extends LeasePorts {
  readonly partitions: Partitions;
  readonly lakeIndex: LakeIndex;
  readonly lake: ObjectStore;
  readonly configuration: Pick<ConfigStore, 'get' | 'list'>;
  readonly totals: UsageTotals;
  readonly engine: MeteringEngine;
  readonly scratch: Scratch;
  readonly retractions: Pick<Retractions, 'list'>;
}

/**
 * `metered`: the usage of the partition's generation stands. `leased`: another meters it now, or
 * nothing ever touched it. `overtaken`: its generation rose meanwhile, so it stays due.
 * `out_of_time`: the lease ended before anything was written.
 */
export type PartitionOutcome =
  | { readonly outcome: 'metered'; readonly rows: number; readonly report: MeteringReport | null }
  | { readonly outcome: 'leased' | 'overtaken' | 'out_of_time' };

/**
 * Meters one partition by the commit points of DESIGN section 2: lease, generation, the parts that
 * were committed before it, one atomic PUT of the usage, totals, and only then `metered`. Killed
 * anywhere, the partition stays due and the next run overwrites what this one wrote; two at once
 * are kept apart by the lease.
 *
 * When it throws it keeps the lease: a partition that cannot be metered is tried again when that
 * ends, rather than at once and forever.
 */
export async function meterPartition(
  ports: MeteringPorts,
  key: PartitionKey,
): Promise<PartitionOutcome> {
  const leasedAt = ports.now();
  const lease = await ports.partitions.lease(key, { now: leasedAt, seconds: ports.leaseSeconds });
  if (lease === null) return { outcome: 'leased' };
  const state = await ports.partitions.get(key);
  if (state?.metered === lease.generation) {
    await ports.partitions.release(lease);
    return { outcome: 'metered', rows: 0, report: null };
  }
  const kept = keepLease(ports, lease, leasedAt);
  try {
    return await ports.scratch.use((folder) => meterLeased(ports, { lease, kept, folder }));
  } finally {
    kept.stop();
  }
}

interface LeasedWork {
  readonly lease: Lease;
  readonly kept: KeptLease;
  readonly folder: string;
}

async function meterLeased(
  ports: MeteringPorts,
  { lease, kept, folder }: LeasedWork,
): Promise<PartitionOutcome> {
  const usageFile = `${folder}/usage.parquet`;
  const day = await computeDay(ports, lease, { folder, usageFile });
  if (!kept.isHeld()) return { outcome: 'out_of_time' };
  await ports.lake.upload(usageKey(lease.key), usageFile, {
    contentType: 'application/vnd.apache.parquet',
  });
  await ports.totals.replace(lease.key, lease.generation, day.projects, day.regionDay);
  if (await ports.partitions.complete(lease)) {
    return { outcome: 'metered', rows: day.rows, report: day.report };
  }
  await repairAfterLateWrite(ports, lease);
  return { outcome: 'overtaken' };
}

async function computeDay(
  ports: MeteringPorts,
  { key, generation }: Lease,
  { folder, usageFile }: { readonly folder: string; readonly usageFile: string },
): Promise<MeteredDay> {
  const settings = await storedSettings(ports.configuration, key.region);
  const meters = await storedMeters(ports.configuration);
  const parts = await downloadDayParts(ports, key, folder);
  return await ports.engine.meterDay({
    ...key,
    generation,
    shards: settings.shards,
    ...parts,
    // Asked after the generation was read: a retraction after that raises it.
    withoutIngests: await ports.retractions.list(key.region),
    meters,
    holdRules: holdRules(settings, key.date, meters),
    labels: labelsInForce(settings, key.date),
    scratchFolder: `${folder}/spill`,
    usageFile,
  });
}

/**
 * The generation rose while this run worked: as a rule the partition is due again anyway. Had
 * another run already metered the newer generation (it can only if this one outlived its lease),
 * ours would stand in place of its usage: it is made again.
 */
async function repairAfterLateWrite(ports: MeteringPorts, lease: Lease): Promise<void> {
  const state = await ports.partitions.get(lease.key);
  if (state === null || state.metered <= lease.generation) return;
  await ports.partitions.touch(lease.key, { now: ports.now(), delaySeconds: 0 });
}
