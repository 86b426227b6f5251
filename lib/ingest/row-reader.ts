import { joinBytes } from '../bytes.ts';
import { DocumentRows } from './document-rows.ts';
import type { IngestLimits } from './limits.ts';
import { LineRows } from './line-rows.ts';
import type { RawRow } from './raw-row.ts';
import { ObjectRefused } from './refusal.ts';

const LF = 10;
const CR = 13;
const QUOTE = 34;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** No piece is larger, so that a cap on rows is also a cap on memory. */
const PIECE_BYTES = 262_144;
const BYTE_ORDER_MARK_BYTES = 3;

type Layout = 'lines' | 'document';

/**
 * Finds the rows of an object while its bytes stream through: JSON lines, JSON arrays, or objects
 * broken into lines, whichever it turns out to be. Lines that are not JSON come as they are.
 */
export class RowReader {
  readonly #limits: IngestLimits;
  /** What came before the layout was known. */
  #start: Uint8Array[] = [];
  #startBytes = 0;
  #rows: LineRows | DocumentRows | null = null;

  constructor(limits: IngestLimits) {
    this.#limits = limits;
  }

  /** What reads the lines, once it is known that the object is lines. */
  get lines(): LineRows | null {
    return this.#rows instanceof LineRows ? this.#rows : null;
  }

  /** @throws ObjectRefused where the object as a whole cannot be read */
  push(chunk: Uint8Array): RawRow[] {
    if (chunk.length > PIECE_BYTES) return this.#pushPieces(chunk);
    if (this.#rows) return this.#rows.push(chunk);
    this.#start.push(new Uint8Array(chunk));
    this.#startBytes += chunk.length;
    return this.#begin(false);
  }

  /** @throws ObjectRefused where the object ends too early */
  end(): RawRow[] {
    const rows = this.#rows ? [] : this.#begin(true);
    return rows.concat(this.#rows?.end() ?? []);
  }

  #pushPieces(chunk: Uint8Array): RawRow[] {
    const rows: RawRow[] = [];
    for (let start = 0; start < chunk.length; start += PIECE_BYTES) {
      for (const row of this.push(chunk.subarray(start, start + PIECE_BYTES))) rows.push(row);
    }
    return rows;
  }

  #begin(isWhole: boolean): RawRow[] {
    const bytes = withoutByteOrderMark(joinBytes(this.#start));
    const isFull = isWhole || bytes.length > this.#limits.rowBytesMax;
    const layout =
      (isWhole || this.#startBytes >= BYTE_ORDER_MARK_BYTES ? layoutOf(bytes) : null) ??
      (isFull ? 'lines' : null);
    if (layout === null) {
      this.#start = [joinBytes(this.#start)];
      return [];
    }
    this.#rows = layout === 'lines' ? new LineRows(this.#limits) : new DocumentRows(this.#limits);
    this.#start = [];
    return this.#pushPieces(bytes);
  }
}

/** @throws ObjectRefused for UTF-16 */
function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  const [first, second, third] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new ObjectRefused('utf16', 'The object is UTF-16. Write the export as UTF-8.');
  }
  return first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes;
}

/**
 * A document starts with an array, or with an object that its first line does not close and that the
 * next line goes on with. Null while that cannot be told.
 */
function layoutOf(bytes: Uint8Array): Layout | null {
  const first = skipSpace(bytes, 0);
  if (first === bytes.length) return null;
  if (bytes[first] === OPEN_ARRAY) return 'document';
  if (bytes[first] !== OPEN_OBJECT) return 'lines';
  const lineEnd = endOfLine(bytes, first);
  if (lineEnd === bytes.length) return null;
  if (isClosed(bytes.subarray(first, lineEnd))) return 'lines';
  const next = skipSpace(bytes, lineEnd);
  if (next === bytes.length) return null;
  return bytes[next] === OPEN_OBJECT ? 'lines' : 'document';
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isSpace(bytes[at] ?? 0)) at += 1;
  return at;
}

function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}

function endOfLine(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== LF && bytes[at] !== CR) at += 1;
  return at;
}

/** Whether every bracket that the line opens is closed in it. */
function isClosed(line: Uint8Array): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < line.length; at += 1) {
    const byte = line[at];
    if (isInString && byte === BACKSLASH) at += 1;
    else if (byte === QUOTE) isInString = !isInString;
    else if (!isInString) depth += depthChange(byte);
  }
  return depth <= 0 && !isInString;
}

function depthChange(byte: number | undefined): number {
  if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) return 1;
  return byte === CLOSE_OBJECT || byte === CLOSE_ARRAY ? -1 : 0;
}
