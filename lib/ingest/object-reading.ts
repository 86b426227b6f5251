import { type Region, utf8Length } from '../identifiers.ts';
import type { MeterTable } from '../metering/meter-table.ts';
import type { InstantUs } from '../period/instant.ts';
import type { ByteWork } from '../ports/byte-work.ts';
import type { SampleTaker } from '../ports/sample-parts.ts';
import { detectFormat, formatNamed, unknownFormat } from './detection.ts';
import type { Format } from './formats/format.ts';
import type { IngestLimits } from './limits.ts';
import { LineBlocks } from './line-blocks.ts';
import { type RawRow, tooLong } from './raw-row.ts';
import { ObjectRefused, RowRefused } from './refusal.ts';
import { RowReader } from './row-reader.ts';
import { type Findings, NO_FINDINGS, type Quarantine, type RowSink } from './row-sink.ts';

/** Characters of rows that wait for the format to show. */
const WAITING_CHARACTERS_MAX = 4_194_304;

/** Read first, and twice as many each time, until it is known how the object is best read. */
const FIRST_BYTES = 4_096;

export interface ReadingOptions {
  readonly region: Region;
  /** When the object was put. */
  readonly putAt: InstantUs;
  readonly limits: IngestLimits;
  /** Samples of meters in it have its types and units. */
  readonly meters: MeterTable;
  readonly quarantine: Quarantine;
  /** The name of the format, where who sent the object says it; null: it is told from the content. */
  readonly format: string | null;
  /** Signatures of Ceilometer's messages are verified with it; null: they are not. */
  readonly telemetrySecret: string | null;
  readonly bytes: Pick<ByteWork, 'sha256' | 'isSame'>;
}

/** Reads one object: finds its rows, tells its format, and gives each row to the format's sink. */
export class ObjectReading {
  readonly #batch: SampleTaker;
  readonly #options: ReadingOptions;
  readonly #rows: RowReader;
  /** Reads the rest of the object once its format takes lines at once. */
  #blocks: LineBlocks | null = null;
  #pieceBytes = FIRST_BYTES;
  #sink: RowSink | null = null;
  #format: Format | null = null;
  #waiting: RawRow[] = [];
  #waitingCharacters = 0;
  #read = 0;
  #isEmpty = true;
  #advice: ObjectRefused | null = null;

  /** @throws ObjectRefused when the options name a format that there is not */
  constructor(batch: SampleTaker, options: ReadingOptions) {
    this.#batch = batch;
    this.#options = options;
    this.#rows = new RowReader(options.limits);
    if (options.format !== null) {
      this.#format = formatNamed(options.format);
      this.#sink = this.#format.open(batch, options);
    }
  }

  /** Rows read so far, refused ones included. */
  get read(): number {
    return this.#read + (this.#blocks?.read ?? 0);
  }

  get format(): string {
    return this.#format?.name ?? 'none';
  }

  /** @throws ObjectRefused */
  push(chunk: Uint8Array): void {
    if (chunk.length > 0) this.#isEmpty = false;
    let at = 0;
    while (at < chunk.length && !this.#blocks) {
      this.#takeAll(this.#rows.push(chunk.subarray(at, at + this.#pieceBytes)));
      at += this.#pieceBytes;
      this.#pieceBytes *= 2;
      const { lines } = this.#rows;
      if (!lines) continue;
      if (this.#sink?.blocks) this.#blocks = new LineBlocks(lines, this.#sink.blocks);
    }
    this.#blocks?.push(chunk.subarray(at), this.#takeOther);
  }

  /** @throws ObjectRefused */
  end(): Findings {
    if (this.#blocks) this.#blocks.end(this.#takeOther);
    else this.#takeAll(this.#rows.end());
    if (this.#isEmpty) {
      throw new ObjectRefused('empty', 'The object is empty: the export wrote nothing.');
    }
    if (!this.#sink && this.#waiting[0]) throw this.#refusalOfAll(this.#waiting[0]);
    return this.#sink?.end() ?? NO_FINDINGS;
  }

  readonly #takeOther = (row: RawRow): void => this.#takeAll([row]);

  #takeAll(rows: readonly RawRow[]): void {
    for (const row of rows) {
      if (this.#sink) this.#take(this.#sink, row);
      else this.#wait(row);
    }
  }

  #wait(row: RawRow): void {
    this.#waiting.push(row);
    this.#waitingCharacters += textOf(row).length;
    const format = this.#formatOf(row);
    if (format) {
      this.#format = format;
      this.#sink = format.open(this.#batch, this.#options);
      const waiting = this.#waiting;
      this.#waiting = [];
      this.#takeAll(waiting);
    } else if (
      this.#waiting.length >= this.#options.limits.detectionRowsMax ||
      this.#waitingCharacters > WAITING_CHARACTERS_MAX
    ) {
      throw this.#refusalOfAll(this.#waiting[0] ?? row);
    }
  }

  /** A row of a format that is not taken refuses the object only if no later row can be read. */
  #formatOf(row: RawRow): Format | null {
    if (!('text' in row)) return null;
    try {
      return detectFormat(row.text);
    } catch (error) {
      if (!(error instanceof ObjectRefused)) throw error;
      this.#advice ??= error;
      return null;
    }
  }

  #refusalOfAll(first: RawRow): ObjectRefused {
    if (this.#advice) return this.#advice;
    if ('text' in first) return unknownFormat(first.text);
    return new ObjectRefused(first.refusal.code, first.refusal.reason);
  }

  #take(sink: RowSink, raw: RawRow): void {
    const row = this.#withinLimits(raw);
    if (!('text' in row)) {
      this.#read += 1;
      this.#options.quarantine(row.line, row.refusal, row.head, row.keptAs);
      return;
    }
    try {
      this.#read += sink.take(row.text, row.line);
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error;
      this.#refuse(row.line, error, row.text);
    }
  }

  #refuse(line: number, refusal: { readonly code: string; readonly reason: string }, row: string) {
    this.#read += 1;
    this.#options.quarantine(line, refusal, row);
  }

  /** A sample that looked like an envelope got past the cap of the reader. */
  #withinLimits(row: RawRow): RawRow {
    const { rowBytesMax } = this.#options.limits;
    if (!this.#format?.rowsAreSamples || !('text' in row) || fits(row.text, rowBytesMax))
      return row;
    return tooLong(row.text.slice(0, 200), row.line, rowBytesMax);
  }
}

/** Whether the text has at most so many bytes of UTF-8; most need no counting. */
function fits(text: string, bytesMax: number): boolean {
  return text.length * 3 <= bytesMax || utf8Length(text) <= bytesMax;
}

function textOf(row: RawRow): string {
  return 'text' in row ? row.text : row.head;
}
