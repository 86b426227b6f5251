import { readFile } from 'node:fs/promises';
import { duckdbMeteringEngine } from '../../lib/adapters/duckdb/day-usage.ts';
import { duckdbResourceSamples } from '../../lib/adapters/duckdb/resource-samples.ts';
import { memoryConfigStore } from '../../lib/adapters/memory/config-store.ts';
import { memoryLakeIndex } from '../../lib/adapters/memory/lake-index.ts';
import { memoryLedger } from '../../lib/adapters/memory/ledger.ts';
import { memoryNameStore } from '../../lib/adapters/memory/names.ts';
import { memoryObjectStore } from '../../lib/adapters/memory/object-store.ts';
import { memoryPartitions } from '../../lib/adapters/memory/partitions.ts';
import { memoryRetractions } from '../../lib/adapters/memory/retractions.ts';
import { memoryUsageTotals } from '../../lib/adapters/memory/usage-totals.ts';
import { scratchFolder } from '../../lib/adapters/node/scratch-folder.ts';
import { timerRepeater } from '../../lib/adapters/node/timer-repeater.ts';
import type { ExplainPorts } from '../../lib/explain/explain-usage.ts';
import { parseRegion } from '../../lib/identifiers.ts';
import { meterPartition } from '../../lib/metering/meter-partition.ts';
import type { Ingest } from '../../lib/ports/ledger.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import { type IngestedRows, ingestParts } from '../adapters/duckdb/ingested-parts.ts';

export const WEST = parseRegion('west');
const NOW = new Date('2026-11-21T12:00:00Z');
const LIMITS = { memoryLimitMib: 256, threads: 1 };

export function explainPorts(lake: ObjectStore = memoryObjectStore()) {
  return {
    lake,
    lakeIndex: memoryLakeIndex(),
    ledger: memoryLedger(),
    partitions: memoryPartitions(),
    configuration: memoryConfigStore(),
    retractions: memoryRetractions(),
    names: memoryNameStore(),
    samples: duckdbResourceSamples(LIMITS),
    scratch: scratchFolder(),
  } satisfies ExplainPorts;
}

/** A lake of one day, as ingest and metering leave it. */
export async function explainedLake(day: string, ingests: readonly IngestedRows[]) {
  const ports = explainPorts();
  for (const ingest of ingests) {
    await ports.scratch.use(async (folder) => {
      for (const [index, path] of (await ingestParts(folder, [ingest])).entries()) {
        const key = `samples/region=west/date=${day}/${ingest.ingestId}-${index}.parquet`;
        await ports.lake.put(key, await readFile(path));
        await ports.lakeIndex.add([{ region: WEST, date: day, key, rows: ingest.rows.length }]);
      }
    });
    await ports.ledger.put(ledgerEntry(ingest));
  }
  const meter = async () => {
    const key = { region: WEST, date: day, shard: 0 };
    await ports.partitions.touch(key, { now: NOW, delaySeconds: 0 });
    return await meterPartition(
      {
        ...ports,
        totals: memoryUsageTotals(),
        engine: duckdbMeteringEngine(LIMITS),
        every: timerRepeater(),
        now: () => NOW,
        leaseSeconds: 60,
      },
      key,
    );
  };
  return { ports, meter, region: WEST };
}

function ledgerEntry({ ingestId, rows }: IngestedRows): Ingest {
  const none = { duplicate: 0, conflict: 0, quarantined: 0, unmetered: 0 };
  return {
    id: ingestId,
    region: WEST,
    key: `region=west/2026-10-05/upload/${ingestId}.jsonl`,
    sha256: 'f'.repeat(64),
    sizeBytes: 1,
    format: 'ceilometer-publisher',
    state: 'ingested',
    counts: { read: rows.length, accepted: rows.length, ...none },
    reasons: [],
    problem: null,
    touched: [],
    quarantineKey: null,
    receivedAt: '2026-10-05T12:00:00.000Z',
    finishedAt: '2026-10-05T12:00:01.000Z',
    actor: 'anna',
  } as Ingest;
}
