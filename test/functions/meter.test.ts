import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { meterHandler } from '../../functions/meter/meter.ts';
import { duckdbMeteringEngine } from '../../lib/adapters/duckdb/day-usage.ts';
import { memoryConfigStore } from '../../lib/adapters/memory/config-store.ts';
import { memoryLakeIndex } from '../../lib/adapters/memory/lake-index.ts';
import { memoryObjectStore } from '../../lib/adapters/memory/object-store.ts';
import { memoryPartitions } from '../../lib/adapters/memory/partitions.ts';
import { memoryRetractions } from '../../lib/adapters/memory/retractions.ts';
import { memoryUsageTotals } from '../../lib/adapters/memory/usage-totals.ts';
import { parseRegion } from '../../lib/identifiers.ts';
import type { Scratch } from '../../lib/ports/scratch.ts';
import { readExport, writeSampleFiles } from '../adapters/duckdb/lake-sample.ts';

const WEST = parseRegion('west');
const NOW = new Date('2026-11-21T10:00:00Z');
const EVENT = { region: 'west', date: '2026-10-31', shard: 0 };

const EXPORT = [
  ['vcpus', 'vcpu', 4, '2026-10-31T22:30:00', 'p1'],
  ['vcpus', 'vcpu', 4, '2026-11-01T00:15:00', 'p1'],
  ['memory', 'MiB', 8192, '2026-10-31T22:30:00', 'p2'],
  ['volume.size', 'GiB', 10, '2026-10-31T22:00:00', 'p1'],
]
  .map(([name, unit, volume, timestamp, project]) =>
    JSON.stringify({
      name,
      type: 'gauge',
      unit,
      volume,
      timestamp,
      project_id: project,
      resource_id: `r-${name}`,
      resource_metadata: name === 'vcpus' ? { flavor: { name: 'm1' } } : {},
      id: 'x',
    }),
  )
  .join('\n');

async function setUp() {
  const folder = join(tmpdir(), `headroom-test-${randomUUID()}`);
  await mkdir(folder);
  const scratchFolders: string[] = [];
  const scratch: Scratch = {
    async use(work) {
      const own = join(folder, randomUUID());
      scratchFolders.push(own);
      await mkdir(own);
      try {
        return await work(own);
      } finally {
        await rm(own, { recursive: true });
      }
    },
  };
  const ports = {
    partitions: memoryPartitions(),
    lakeIndex: memoryLakeIndex(),
    lake: memoryObjectStore(),
    configuration: memoryConfigStore(),
    totals: memoryUsageTotals(),
    engine: duckdbMeteringEngine({ memoryLimitMib: 512, threads: 1 }),
    scratch,
    retractions: memoryRetractions(),
    now: () => NOW,
    every: () => () => undefined,
    leaseSeconds: 60,
  };
  const samples = readExport(Buffer.from(EXPORT));
  for (const date of ['2026-10-31', '2026-11-01']) {
    const rows = samples.filter(({ time }) =>
      new Date(time / 1_000).toISOString().startsWith(date),
    );
    const path = join(folder, `${date}.parquet`);
    await writeSampleFiles(new Map([[path, rows]]), folder);
    const key = `samples/region=west/date=${date}/part.parquet`;
    await ports.lake.put(key, await readFile(path));
    await ports.lakeIndex.add([{ region: WEST, date, key, rows: rows.length }]);
  }
  await ports.partitions.touch({ ...EVENT, region: WEST }, { now: NOW, delaySeconds: 0 });
  return { ports, folder, scratchFolders };
}

describe('the meter function', () => {
  it('writes the usage of the partition and its totals, and leaves nothing on the disk', async () => {
    const { ports, folder, scratchFolders } = await setUp();
    const lines: unknown[] = [];
    const handler = meterHandler({ ...ports, log: (_message, details) => lines.push(details) });

    expect(await handler(EVENT)).toEqual({ ...EVENT, metered: true });

    const usage = await ports.lake.head('usage/region=west/date=2026-10-31/shard=0/usage.parquet');
    expect(usage?.sizeBytes).toBeGreaterThan(0);
    const [region] = await ports.totals.listRegionDays(WEST, '2026-10-31', '2026-11-01');
    expect(region?.cores.slice(21)).toEqual(['0', '2', '4']);
    expect(region?.ramGib.slice(21)).toEqual(['0', '0.666666666667', '0']);
    const projects = await ports.totals.listProjectDays(WEST, '2026-10-31', '2026-11-01');
    expect(projects.map(({ project, quantities }) => [project, quantities])).toEqual([
      [
        'p1',
        [
          { measure: 'cores', class: 'm1', quantity: '6' },
          { measure: 'instances', class: 'm1', quantity: '1.5' },
          { measure: 'volume', class: '', quantity: '0.833333333333' },
        ],
      ],
      ['p2', [{ measure: 'ram', class: '', quantity: '0.666666666667' }]],
    ]);
    expect(lines).toMatchObject([{ outcome: 'metered', rows: 6, report: { samples: 3 } }]);
    const left = await readdir(folder);
    expect(scratchFolders.filter((path) => left.some((name) => path.endsWith(name)))).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it('gives the same bytes when it runs again at the same generation', async () => {
    const runs = await Promise.all([setUp(), setUp()]);
    const bytes = await Promise.all(
      runs.map(async ({ ports, folder }) => {
        await meterHandler({ ...ports, log: () => undefined })(EVENT);
        await rm(folder, { recursive: true });
        return ports.lake.get('usage/region=west/date=2026-10-31/shard=0/usage.parquet');
      }),
    );

    expect(bytes[0]).not.toBeNull();
    expect(bytes[0]).toEqual(bytes[1]);
  });

  it('refuses an event that names no partition', async () => {
    const { ports, folder } = await setUp();
    const handler = meterHandler({ ...ports, log: () => undefined });

    await expect(handler({ region: 'west', date: '2026-02-30', shard: 0 })).rejects.toThrow(/date/);
    await rm(folder, { recursive: true });
  });
});
