import { readFile, writeFile } from 'node:fs/promises';
import { memoryConfigStore } from '../../../lib/adapters/memory/config-store.ts';
import { memoryLakeIndex } from '../../../lib/adapters/memory/lake-index.ts';
import { memoryObjectStore } from '../../../lib/adapters/memory/object-store.ts';
import { memoryPartitions } from '../../../lib/adapters/memory/partitions.ts';
import { memoryRetractions } from '../../../lib/adapters/memory/retractions.ts';
import { memoryUsageTotals } from '../../../lib/adapters/memory/usage-totals.ts';
import { scratchFolder } from '../../../lib/adapters/node/scratch-folder.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import { usageKey } from '../../../lib/metering/lake-keys.ts';
import type { MeteringPorts } from '../../../lib/metering/meter-partition.ts';
import type { DayRequest, MeteringEngine } from '../../../lib/ports/metering-engine.ts';
import type { PartitionKey } from '../../../lib/ports/partitions.ts';

export const WEST = parseRegion('west');
export const KEY: PartitionKey = { region: WEST, date: '2026-11-20', shard: 0 };
export const LEASE_SECONDS = 130;

/** Its "usage" names the generation and everything that it was given. */
export function recordingEngine(during: () => Promise<void> = async () => undefined) {
  const requests: DayRequest[] = [];
  const engine: MeteringEngine = {
    async meterDay(request) {
      requests.push(request);
      const contents = await Promise.all(request.sampleFiles.map((file) => readFile(file, 'utf8')));
      await during();
      await writeFile(request.usageFile, `${request.generation}: ${contents.join(' ')}`);
      const { region, date, shard, generation } = request;
      const report = { samples: 1, duplicates: 0, conflicts: 0, unknownSizes: 0, misfits: 0 };
      const regionDay = { region, date, shard, generation, cores: [], ramGib: [] };
      return { rows: 1, projects: [], regionDay, report };
    },
  };
  return { engine, requests };
}

export async function setUp(engine = recordingEngine().engine) {
  const clock = { ms: Date.parse('2026-11-21T10:00:00Z') };
  const now = () => new Date(clock.ms);
  const ports: MeteringPorts = {
    partitions: memoryPartitions(),
    lakeIndex: memoryLakeIndex(),
    lake: memoryObjectStore(now),
    configuration: memoryConfigStore(),
    totals: memoryUsageTotals(),
    engine,
    scratch: scratchFolder(),
    retractions: memoryRetractions(),
    every: () => () => undefined,
    now,
    leaseSeconds: LEASE_SECONDS,
  };
  const arrive = async (name: string, date = KEY.date) => {
    const key = `samples/region=west/date=${date}/${name}.parquet`;
    await ports.lake.put(key, Buffer.from(name));
    await ports.lakeIndex.add([{ region: WEST, date, key, rows: 1 }]);
    await ports.partitions.touch(KEY, { now: now(), delaySeconds: 0 });
  };
  const usage = async () =>
    Buffer.from((await ports.lake.get(usageKey(KEY))) ?? new Uint8Array()).toString();
  return { clock, ports, arrive, usage };
}
