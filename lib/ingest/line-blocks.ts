import type { LineRows } from './line-rows.ts';
import { decode, type RawRow } from './raw-row.ts';
import type { TakeLines } from './row-sink.ts';

/** Text of this size is born and dies with the young; larger blocks cost a third more. */
const BLOCK_BYTES = 65_536;
const LF = 10;
const CR = 13;

/**
 * Gives the lines of an object to what takes many at once, and to LineRows what that does not take: lines
 * that are no UTF-8, that end in CR, or that are longer than a block.
 */
export class LineBlocks {
  readonly #rows: LineRows;
  readonly #takeLines: TakeLines;
  readonly #block = new Uint8Array(BLOCK_BYTES);
  #bytes = 0;
  #read = 0;

  /** @param rows which has read all that came before */
  constructor(rows: LineRows, takeLines: TakeLines) {
    this.#rows = rows;
    this.#takeLines = takeLines;
  }

  /** Rows that were taken by many. */
  get read(): number {
    return this.#read;
  }

  /** @param take takes the other rows, in their order among these */
  push(chunk: Uint8Array, take: (row: RawRow) => void): void {
    let at = 0;
    while (at < chunk.length) {
      at = this.#rows.isBetweenLines ? this.#fill(chunk, at, take) : this.#endLine(chunk, at, take);
    }
  }

  end(take: (row: RawRow) => void): void {
    this.#takeLinesOfBlock(take);
    this.#giveUp(take);
    this.#rows.end().forEach(take);
  }

  /** @returns the place to go on at */
  #fill(chunk: Uint8Array, at: number, take: (row: RawRow) => void): number {
    const piece = chunk.subarray(at, at + BLOCK_BYTES - this.#bytes);
    this.#block.set(piece, this.#bytes);
    this.#bytes += piece.length;
    if (this.#bytes === BLOCK_BYTES) {
      this.#takeLinesOfBlock(take);
      // Not one line ended in all of it.
      if (this.#bytes === BLOCK_BYTES) this.#giveUp(take);
    }
    return at + piece.length;
  }

  /** What begins a line that does not end in it stays in the block. */
  #takeLinesOfBlock(take: (row: RawRow) => void): void {
    const end = this.#block.subarray(0, this.#bytes).lastIndexOf(LF) + 1;
    if (end === 0) return;
    this.#takeBlock(this.#block.subarray(0, end), take);
    this.#block.copyWithin(0, end, this.#bytes);
    this.#bytes -= end;
  }

  /** A line that was begun elsewhere. */
  #endLine(chunk: Uint8Array, at: number, take: (row: RawRow) => void): number {
    const lineFeed = chunk.indexOf(LF, at);
    const end = lineFeed === -1 ? chunk.length : lineFeed + 1;
    this.#rows.push(chunk.subarray(at, end)).forEach(take);
    return end;
  }

  #takeBlock(block: Uint8Array, take: (row: RawRow) => void): void {
    const text = block.includes(CR) ? null : decode(block);
    if (text === null) {
      this.#rows.push(block).forEach(take);
      return;
    }
    const { lines, rows } = this.#takeLines(text, this.#rows.line, (other, line) => {
      if (other.trim() !== '') take({ line, text: other });
    });
    this.#rows.skip(lines);
    this.#read += rows;
  }

  /** What is in the block is not for taking at once. */
  #giveUp(take: (row: RawRow) => void): void {
    const rest = this.#block.subarray(0, this.#bytes);
    this.#bytes = 0;
    this.#rows.push(rest).forEach(take);
  }
}
