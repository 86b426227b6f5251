import { PartialRow, type RawRow } from './raw-row.ts';
import { ObjectRefused } from './refusal.ts';

const LF = 10;
const CR = 13;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

interface RowLimits {
  readonly rowBytesMax: number;
  readonly envelopeBytesMax: number;
}

/**
 * Takes a JSON document apart while it streams: each element of a top-level array is a row, and so
 * is each top-level object, however it is broken into lines. The document is never in memory whole.
 */
export class DocumentRows {
  readonly #partial: PartialRow;
  #rows: RawRow[] = [];
  #line = 1;
  #rowLine = 1;
  #isInArray = false;
  /** What may come between rows: a comma is due after a row of an array. */
  #expects: 'a row' | 'a row or the end' | 'a comma or the end' = 'a row';
  #place: 'between' | 'in a row' | 'in a word' = 'between';
  /** Brackets that the present row has open. */
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #endedWithCr = false;

  constructor(limits: RowLimits) {
    this.#partial = new PartialRow(limits);
  }

  /** @throws ObjectRefused where the document is damaged */
  push(chunk: Uint8Array): RawRow[] {
    let at = 0;
    while (at < chunk.length) {
      if (this.#place === 'between') at = this.#betweenRows(chunk, at);
      else if (this.#place === 'in a word') at = this.#inWord(chunk, at);
      else at = this.#inRow(chunk, at);
    }
    if (chunk.length > 0) this.#endedWithCr = chunk.at(-1) === CR;
    return this.#take();
  }

  /** @throws ObjectRefused when the array is not closed */
  end(): RawRow[] {
    if (this.#isInArray) {
      throw new ObjectRefused(
        'truncated_array',
        `The JSON array is not closed: the object ends at line ${this.#line} inside it, so it was cut off. Send the whole export again.`,
      );
    }
    if (this.#place !== 'between') this.#endRow();
    return this.#take();
  }

  #take(): RawRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  /** Takes one byte. @returns the place to go on at */
  #betweenRows(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] ?? 0;
    if (byte <= SPACE && byte !== 0) {
      this.#countLine(chunk, at);
      return at + 1;
    }
    const isEnd = byte === CLOSE_ARRAY && this.#isInArray && this.#expects !== 'a row';
    const isComma = byte === COMMA && this.#expects === 'a comma or the end';
    if (isEnd || isComma) {
      this.#isInArray = !isEnd;
      this.#expects = 'a row';
      return at + 1;
    }
    if (byte === OPEN_ARRAY && !this.#isInArray) {
      this.#isInArray = true;
      this.#expects = 'a row or the end';
      return at + 1;
    }
    if (byte === COMMA || byte === CLOSE_ARRAY || this.#expects === 'a comma or the end') {
      throw this.#damaged(byte);
    }
    return this.#startRow(byte, at);
  }

  #startRow(byte: number, at: number): number {
    this.#rowLine = this.#line;
    this.#depth = 0;
    const isWord = byte !== QUOTE && byte !== OPEN_OBJECT && byte !== OPEN_ARRAY;
    this.#place = isWord ? 'in a word' : 'in a row';
    return at;
  }

  /** Goes through text, object or array to its end, or to the chunk's. */
  #inRow(chunk: Uint8Array, start: number): number {
    for (let at = start; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (byte < SPACE) this.#countLine(chunk, at);
      if (!this.#endsRow(byte)) continue;
      this.#partial.add(chunk.subarray(start, at + 1));
      this.#endRow();
      return at + 1;
    }
    this.#partial.add(chunk.subarray(start));
    return chunk.length;
  }

  /** Whether the byte closes the row's own text, object or array. */
  #endsRow(byte: number): boolean {
    if (this.#isInString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#isInString = false;
      return byte === QUOTE && !this.#isInString && this.#depth === 0;
    }
    if (byte === QUOTE) this.#isInString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      this.#depth -= 1;
      return this.#depth === 0;
    }
    return false;
  }

  /** A number, a literal, or what is no JSON: up to a blank, a comma or a bracket. */
  #inWord(chunk: Uint8Array, start: number): number {
    let at = start;
    while (at < chunk.length && !endsWord(chunk[at] ?? 0)) at += 1;
    this.#partial.add(chunk.subarray(start, at));
    // A stray bracket is a word of its own, or it would never end.
    if (at < chunk.length && this.#partial.isEmpty) {
      at += 1;
      this.#partial.add(chunk.subarray(start, at));
    }
    if (at < chunk.length) this.#endRow();
    return at;
  }

  #endRow(): void {
    this.#rows.push(this.#partial.take(this.#rowLine));
    this.#place = 'between';
    this.#isInString = false;
    this.#isEscaped = false;
    this.#expects = this.#isInArray ? 'a comma or the end' : 'a row';
  }

  #countLine(chunk: Uint8Array, at: number): void {
    const byte = chunk[at];
    const followsCr = at === 0 ? this.#endedWithCr : chunk[at - 1] === CR;
    if (byte === CR || (byte === LF && !followsCr)) this.#line += 1;
  }

  #damaged(byte: number): ObjectRefused {
    const found = String.fromCharCode(byte);
    return new ObjectRefused(
      'damaged_array',
      `The JSON is damaged at line ${this.#line}: "${found}" stands where ${this.#expects} is due. Send the whole export again.`,
    );
  }
}

function endsWord(byte: number): boolean {
  const isBlank = byte <= SPACE && byte !== 0;
  return isBlank || byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT;
}
