import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { literal } from './database.ts';
import { type ByteFile, byteFileAt } from './local-file.ts';

/** Text of a file: enough that a load is not all overhead, and no more on the disk than need be. */
const FILE_BYTES = 16_777_216;
/** Files that wait for being loaded; whoever writes them waits then. */
const WAITING_MAX = 2;
const VOLUME_SCALE_MAX = 18;

/** Powers of ten from 1 down: digits times one of them are a volume, exactly. */
const POWERS = `[${Array.from({ length: VOLUME_SCALE_MAX + 1 }, (_, scale) => (scale === 0 ? '1' : `0.${'1'.padStart(scale, '0')}`)).join(', ')}]::DECIMAL(19,18)[]`;

/** SampleBatch, addReadings. */
const COLUMNS = `{series: 'INTEGER', time: 'BIGINT', digits: 'BIGINT', scale: 'TINYINT', message_id: 'VARCHAR', row_values: 'VARCHAR', line: 'BIGINT'}`;
const TEXT = `delim = '\t', quote = '', escape = '', comment = '', header = false, auto_detect = false, new_line = '\\n', nullstr = '\u0001'`;

function load(path: string, ingest: number): string {
  return `
INSERT INTO staged BY NAME
SELECT ${ingest} AS ingest, series, (time // 86400000000)::INTEGER AS day, make_timestamp(time) AS time, message_id, row_values, true AS leads, line,
  CASE WHEN scale = 0 THEN digits::DECIMAL(38,18) ELSE digits::DECIMAL(18,0) * (${POWERS})[scale + 1] END AS volume
FROM read_csv(${literal(path)}, columns = ${COLUMNS}, ${TEXT})`;
}

/**
 * Readings on their way into the table `staged`, as files of text that DuckDB loads while more are read: a
 * tenth of the cost of handing over value by value.
 */
export class ReadingFiles {
  readonly #connection: DuckDBConnection;
  readonly #directory: string;
  #file: (ByteFile & { readonly ingest: number; bytes: number }) | null = null;
  #files = 0;
  #waiting = 0;
  #loading: Promise<void> = Promise.resolve();
  #error: unknown = null;

  /** @param connection of its own: it is busy while others work */
  constructor(connection: DuckDBConnection, directory: string) {
    this.#connection = connection;
    this.#directory = directory;
  }

  add(ingest: number, lines: Uint8Array): void {
    if (this.#file?.ingest !== ingest) this.#close();
    this.#file ??= this.#open(ingest);
    this.#file.write(lines);
    this.#file.bytes += lines.length;
    if (this.#file.bytes >= FILE_BYTES) this.#close();
  }

  async ready(): Promise<void> {
    if (this.#waiting >= WAITING_MAX) await this.#loading;
    if (this.#error !== null) throw this.#error;
  }

  /** All readings are in the table then. */
  async finish(): Promise<void> {
    this.#close();
    await this.#loading;
    if (this.#error !== null) throw this.#error;
  }

  /** Nothing is being loaded any more. */
  async end(): Promise<void> {
    this.#file?.close();
    this.#file = null;
    await this.#loading;
  }

  #open(ingest: number) {
    this.#files += 1;
    const file = byteFileAt(join(this.#directory, `${this.#files}.readings`));
    return { ...file, ingest, bytes: 0 };
  }

  #close(): void {
    if (this.#file === null) return;
    const { path, ingest } = this.#file;
    this.#file.close();
    this.#file = null;
    this.#waiting += 1;
    this.#loading = this.#loading.then(() => this.#load(path, ingest));
  }

  async #load(path: string, ingest: number): Promise<void> {
    try {
      if (this.#error === null) await this.#connection.run(load(path, ingest));
      await rm(path);
    } catch (error) {
      this.#error ??= error;
    } finally {
      this.#waiting -= 1;
    }
  }
}
