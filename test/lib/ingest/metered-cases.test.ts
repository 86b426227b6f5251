import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { duckdbMeteringEngine } from '../../../lib/adapters/duckdb/day-usage.ts';
import { memoryRetractions } from '../../../lib/adapters/memory/retractions.ts';
import { memoryUsageTotals } from '../../../lib/adapters/memory/usage-totals.ts';
import { scratchFolder } from '../../../lib/adapters/node/scratch-folder.ts';
import { usageKey } from '../../../lib/metering/lake-keys.ts';
import { meterPartition } from '../../../lib/metering/meter-partition.ts';
import { readUsage, type UsageRow } from '../../adapters/duckdb/metered-days.ts';
import { ingestWorld, NOW, WEST } from './ingest-world.ts';

const CASES = join(import.meta.dirname, '../../cases/metering');
const REAL = join(
  import.meta.dirname,
  '../../../../shared/data/formats/ceilometer/distil-all-OldSample.jsonl',
);

function expectedUsage(name: string): UsageRow[] {
  const text = readFileSync(join(CASES, name, 'expected-usage.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function messy(): [string, Uint8Array][] {
  return readdirSync(join(CASES, 'messy'))
    .filter((name) => !name.startsWith('expected'))
    .map((name) => [name, readFileSync(join(CASES, 'messy', name))]);
}

/** Ingests the batches one after the other, meters every day that is due, and gives all usage. */
async function usageOf(
  ...batches: readonly Readonly<Record<string, Uint8Array>>[]
): Promise<UsageRow[]> {
  const world = ingestWorld();
  for (const batch of batches) await world.ingest(batch);
  const { ports, directory } = world;
  const metering = {
    ...ports,
    configuration: ports.config,
    totals: memoryUsageTotals(),
    engine: duckdbMeteringEngine({ memoryLimitMib: 512, threads: 1 }),
    scratch: scratchFolder(),
    retractions: memoryRetractions(),
    every: () => () => undefined,
    leaseSeconds: 60,
  };
  const files: string[] = [];
  for (const key of await ports.partitions.list(WEST, '2010-01-01', '2027-01-01')) {
    expect(await meterPartition(metering, key)).toMatchObject({ outcome: 'metered' });
    const usage = await ports.lake.get(usageKey(key));
    if (!usage) continue;
    files.push(join(directory, `${key.date}.parquet`));
    await writeFile(files.at(-1) ?? '', usage);
  }
  expect(await ports.partitions.listDue({ now: NOW, limit: 1 })).toEqual([]);
  return readUsage(files);
}

function inOrder(rows: readonly UsageRow[]): string[] {
  return rows
    .map(({ project, resource, measure, class: own, hour, quantity }) =>
      JSON.stringify([project, resource, measure, own, hour, quantity]),
    )
    .toSorted();
}

describe('what was ingested is metered as expected', { timeout: 180_000 }, () => {
  it('of the messy cases, together and one by one, in any order and twice', async () => {
    const files = messy();
    const expected = inOrder(expectedUsage('messy'));
    expect(inOrder(await usageOf(Object.fromEntries(files)))).toEqual(expected);
    const again = files.map(([name, body]): [string, Uint8Array] => [`again-${name}`, body]);
    const single = [...files, ...again].toReversed().map((file) => Object.fromEntries([file]));
    expect(inOrder(await usageOf(...single))).toEqual(expected);
  });

  it.skipIf(!existsSync(REAL))('of the real export (../shared/data/formats)', async () => {
    const usage = await usageOf({ real: readFileSync(REAL) });
    expect(inOrder(usage)).toEqual(inOrder(expectedUsage('real-2014')));
  });
});
