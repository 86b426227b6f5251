import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { assert } from '../../assert.ts';
import { parseRegion } from '../../identifiers.ts';
import type { Sample } from '../../ingest/sample.ts';
import { dayOf } from '../../period/calendar.ts';
import { DAY_US } from '../../period/instant.ts';
import type { PartFile, SampleBatch, StagedCounts } from '../../ports/sample-parts.ts';
import { literal } from './database.ts';
import { DayTable } from './day-table.ts';
import { textFileAt } from './local-file.ts';
import type { ReadingFiles } from './reading-files.ts';
import type { SampleStaging } from './sample-staging.ts';
import {
  copyPart,
  KEEP_ORDER,
  LIST_DAYS,
  type PartRange,
  RANK_SERIES,
} from './sample-statements.ts';

export interface BatchParts {
  /** What can work side by side. */
  readonly lanes: readonly [DuckDBConnection, ...DuckDBConnection[]];
  readonly staging: SampleStaging;
  readonly readings: ReadingFiles;
  readonly directory: string;
  readonly sharedCharactersMax: number;
  readonly partRowsMax: number;
}

export class DuckdbSampleBatch implements SampleBatch {
  readonly #parts: BatchParts;
  readonly #ingests: { readonly id: string; readonly region: string }[] = [];
  #days: readonly DayTable[] = [];
  #files = 0;

  constructor(parts: BatchParts) {
    this.#parts = parts;
  }

  async begin(ingest: { readonly id: string; readonly region: string }): Promise<void> {
    assert(
      this.#ingests.every(({ id }) => id !== ingest.id),
      `the ingest "${ingest.id}" is in its batch already`,
    );
    await this.#parts.staging.open();
    this.#ingests.push(ingest);
  }

  add(sample: Sample): void {
    this.#parts.staging.add(this.#ingests.length - 1, sample);
  }

  addSeries(sample: Sample): number {
    assert(sample.rowValues !== null, 'the rows of a series share their text');
    return this.#parts.staging.seriesOf(sample);
  }

  addReadings(lines: Uint8Array): void {
    this.#parts.readings.add(this.#ingests.length - 1, lines);
  }

  ready(): Promise<void> {
    return this.#parts.readings.ready();
  }

  async forget(ingestId: string): Promise<void> {
    const ingest = this.#ingests.findIndex(({ id }) => id === ingestId);
    if (ingest === -1) return;
    await this.#stage();
    await this.#parts.lanes[0].run(`DELETE FROM staged WHERE ingest = ${ingest}`);
  }

  async settle(): Promise<ReadonlyMap<string, StagedCounts>> {
    const [connection] = this.#parts.lanes;
    await this.#stage();
    for (const [index, { id, region }] of this.#ingests.entries()) {
      await connection.run(
        `INSERT INTO ingests VALUES (${index}, ${literal(id)}, ${literal(region)})`,
      );
    }
    await connection.run(RANK_SERIES);
    const listed = await connection.runAndReadAll(LIST_DAYS);
    const days: DayTable[] = [];
    for (const row of listed.getRows()) {
      const [region, day] = row as [string, number];
      days.push(await DayTable.create(connection, { region, day, table: `day_${days.length}` }));
    }
    await connection.run('DROP TABLE staged');
    this.#days = days;
    return new Map(this.#ingests.map(({ id }, index) => [id, countsOf(index, days)]));
  }

  async writeParts(take: Parameters<SampleBatch['writeParts']>[0]): Promise<void> {
    const { lanes } = this.#parts;
    await lanes[0].run(KEEP_ORDER);
    const ranges = this.#days.flatMap((day) => this.#rangesOf(day));
    const written: Promise<PartFile>[] = [];
    const start = () => {
      const [range, lane] = [ranges[written.length], lanes[written.length % lanes.length]];
      if (!range || !lane) return;
      const part = writePart(lane, range);
      // It is awaited later, and may fail before.
      part.catch(() => undefined);
      written.push(part);
    };
    try {
      for (const _ of lanes) start();
      for (let index = 0; index < ranges.length; index += 1) {
        const part = await written[index];
        start();
        if (part) await take(part);
        if (part) await rm(part.path);
      }
    } finally {
      await Promise.allSettled(written);
    }
  }

  /** The parts that the day's rows are cut into. */
  #rangesOf({ region, day, table, rows }: DayTable): DayRange[] {
    const { staging, sharedCharactersMax, partRowsMax } = this.#parts;
    const keepsOrder = staging.sharedCharacters <= sharedCharactersMax;
    const count = Math.ceil(rows / partRowsMax);
    return Array.from({ length: count }, (_, index) => {
      const from = index * partRowsMax;
      const to = Math.min(from + partRowsMax, rows);
      return { region, day, table, from, to, path: this.#path('parquet'), keepsOrder };
    });
  }

  textFile(): ReturnType<SampleBatch['textFile']> {
    return textFileAt(this.#path('txt'));
  }

  /** All that was added is in the tables afterwards. */
  async #stage(): Promise<void> {
    this.#parts.staging.close();
    await this.#parts.readings.finish();
  }

  #path(kind: 'parquet' | 'txt'): string {
    this.#files += 1;
    return join(this.#parts.directory, `${this.#files}.${kind}`);
  }
}

interface DayRange extends PartRange {
  readonly region: string;
  /** Since 1970. */
  readonly day: number;
}

async function writePart(lane: DuckDBConnection, range: DayRange): Promise<PartFile> {
  const { region, day, from, to, path } = range;
  await lane.run(copyPart(range));
  const sha256 = await fileSha256(path);
  return { region: parseRegion(region), date: dayOf(day * DAY_US), rows: to - from, path, sha256 };
}

function countsOf(ingest: number, tables: readonly DayTable[]): StagedCounts {
  const own = tables.flatMap((table) => {
    const counts = table.countsOf(ingest);
    return counts === null ? [] : [{ day: dayOf(table.day * DAY_US), ...counts }];
  });
  const sum = (of: 'accepted' | 'duplicate' | 'conflict' | 'unmetered') =>
    own.reduce((total, counts) => total + counts[of], 0);
  return {
    accepted: sum('accepted'),
    unmetered: sum('unmetered'),
    duplicate: sum('duplicate'),
    conflict: sum('conflict'),
    days: own.map(({ day }) => day),
  };
}

async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
