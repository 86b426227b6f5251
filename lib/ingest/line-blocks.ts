import type { LineRows } from './line-rows.ts';
import { decode, type RawRow } from './raw-row.ts';
import type { BlockSink } from './row-sink.ts';

const BLOCK_BYTES = 65_536;
const LF = 10;
const CR = 13;

/**
 * Gives the lines of an object to what takes many at once, and to LineRows what that is not for: lines
 * that are no UTF-8, that end in CR, or that are longer than a block.
 */
export class LineBlocks {
  readonly #rows: LineRows;
  readonly #sink: BlockSink;
  readonly #block = new Uint8Array(BLOCK_BYTES);
  #bytes = 0;
  #read = 0;

  /** @param rows which has read all that came before */
  constructor(rows: LineRows, sink: BlockSink) {
    this.#rows = rows;
    this.#sink = sink;
  }

  /** Rows that the sink took. */
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
    for (let at = 0; at < block.length; ) {
      const { rows, end } = this.#sink.takeRepeats(block, at, this.#rows.line);
      this.#rows.skip(rows);
      this.#read += rows;
      at = end === block.length ? end : this.#takeLine(block, end, take);
    }
  }

  /** @returns one beyond the line */
  #takeLine(block: Uint8Array, at: number, take: (row: RawRow) => void): number {
    const end = block.indexOf(LF, at) + 1;
    const line = block.subarray(at, end);
    const text = line.includes(CR) ? null : decode(line);
    if (text !== null && this.#sink.takeLine(text, this.#rows.line)) {
      this.#rows.skip(1);
      this.#read += 1;
    } else {
      this.#rows.push(line).forEach(take);
    }
    return end;
  }

  /** What is in the block is not for taking at once. */
  #giveUp(take: (row: RawRow) => void): void {
    const rest = this.#block.subarray(0, this.#bytes);
    this.#bytes = 0;
    this.#rows.push(rest).forEach(take);
  }
}
