import { randomUUID } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { duckdbSampleParts } from '../../../lib/adapters/duckdb/sample-parts.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import { DEFAULT_LIMITS } from '../../../lib/ingest/limits.ts';
import { SampleReader } from '../../../lib/ingest/sample-reader.ts';
import { BUILT_IN_METERS, type MeterTable } from '../../../lib/metering/meter-table.ts';
import { parseInstant } from '../../../lib/period/instant.ts';

/** Samples as `POST samples` takes them, each batch an ingest of its own. */
export interface IngestedRows {
  readonly ingestId: string;
  /** Each row as its JSON would say it. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** The meter table of the time at which they came. */
  readonly meters?: MeterTable;
}

/** Makes sample parts in `folder` as ingest does, from the rows as received. */
export async function ingestParts(
  folder: string,
  ingests: readonly IngestedRows[],
): Promise<string[]> {
  const parts = duckdbSampleParts({ directory: folder, memoryLimitMib: 256 });
  const paths: string[] = [];
  for (const { ingestId, rows, meters = BUILT_IN_METERS } of ingests) {
    const reader = new SampleReader(
      parseInstant('2026-12-31T00:00:00Z') ?? 0,
      DEFAULT_LIMITS,
      meters,
    );
    await parts.withBatch(async (batch) => {
      await batch.begin({ id: ingestId, region: parseRegion('west') });
      for (const [index, row] of rows.entries()) {
        batch.add(reader.read(JSON.stringify(row), index + 1));
      }
      await batch.settle();
      await batch.writeParts(async (part) => {
        const path = join(folder, `${randomUUID()}.parquet`);
        await copyFile(part.path, path);
        paths.push(path);
      });
    });
  }
  return paths;
}
