import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckdbPartMerger } from '../../../lib/adapters/duckdb/part-merger.ts';
import { scratchFolder } from '../../../lib/adapters/node/scratch-folder.ts';
import { type CompactionPorts, compactDay } from '../../../lib/compaction/compact-day.ts';
import { compactLake } from '../../../lib/compaction/compact-lake.ts';
import {
  MERGED_PARTS_MAX,
  MERGED_ROWS_MAX,
  mergeGroups,
} from '../../../lib/compaction/merge-groups.ts';
import { rebuild, startOf } from '../../../lib/rebuild/rebuild.ts';
import { dayOfSamples } from '../../trust/samples.ts';
import { type TrustServers, type TrustWorld, trustServers, WEST } from '../../trust/world.ts';
import { CrashPoint } from '../metering/crashing.ts';

let servers: TrustServers;
beforeAll(async () => {
  servers = await trustServers();
});
afterAll(() => servers.stop());

const DATE = '2026-10-05';
const HOUR_SECONDS = 3_600;

/** The world's clock runs ahead of the store's: whatever was put is old. */
function portsOf(world: TrustWorld, changes: Partial<CompactionPorts> = {}): CompactionPorts {
  return {
    lakeIndex: world.ingestPorts.lakeIndex,
    lake: world.ingestPorts.lake,
    merger: duckdbPartMerger({ memoryLimitMib: 128 }),
    scratch: scratchFolder(),
    now: () => new Date(Date.now() + world.clock.ms - START),
    partsMax: 2,
    minAgeSeconds: 0,
    graceSeconds: HOUR_SECONDS,
    ...changes,
  };
}
const START = Date.parse('2026-11-21T12:00:00Z');

async function keysOf(world: TrustWorld): Promise<string[]> {
  return (await world.ingestPorts.lakeIndex.list(WEST, DATE)).map(({ key }) => key);
}

async function objectsOf(world: TrustWorld): Promise<string[]> {
  const found = await Array.fromAsync(world.ingestPorts.lake.list('samples/'));
  return found.map(({ key }) => key);
}

/** Each part of the rows is an object, ingested on its own. */
async function ingested(parts: readonly (readonly string[])[]) {
  const world = await servers.world();
  const files = Object.fromEntries(parts.map((rows, n) => [`${n}.jsonl`, rows.join('\n')]));
  const keys = await world.land(files);
  for (const key of keys) await world.deliver([key]);
  await world.meterAll();
  return { world, keys };
}

const ROWS = [...dayOfSamples('a'), ...dayOfSamples('b')];
const chunked = (count: number) =>
  Array.from({ length: count }, (_, n) => ROWS.filter((_row, index) => index % count === n));

describe('compaction of a day', () => {
  it('makes one part of many, removes them after the grace, and leaves usage as it is', async () => {
    const { world, keys } = await ingested(chunked(6));
    const before = await world.outcome(keys);
    const old = await keysOf(world);
    expect(old).toHaveLength(6);
    expect(await compactDay(portsOf(world), WEST, DATE)).toEqual({
      merged: 6,
      made: 1,
      removed: 0,
    });
    const [merged, ...others] = await keysOf(world);
    expect(others).toEqual([]);
    expect(await objectsOf(world)).toEqual([...old, merged].toSorted());
    world.clock.ms += (HOUR_SECONDS + 60) * 1_000;
    expect(await compactDay(portsOf(world), WEST, DATE)).toEqual({
      merged: 0,
      made: 0,
      removed: 6,
    });
    expect(await objectsOf(world)).toEqual([merged]);
    expect(await keysOf(world)).toEqual([merged]);
    await remeter(world);
    expect({ ...(await world.outcome(keys)), parts: before.parts }).toEqual(before);
  }, 60_000);

  it('of the same rows gives the same bytes, however they were cut and compacted before', async () => {
    const hashes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 6 }),
        fc.integer({ min: 3, max: 5 }),
        async (first, second) => {
          const { world } = await ingested([ROWS]);
          const merger = duckdbPartMerger({ memoryLimitMib: 128 });
          const [whole = ''] = await keysOf(world);
          const cut = async (files: readonly string[], count: number) => await cutUp(files, count);
          hashes.add(
            await scratchFolder().use(async (folder) => {
              const path = `${folder}/whole.parquet`;
              await world.ingestPorts.lake.download(whole, path);
              const pieces = await cut([path], first);
              const once = await merger.merge({
                files: pieces,
                scratchFolder: `${folder}/s`,
                outputFile: `${folder}/once.parquet`,
              });
              const again = await cut([`${folder}/once.parquet`], second);
              const twice = await merger.merge({
                files: again.toReversed(),
                scratchFolder: `${folder}/s`,
                outputFile: `${folder}/twice.parquet`,
              });
              expect(twice).toEqual(once);
              expect(once.rows).toBe(ROWS.length);
              return once.sha256;
            }),
          );
        },
      ),
      { numRuns: 3 },
    );
    expect(hashes.size).toBe(1);
  }, 60_000);

  it('leaves young parts, and days with few parts, alone', async () => {
    const { world } = await ingested(chunked(3));
    const nothing = { merged: 0, made: 0, removed: 0 };
    expect(await compactDay(portsOf(world, { partsMax: 3 }), WEST, DATE)).toEqual(nothing);
    expect(await compactDay(portsOf(world, { minAgeSeconds: 600 }), WEST, DATE)).toEqual(nothing);
    expect(await keysOf(world)).toHaveLength(3);
  });

  it('shows readers the old parts or the new one at every call, killed wherever it may be', async () => {
    const { world } = await ingested(chunked(3));
    const old = await keysOf(world);
    const crash = new CrashPoint();
    const crashing = () => {
      const ports = portsOf(world);
      return {
        ...ports,
        lake: { ...crash.wrap(ports.lake), list: ports.lake.list },
        lakeIndex: crash.wrap(ports.lakeIndex),
      };
    };
    const merged: string[] = [];
    for (let call = 1; merged.length === 0; call += 1) {
      for (const when of ['before', 'after'] as const) {
        crash.killAt(call, when);
        await compactDay(crashing(), WEST, DATE).catch(() => undefined);
        const shown = await keysOf(world);
        if (shown.length === 1) merged.push(...shown);
        else expect(shown).toEqual(old);
      }
      expect(call).toBeLessThan(30);
    }
    crash.disarm();
    await compactDay(crashing(), WEST, DATE);
    expect(await keysOf(world)).toEqual(merged);
  }, 60_000);

  it('keeps the ingest of every row, so that one can be withdrawn afterwards', async () => {
    const { world } = await ingested([dayOfSamples('a'), dayOfSamples('b'), dayOfSamples('c')]);
    await compactDay(portsOf(world), WEST, DATE);
    const entry = await world.ingestPorts.ledger.findByKey(WEST, 'region=west/2026-11-21/1.jsonl');
    const metering = {
      ...world.meteringPorts,
      retractions: { list: async () => [entry?.id ?? ''] },
    };
    await remeter(world, metering);
    const resources = new Set((await world.usage()).map(([, , resource]) => resource?.charAt(0)));
    expect([...resources].toSorted()).toEqual(['a', 'c']);
  });

  it('is known to rebuild: replaced parts do not come back', async () => {
    const { world, keys } = await ingested(chunked(4));
    await compactDay(portsOf(world), WEST, DATE);
    const [merged] = await keysOf(world);
    const before = await world.outcome(keys);
    const added: string[] = [];
    const nothing = async () => undefined;
    const stub = new Proxy({}, { get: () => nothing });
    await rebuild(
      {
        ...(stub as never as Parameters<typeof rebuild>[0]),
        lake: world.ingestPorts.lake,
        documents: world.ingestPorts.lake,
        configuration: { get: async () => null },
        regions: stub as never,
        ledger: stub as never,
        partitions: stub as never,
        messages: stub as never,
        lakeIndex: { add: async (parts) => void added.push(...parts.map(({ key }) => key)) },
        now: () => new Date(),
        budgetSeconds: 60,
      },
      startOf({ region: WEST, dryRun: false }),
    );
    expect(new Set(added)).toEqual(new Set([merged]));
    expect(before.unmetered).toBe(0);
  });
});

it('all days of a lake are compacted, newest first, and one that fails holds up no other', async () => {
  const { world } = await ingested(chunked(3));
  const failures: string[] = [];
  const ports = {
    ...portsOf(world),
    regions: { list: async () => [{ region: WEST, createdAt: '' }] },
    partitions: world.ingestPorts.partitions,
    budgetSeconds: 60,
    onFailure: (_region: string, date: string) => void failures.push(date),
  };
  const list = ports.lakeIndex.list;
  const failing = {
    ...ports,
    lakeIndex: {
      ...ports.lakeIndex,
      list: (region: typeof WEST, date: string) =>
        date === '2026-10-06' ? Promise.reject(new Error('broken')) : list(region, date),
    },
  };
  expect(await compactLake(failing)).toEqual({
    days: 3,
    failed: 1,
    merged: 3,
    made: 1,
    removed: 0,
    isWhole: true,
  });
  expect(failures).toEqual(['2026-10-06']);
  const none = await compactLake({ ...ports, budgetSeconds: -1 });
  expect(none).toMatchObject({ days: 0, isWhole: false });
});

it('parts become one up to its bounds, the smallest first', () => {
  const part = (rows: number, n: number) => ({ region: WEST, date: DATE, key: `p${n}`, rows });
  const rowsOf = (rows: readonly number[]) =>
    mergeGroups(rows.map(part)).map((group) => group.map((one) => one.rows));
  const half = MERGED_ROWS_MAX / 2;
  expect(rowsOf([half + 1, 5, 3])).toEqual([[3, 5]]);
  expect(rowsOf([half, half, 1])).toEqual([[1, half]]);
  expect(rowsOf([half, half])).toEqual([[half, half]]);
  expect(rowsOf([7])).toEqual([]);
  const many = rowsOf(Array.from({ length: MERGED_PARTS_MAX + 2 }, () => 1));
  expect(many.map(({ length }) => length)).toEqual([MERGED_PARTS_MAX, 2]);
});

/** Meters all days of the region again. */
async function remeter(world: TrustWorld, ports = world.meteringPorts): Promise<void> {
  const { partitions } = world.ingestPorts;
  const { meterPartition } = await import('../../../lib/metering/meter-partition.ts');
  for (const key of await partitions.list(WEST, '2026-01-01', '2027-01-01')) {
    await partitions.touch(key, { now: new Date(world.clock.ms), delaySeconds: 0 });
    await meterPartition(ports, key);
  }
}

/** The rows of the files in so many files, dealt out like cards. */
async function cutUp(files: readonly string[], count: number): Promise<string[]> {
  const { literal, withDatabase } = await import('../../../lib/adapters/duckdb/database.ts');
  const directory = files[0]?.replace(/[^/]+$/, '') ?? '';
  return await withDatabase({ memoryLimitMib: 128, threads: 1, directory }, async (connection) => {
    const paths: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const path = `${directory}${Math.random()}.parquet`;
      await connection.run(
        `COPY (SELECT * EXCLUDE (n) FROM (SELECT *, row_number() OVER () AS n FROM read_parquet([${files.map(literal).join(', ')}])) WHERE n % ${count} = ${n}) TO ${literal(path)} (FORMAT parquet)`,
      );
      paths.push(path);
    }
    return paths;
  });
}
