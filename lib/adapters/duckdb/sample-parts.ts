import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { assert } from '../../assert.ts';
import { parseRegion } from '../../identifiers.ts';
import type { Sample } from '../../ingest/sample.ts';
import { dayOf } from '../../period/calendar.ts';
import { DAY_US } from '../../period/instant.ts';
import type { SampleBatch, SampleParts, StagedCounts } from '../../ports/sample-parts.ts';
import { literal, withDatabase } from './database.ts';
import { SampleStaging } from './sample-staging.ts';
import {
  ANY_DOUBLES,
  COUNT_ACCEPTED,
  COUNT_DOUBLES,
  CREATE_INGESTS,
  CREATE_SAMPLES,
  copyPart,
  copySorted,
  DROP_LOSERS,
  FIND_DOUBLES,
  LIST_PARTS,
  RANK_DOUBLES,
  RANK_SERIES,
  sortPart,
} from './sample-statements.ts';
import { textFileAt } from './sample-text-file.ts';

/** Next to DuckDB stand the rows that are read, what is remembered of their metadata and series, and the Parquet writer. */
const STAGING_SHARE_PERCENT = 33;

/** What DuckDB may take of an ingest function with so much memory; beyond it spills. */
export function stagingMemoryMib(functionMemoryMib: number): number {
  return Math.floor((functionMemoryMib * STAGING_SHARE_PERCENT) / 100);
}

/** An eighth of what DuckDB may take: the hash tables that hold it are a few times its size. */
const SHARED_CHARACTERS_PER_MIB = 131_072;

/** Keeps batches in DuckDB, which spills to a folder of its own under `directory`. */
export function duckdbSampleParts(options: {
  readonly directory: string;
  readonly memoryLimitMib: number;
  /** Text that series share, up to which it is looked up in memory while parts are written. */
  readonly sharedCharactersMax?: number;
}): SampleParts {
  const sharedCharactersMax =
    options.sharedCharactersMax ?? options.memoryLimitMib * SHARED_CHARACTERS_PER_MIB;
  return {
    async withBatch(use) {
      const directory = await mkdtemp(join(options.directory, 'ingest-'));
      // One thread: the order of rows, and so the bytes of a part, hang on nothing but the rows.
      const database = { memoryLimitMib: options.memoryLimitMib, threads: 1, directory };
      try {
        return await withDatabase(database, async (connection) => {
          const staging = await SampleStaging.create(connection);
          await connection.run(CREATE_INGESTS);
          await connection.run(CREATE_SAMPLES);
          return use(
            new DuckdbSampleBatch({ connection, staging, directory, sharedCharactersMax }),
          );
        });
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  };
}

interface BatchParts {
  readonly connection: DuckDBConnection;
  readonly staging: SampleStaging;
  readonly directory: string;
  readonly sharedCharactersMax: number;
}

class DuckdbSampleBatch implements SampleBatch {
  readonly #connection: DuckDBConnection;
  readonly #staging: SampleStaging;
  readonly #directory: string;
  readonly #sharedCharactersMax: number;
  readonly #ingests: { readonly id: string; readonly region: string }[] = [];
  #files = 0;

  constructor({ connection, staging, directory, sharedCharactersMax }: BatchParts) {
    this.#connection = connection;
    this.#staging = staging;
    this.#directory = directory;
    this.#sharedCharactersMax = sharedCharactersMax;
  }

  async begin(ingest: { readonly id: string; readonly region: string }): Promise<void> {
    assert(
      this.#ingests.every(({ id }) => id !== ingest.id),
      `the ingest "${ingest.id}" is in its batch already`,
    );
    await this.#staging.open();
    this.#ingests.push(ingest);
  }

  add(sample: Sample): void {
    this.#staging.add(this.#ingests.length - 1, sample);
  }

  async forget(ingestId: string): Promise<void> {
    const ingest = this.#ingests.findIndex(({ id }) => id === ingestId);
    if (ingest === -1) return;
    this.#staging.close();
    await this.#connection.run(`DELETE FROM staged WHERE ingest = ${ingest}`);
  }

  async settle(): Promise<ReadonlyMap<string, StagedCounts>> {
    this.#staging.close();
    for (const [index, { id, region }] of this.#ingests.entries()) {
      await this.#connection.run(
        `INSERT INTO ingests VALUES (${index}, ${literal(id)}, ${literal(region)})`,
      );
    }
    await this.#connection.run(FIND_DOUBLES);
    const [[doubles = 0n] = []] = await this.#rows<[bigint]>(ANY_DOUBLES);
    if (doubles > 0n) await this.#connection.run(RANK_DOUBLES);
    const lost = doubles > 0n ? await this.#rows<[number, bigint, bigint]>(COUNT_DOUBLES) : [];
    if (doubles > 0n) await this.#connection.run(DROP_LOSERS);
    const kept = await this.#rows<[number, number, bigint, bigint]>(COUNT_ACCEPTED);
    return new Map(this.#ingests.map(({ id }, index) => [id, countsOf(index, kept, lost)]));
  }

  async writeParts(take: Parameters<SampleBatch['writeParts']>[0]): Promise<void> {
    const parts = await this.#rows<[string, number, bigint]>(LIST_PARTS);
    const isSharedInMemory = this.#staging.sharedCharacters <= this.#sharedCharactersMax;
    if (isSharedInMemory) await this.#connection.run(RANK_SERIES);
    for (const [region, day, rows] of parts) {
      const path = join(this.#directory, `${this.#files}.parquet`);
      this.#files += 1;
      if (isSharedInMemory) await this.#connection.run(sortPart({ region, day }));
      await this.#connection.run(
        isSharedInMemory ? copySorted(path) : copyPart({ region, day, path }),
      );
      const sha256 = await fileSha256(path);
      const date = dayOf(day * DAY_US);
      await take({ region: parseRegion(region), date, rows: Number(rows), path, sha256 });
      await rm(path);
    }
  }

  textFile(): ReturnType<SampleBatch['textFile']> {
    this.#files += 1;
    return textFileAt(join(this.#directory, `${this.#files}.txt`));
  }

  async #rows<T extends unknown[]>(sql: string): Promise<T[]> {
    const result = await this.#connection.runAndReadAll(sql);
    return result.getRows() as unknown as T[];
  }
}

function countsOf(
  index: number,
  kept: readonly (readonly [number, number, bigint, bigint])[],
  lost: readonly (readonly [number, bigint, bigint])[],
): StagedCounts {
  const own = kept.filter(([ingest]) => ingest === index);
  const [, duplicate = 0n, conflict = 0n] = lost.find(([ingest]) => ingest === index) ?? [];
  return {
    accepted: own.reduce((sum, [, , rows]) => sum + Number(rows), 0),
    unmetered: own.reduce((sum, [, , , rows]) => sum + Number(rows), 0),
    duplicate: Number(duplicate),
    conflict: Number(conflict),
    days: own.map(([, day]) => dayOf(day * DAY_US)),
  };
}

async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
