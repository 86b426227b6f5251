import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import { assert } from '../../assert.ts';
import type { Attributes } from '../../ingest/attributes.ts';
import type { Sample } from '../../ingest/sample.ts';
import {
  ATTRIBUTES,
  chunkOf,
  createTable,
  SERIES,
  STAGED,
  type StagingTable,
} from './sample-columns.ts';

/** Fewer than DuckDB takes at once: what waits is young garbage, and 2,048 rows of it cost a sixth of the speed. */
const CHUNK_ROWS = 512;
/** Series whose numbers are remembered; one that is met again after that has two numbers. */
const REMEMBERED_MAX = 200_000;

/** Rows on their way into a table, a chunk at a time. */
class Appending<T> {
  readonly #table: StagingTable<T>;
  #appender: DuckDBAppender | null = null;
  #waiting: T[] = [];

  constructor(table: StagingTable<T>) {
    this.#table = table;
  }

  async open(connection: DuckDBConnection): Promise<void> {
    this.#appender ??= await connection.createAppender(this.#table.name);
  }

  add(row: T): void {
    if (this.#waiting.push(row) === CHUNK_ROWS) this.flush();
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    assert(this.#appender !== null, 'rows are added to an ingest that has begun');
    this.#appender.appendDataChunk(chunkOf(this.#table, this.#waiting));
    this.#waiting = [];
  }

  close(): void {
    this.flush();
    this.#appender?.closeSync();
    this.#appender = null;
  }
}

/**
 * Samples go into DuckDB by series: what the samples of a series share is handed over once, which
 * spares most of the cost of getting rows in (bench/ingest.ts).
 */
export class SampleStaging {
  readonly #connection: DuckDBConnection;
  readonly #staged = new Appending(STAGED);
  readonly #series = new Appending(SERIES);
  readonly #attributes = new Appending(ATTRIBUTES);
  readonly #numbers = new Map<
    Attributes,
    { readonly own: number; readonly series: Map<string, number> }
  >();
  #attributesCount = 0;
  #seriesCount = 0;
  #remembered = 0;
  #sharedCharacters = 0;

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  static async create(connection: DuckDBConnection): Promise<SampleStaging> {
    for (const table of [STAGED, SERIES, ATTRIBUTES]) {
      await connection.run(createTable(table as StagingTable<never>));
    }
    return new SampleStaging(connection);
  }

  /** Of all text that series and attributes have in common. */
  get sharedCharacters(): number {
    return this.#sharedCharacters;
  }

  async open(): Promise<void> {
    for (const one of [this.#staged, this.#series, this.#attributes]) {
      await one.open(this.#connection);
    }
  }

  add(ingest: number, sample: Sample): void {
    this.#staged.add({ ingest, sample, series: this.seriesOf(sample) });
  }

  /** What was added is in the tables from here on. */
  close(): void {
    for (const one of [this.#staged, this.#series, this.#attributes]) one.close();
  }

  /** The number of the sample's series, which has a row in the table from now on. */
  seriesOf(sample: Sample): number {
    const { own, series } = this.#attributesOf(sample.attributes);
    const { project, userId, resource, meter, type, unit, source, others } = sample;
    const [head, tail] = sample.rowValues === null ? ['', ''] : [sample.rowHead, sample.rowTail];
    // Any text may stand in an id, a line end too: only lengths tell the fields apart.
    const lengths = `${resource.length} ${meter.length} ${project.length} ${userId.length} ${type.length} ${unit.length} ${source.length} ${others.length} ${head.length}`;
    const name = `${lengths} ${resource}${meter}${project}${userId}${type}${unit}${source}${others}${head}${tail}`;
    const known = series.get(name);
    if (known !== undefined) return known;
    const number = this.#seriesCount;
    this.#seriesCount += 1;
    this.#series.add({ series: number, attributes: own, sample });
    series.set(name, number);
    this.#remembered += 1;
    this.#sharedCharacters += name.length;
    return number;
  }

  #attributesOf(values: Attributes) {
    const known = this.#numbers.get(values);
    if (known && this.#remembered < REMEMBERED_MAX) return known;
    if (this.#remembered >= REMEMBERED_MAX) {
      this.#numbers.clear();
      this.#remembered = 0;
    }
    const numbers = { own: this.#attributesCount, series: new Map<string, number>() };
    this.#attributesCount += 1;
    this.#attributes.add({ attributes: numbers.own, values });
    this.#numbers.set(values, numbers);
    this.#remembered += 1;
    this.#sharedCharacters += values.canonical.length;
    return numbers;
  }
}
