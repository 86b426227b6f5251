import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { literal, withDatabase } from '../../../lib/adapters/duckdb/database.ts';
import type { ObjectStore } from '../../../lib/ports/object-store.ts';

/** A sample of the lake, decimals in their shortest text and times as ISO 8601. */
export interface LakeSample {
  readonly project: string;
  readonly resource: string;
  readonly meter: string;
  readonly unit: string;
  readonly volume: string;
  readonly time: string;
  readonly class: string;
  readonly state: string;
  readonly deleted: boolean;
  readonly shelved: boolean;
}

/** All samples that were ingested, sorted by resource, meter and time. */
export async function samplesOf(world: {
  readonly directory: string;
  readonly ports: { readonly lake: ObjectStore };
}): Promise<LakeSample[]> {
  const files: string[] = [];
  for await (const { key } of world.ports.lake.list('samples/')) {
    files.push(join(world.directory, `${files.length}.parquet`));
    await writeFile(files.at(-1) ?? '', (await world.ports.lake.get(key)) ?? '');
  }
  if (files.length === 0) return [];
  const options = { memoryLimitMib: 256, threads: 1, directory: world.directory };
  return await withDatabase(options, async (connection) => {
    const result = await connection.runAndReadAll(`
      SELECT project, resource, meter, unit,
        rtrim(rtrim(volume::VARCHAR, '0'), '.') AS volume,
        strftime(time, '%Y-%m-%dT%H:%M:%S.%gZ') AS time,
        class, state, deleted, shelved
      FROM read_parquet([${files.map(literal).join(', ')}], union_by_name = true)
      ORDER BY resource, meter, time`);
    return result.getRowObjects() as unknown as LakeSample[];
  });
}
