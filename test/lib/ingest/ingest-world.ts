import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duckdbSampleParts } from '../../../lib/adapters/duckdb/sample-parts.ts';
import { memoryCapacityStore } from '../../../lib/adapters/memory/capacity-store.ts';
import { memoryConfigStore } from '../../../lib/adapters/memory/config-store.ts';
import { memoryImportedDemand } from '../../../lib/adapters/memory/imported-demand.ts';
import { memoryLakeIndex } from '../../../lib/adapters/memory/lake-index.ts';
import { memoryLedger } from '../../../lib/adapters/memory/ledger.ts';
import { memoryMessages } from '../../../lib/adapters/memory/messages.ts';
import { memoryObjectStore } from '../../../lib/adapters/memory/object-store.ts';
import { memoryPartitions } from '../../../lib/adapters/memory/partitions.ts';
import { memoryRatedDays } from '../../../lib/adapters/memory/rated-days.ts';
import { memoryRegions } from '../../../lib/adapters/memory/regions.ts';
import { memoryRetractions } from '../../../lib/adapters/memory/retractions.ts';
import { nodeByteWork } from '../../../lib/adapters/node/byte-work.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import { ingestObjects } from '../../../lib/ingest/ingest-objects.ts';
import type { IngestPorts } from '../../../lib/ingest/ingest-ports.ts';
import { DEFAULT_LIMITS } from '../../../lib/ingest/limits.ts';
import type { Ingest } from '../../../lib/ports/ledger.ts';
import { ratedHistory } from '../../../lib/rated-history/rated-history.ts';

export const WEST = parseRegion('west');
/** After every timestamp of the cases. */
export const NOW = new Date('2026-11-21T12:00:00.000Z');

export function ingestWorld(changes: Partial<IngestPorts> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'headroom-test-'));
  mkdirSync(directory, { recursive: true });
  const lake = memoryObjectStore(() => NOW);
  const [days, retractions] = [memoryRatedDays(), memoryRetractions()];
  const base = {
    landing: memoryObjectStore(() => NOW),
    lake,
    ledger: memoryLedger(),
    lakeIndex: memoryLakeIndex(),
    partitions: memoryPartitions(),
    messages: memoryMessages(),
    regions: memoryRegions(),
    config: memoryConfigStore(),
    capacity: memoryCapacityStore(),
    importedDemand: memoryImportedDemand(),
    ratedHistory: ratedHistory({ lake, days, retractions }),
    sampleParts: duckdbSampleParts({ directory, memoryLimitMib: 256 }),
    bytes: nodeByteWork(),
    now: () => NOW,
    limits: DEFAULT_LIMITS,
    telemetrySecret: async () => null,
    delays: { wakeupSeconds: 5, neighbourSeconds: 10 },
  } satisfies IngestPorts;
  // What a test replaces keeps the wider type: it asks nothing more of it.
  const ports = { ...base, ...changes } as typeof base;
  return {
    ports,
    directory,
    ratedDays: days,
    retractions,
    /** Puts the files into landing, ingests them together, and gives the ledger's entries in order. */
    async ingest(files: Readonly<Record<string, string | Uint8Array>>): Promise<Ingest[]> {
      const keys = Object.keys(files).map((name) => `region=west/2026-11-21/${name}`);
      for (const [index, body] of Object.values(files).entries()) {
        await ports.landing.put(keys[index] ?? '', Buffer.from(body));
      }
      const failures = await ingestObjects(
        ports,
        keys.map((key) => ({ key, sizeBytes: 0, eventTime: NOW })),
      );
      if (failures.length > 0) throw failures[0]?.error;
      const found = await Promise.all(keys.map((key) => ports.ledger.findByKey(WEST, key)));
      return found.map((ingest, index) => {
        if (!ingest) throw new Error(`no ingest of ${keys[index]}`);
        return ingest;
      });
    },
  };
}
