import { headOf, PartialRow, type RawRow, rowOf, tooLong } from './raw-row.ts';

const LF = 10;
const CR = 13;

interface Range {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

interface RowLimits {
  readonly rowBytesMax: number;
  readonly envelopeBytesMax: number;
}

/** Splits bytes into lines: LF, CRLF or CR ends one. Blank lines count as lines and are no rows. */
export class LineRows {
  readonly #partial: PartialRow;
  readonly #rowBytesMax: number;
  #line = 1;
  #endedWithCr = false;

  constructor(limits: RowLimits) {
    this.#partial = new PartialRow(limits);
    this.#rowBytesMax = limits.rowBytesMax;
  }

  /** Of the line that comes next. */
  get line(): number {
    return this.#line;
  }

  /** Whether what comes next starts a line. */
  get isBetweenLines(): boolean {
    return this.#partial.isEmpty && !this.#endedWithCr;
  }

  /** Lines that were read elsewhere; only between lines. */
  skip(lines: number): void {
    this.#line += lines;
  }

  push(chunk: Uint8Array): RawRow[] {
    const breaks = new LineBreaks(chunk);
    let start = this.#endedWithCr && chunk[0] === LF ? 1 : 0;
    if (chunk.length > 0) this.#endedWithCr = false;
    const rows: RawRow[] = [];
    for (let at = breaks.next(start); at !== -1; at = breaks.next(start)) {
      this.#endRow(chunk, { start, end: at, line: this.#line }, rows);
      this.#line += 1;
      start = this.#afterBreak(chunk, at);
    }
    this.#partial.add(chunk.subarray(start));
    return rows;
  }

  end(): RawRow[] {
    if (this.#partial.isEmpty) return [];
    return withoutBlank([this.#partial.take(this.#line)]);
  }

  #endRow(chunk: Uint8Array, range: Range, rows: RawRow[]): void {
    if (this.#partial.isEmpty) {
      // A file of nothing but line ends must not cost more than one of rows.
      if (range.start === range.end) return;
      const bytes = chunk.subarray(range.start, range.end);
      const isTooLong = bytes.length > this.#rowBytesMax;
      const row = isTooLong
        ? tooLong(headOf(bytes), range.line, this.#rowBytesMax)
        : rowOf(bytes, range.line);
      if (!isBlank(row)) rows.push(row);
      return;
    }
    this.#partial.add(chunk.subarray(range.start, range.end));
    rows.push(...withoutBlank([this.#partial.take(range.line)]));
  }

  /** CRLF is one break, also where the chunk ends between the two. */
  #afterBreak(chunk: Uint8Array, at: number): number {
    if (chunk[at] !== CR) return at + 1;
    if (at + 1 === chunk.length) this.#endedWithCr = true;
    return chunk[at + 1] === LF ? at + 2 : at + 1;
  }
}

function withoutBlank(rows: RawRow[]): RawRow[] {
  return rows.filter((row) => !isBlank(row));
}

function isBlank(row: RawRow): boolean {
  return 'text' in row && row.text.charCodeAt(0) !== 123 && row.text.trim() === '';
}

/** The next LF or CR at or after a place, without looking at any byte twice. */
class LineBreaks {
  readonly #chunk: Uint8Array;
  #lf = -2;
  #cr = -2;

  constructor(chunk: Uint8Array) {
    this.#chunk = chunk;
  }

  next(from: number): number {
    if (this.#lf !== -1 && this.#lf < from) this.#lf = this.#chunk.indexOf(LF, from);
    if (this.#cr !== -1 && this.#cr < from) this.#cr = this.#chunk.indexOf(CR, from);
    if (this.#cr === -1) return this.#lf;
    return this.#lf === -1 ? this.#cr : Math.min(this.#lf, this.#cr);
  }
}
