import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SampleParts } from '../../ports/sample-parts.ts';
import { withDatabase } from './database.ts';
import { ReadingFiles } from './reading-files.ts';
import { DuckdbSampleBatch } from './sample-batch.ts';
import { SampleStaging } from './sample-staging.ts';
import { CREATE_INGESTS } from './sample-statements.ts';

/** Next to DuckDB stand the rows that are read, what is remembered of their metadata and series, and the Parquet writer. */
const STAGING_SHARE_PERCENT = 33;

/** What DuckDB may take of an ingest function with so much memory; beyond it spills. */
export function stagingMemoryMib(functionMemoryMib: number): number {
  return Math.floor((functionMemoryMib * STAGING_SHARE_PERCENT) / 100);
}

/** An eighth of what DuckDB may take: the hash tables that hold it are a few times its size. */
const SHARED_CHARACTERS_PER_MIB = 131_072;

/** Some 15 MB each. Parts are written side by side, and compaction makes one of those of a day. */
const PART_ROWS_MAX = 524_288;
/** As many as a function has cores, at most. */
const THREADS = 2;

/** Keeps batches in DuckDB, which spills to a folder of its own under `directory`. */
export function duckdbSampleParts(options: {
  readonly directory: string;
  readonly memoryLimitMib: number;
  /** Text that series share, up to which it is looked up in memory while parts are written. */
  readonly sharedCharactersMax?: number;
  /** Of a part; a region and day with more has several. */
  readonly partRowsMax?: number;
}): SampleParts {
  const sharedCharactersMax =
    options.sharedCharactersMax ?? options.memoryLimitMib * SHARED_CHARACTERS_PER_MIB;
  const partRowsMax = options.partRowsMax ?? PART_ROWS_MAX;
  return {
    async withBatch(use) {
      const directory = await mkdtemp(join(options.directory, 'ingest-'));
      const database = { memoryLimitMib: options.memoryLimitMib, threads: THREADS, directory };
      try {
        return await withDatabase(database, async (connection, connect) => {
          const staging = await SampleStaging.create(connection);
          const second = await connect();
          const readings = new ReadingFiles(second, directory);
          await connection.run(CREATE_INGESTS);
          const batch = new DuckdbSampleBatch({
            lanes: [connection, second],
            staging,
            readings,
            directory,
            sharedCharactersMax,
            partRowsMax,
          });
          try {
            return await use(batch);
          } finally {
            // What is still being loaded needs its file and its database.
            await readings.end();
          }
        });
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  };
}
