import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { duckdbMeteringEngine } from '../../../lib/adapters/duckdb/day-usage.ts';
import { memoryAuditLog } from '../../../lib/adapters/memory/audit-log.ts';
import { memoryUsageTotals } from '../../../lib/adapters/memory/usage-totals.ts';
import { scratchFolder } from '../../../lib/adapters/node/scratch-folder.ts';
import { usageKey } from '../../../lib/metering/lake-keys.ts';
import { type MeteringPorts, meterPartition } from '../../../lib/metering/meter-partition.ts';
import { type RetractionPorts, retractIngest } from '../../../lib/retraction/retract-ingest.ts';
import { readUsage, type UsageRow } from '../../adapters/duckdb/metered-days.ts';
import { ingestWorld, NOW, WEST } from '../ingest/ingest-world.ts';

/** Landing, lake, ledger and metering on stores in memory, and the retraction between them. */
export function retractionWorld(changes: Parameters<typeof ingestWorld>[0] = {}) {
  const world = ingestWorld(changes);
  const { ports, directory, retractions } = world;
  const totals = memoryUsageTotals();
  const audit = memoryAuditLog();
  const retraction: RetractionPorts = {
    ...ports,
    retractions,
    withdrawables: [ports.importedDemand, ports.capacity, ports.ratedHistory],
    audit,
  };
  const metering: MeteringPorts = {
    ...ports,
    configuration: ports.config,
    totals,
    retractions,
    engine: duckdbMeteringEngine({ memoryLimitMib: 256, threads: 1 }),
    scratch: scratchFolder(),
    every: () => () => undefined,
    leaseSeconds: 60,
  };
  const partitions = () => ports.partitions.list(WEST, '2010-01-01', '2030-01-01');
  return {
    ...world,
    audit,
    retraction,
    metering,
    retractions,
    totals,
    partitions,
    retract: (ingestId: string, reason = 'exported twice') =>
      retractIngest(retraction, { ingestId, reason, actor: 'ann' }),
    /** Meters every day that is behind. @returns how many were */
    async meter(): Promise<number> {
      const behind = (await partitions()).filter(({ generation, metered }) => metered < generation);
      for (const key of behind) await meterPartition(metering, key);
      return behind.length;
    },
    /** All usage in the order of its keys, without the generations it was made at. */
    async usage(): Promise<UsageRow[]> {
      const files: string[] = [];
      for (const key of await partitions()) {
        const usage = await ports.lake.get(usageKey(key));
        if (!usage) continue;
        files.push(join(directory, `${randomUUID()}.parquet`));
        await writeFile(files.at(-1) ?? '', usage);
      }
      return await readUsage(files);
    },
  };
}

export { NOW, WEST };
