import { mkdtempSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withDatabase } from '../../../lib/adapters/duckdb/database.ts';
import { duckdbSampleParts } from '../../../lib/adapters/duckdb/sample-parts.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import { DEFAULT_LIMITS } from '../../../lib/ingest/limits.ts';
import type { Sample } from '../../../lib/ingest/sample.ts';
import { SampleReader } from '../../../lib/ingest/sample-reader.ts';
import { parseInstant } from '../../../lib/period/instant.ts';
import type { StagedCounts } from '../../../lib/ports/sample-parts.ts';

export const WEST = parseRegion('west');
export const EAST = parseRegion('east');
export const directory = mkdtempSync(join(tmpdir(), 'headroom-test-'));
export const parts = duckdbSampleParts({ directory, memoryLimitMib: 256 });
/** Takes the way for batches whose series share more text than fits in memory. */
export const largeParts = duckdbSampleParts({
  directory,
  memoryLimitMib: 256,
  sharedCharactersMax: 0,
});

export function samplesOf(rows: readonly string[]): Sample[] {
  const reader = new SampleReader(parseInstant('2026-11-21T00:00:00Z') ?? 0, DEFAULT_LIMITS);
  return rows.map((row, index) => reader.read(row, index + 1));
}

export interface Settled {
  readonly counts: ReadonlyMap<string, StagedCounts>;
  readonly parts: readonly {
    region: string;
    date: string;
    rows: number;
    sha256: string;
    path: string;
  }[];
}

export async function settle(
  ingests: readonly { id: string; region: typeof WEST; samples: readonly Sample[] }[],
  by = parts,
): Promise<Settled> {
  return by.withBatch(async (batch) => {
    for (const { id, region, samples } of ingests) {
      await batch.begin({ id, region });
      for (const sample of samples) batch.add(sample);
    }
    const counts = await batch.settle();
    const written: { region: string; date: string; rows: number; sha256: string; path: string }[] =
      [];
    await batch.writeParts(async (part) => {
      const path = join(directory, `${part.sha256}.parquet`);
      await copyFile(part.path, path);
      written.push({ ...part, path });
    });
    return { counts, parts: written };
  });
}

export async function query(sql: string): Promise<unknown[][]> {
  const options = { memoryLimitMib: 128, threads: 1, directory };
  return withDatabase(options, async (connection) =>
    (await connection.runAndReadAll(sql)).getRowsJson(),
  );
}
