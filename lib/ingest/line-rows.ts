import { PartialRow, type RawRow, rowOf, tooLong } from './raw-row.ts';

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

  push(chunk: Uint8Array): RawRow[] {
    const breaks = new LineBreaks(chunk);
    let start = this.#endedWithCr && chunk[0] === LF ? 1 : 0;
    if (chunk.length > 0) this.#endedWithCr = false;
    const rows: RawRow[] = [];
    const ranges: Range[] = [];
    for (let at = breaks.next(start); at !== -1; at = breaks.next(start)) {
      this.#endRow(chunk, { start, end: at, line: this.#line }, rows, ranges);
      this.#line += 1;
      start = this.#afterBreak(chunk, at);
    }
    this.#partial.add(chunk.slice(start));
    decodeRanges(chunk, ranges, rows);
    return rows;
  }

  end(): RawRow[] {
    if (this.#partial.isEmpty) return [];
    return withoutBlank([this.#partial.take(this.#line)]);
  }

  #endRow(chunk: Uint8Array, range: Range, rows: RawRow[], ranges: Range[]): void {
    if (this.#partial.isEmpty) {
      if (range.end - range.start <= this.#rowBytesMax) {
        ranges.push(range);
        return;
      }
      decodeRanges(chunk, ranges.splice(0), rows);
      rows.push(tooLong(headText(chunk, range), range.line, this.#rowBytesMax));
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

function headText(chunk: Uint8Array, range: Range): string {
  const row = rowOf(
    chunk.subarray(range.start, Math.min(range.end, range.start + 200)),
    range.line,
  );
  return 'text' in row ? row.text : row.head;
}

/** All at once where the chunk is ASCII, since then bytes and characters stand at the same places. */
function decodeRanges(chunk: Uint8Array, ranges: readonly Range[], rows: RawRow[]): void {
  const first = ranges[0];
  const last = ranges.at(-1);
  if (!first || !last) return;
  const whole = rowOf(chunk.subarray(first.start, last.end), first.line);
  const isAscii = 'text' in whole && whole.text.length === last.end - first.start;
  for (const { start, end, line } of ranges) {
    const row = isAscii
      ? { line, text: whole.text.slice(start - first.start, end - first.start) }
      : rowOf(chunk.subarray(start, end), line);
    if (!isBlank(row)) rows.push(row);
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
