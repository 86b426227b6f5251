/** A piece of a frame, and whether the frame ends with it. */
export interface FramePiece {
  readonly bytes: Uint8Array;
  readonly isLast: boolean;
}

type Part = 'magic' | 'skippable size' | 'descriptor' | 'header' | 'block header' | 'data';

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const MAGIC_BYTES = 4;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
const RLE_BLOCK = 1;

/**
 * Finds where the frames of zstd data end (RFC 8878, section 3.1), from the sizes that their headers and blocks tell: Node's
 * inflater stops after the first. Bytes that start no frame are given as one last piece, for it to refuse.
 */
export class ZstdFrames {
  #part: Part = 'magic';
  /** Bytes of the present part that are yet to come. */
  #left = MAGIC_BYTES;
  /** The bytes of the present part so far, as a little-endian number. */
  #value = 0;
  #shift = 0;
  #hasChecksum = false;
  /** Whether the frame ends with the present data. */
  #endsFrame = false;
  #isBroken = false;

  *push(chunk: Uint8Array): Generator<FramePiece> {
    let start = 0;
    let at = 0;
    while (at < chunk.length && !this.#isBroken) {
      if (this.#part === 'data') {
        const taken = Math.min(this.#left, chunk.length - at);
        this.#left -= taken;
        at += taken;
      } else {
        this.#take(chunk[at] ?? 0);
        at += 1;
      }
      if (this.#left > 0 || !this.#next()) continue;
      yield { bytes: chunk.subarray(start, at), isLast: true };
      start = at;
    }
    if (start < chunk.length) yield { bytes: chunk.subarray(start), isLast: false };
  }

  #take(byte: number): void {
    this.#left -= 1;
    if (this.#shift < 32) this.#value += byte * 2 ** this.#shift;
    this.#shift += 8;
  }

  #begin(part: Part, bytes: number): void {
    this.#part = part;
    this.#left = bytes;
    this.#value = 0;
    this.#shift = 0;
  }

  /** Goes on to the part after the one that is complete. @returns whether the frame ended */
  #next(): boolean {
    const value = this.#value;
    switch (this.#part) {
      case 'magic':
        return this.#afterMagic(value);
      case 'skippable size':
        this.#endsFrame = true;
        this.#begin('data', value);
        return value === 0 && this.#endFrame();
      case 'descriptor':
        this.#hasChecksum = (value & 4) !== 0;
        this.#begin('header', headerBytes(value));
        return false;
      case 'header':
        this.#begin('block header', BLOCK_HEADER_BYTES);
        return false;
      case 'block header':
        return this.#afterBlockHeader(value);
      case 'data':
        if (this.#endsFrame) return this.#endFrame();
        this.#begin('block header', BLOCK_HEADER_BYTES);
        return false;
      default:
        return this.#part satisfies never;
    }
  }

  #afterMagic(value: number): boolean {
    if (value === FRAME_MAGIC) this.#begin('descriptor', 1);
    else if (value >= SKIPPABLE_MAGIC && value < SKIPPABLE_MAGIC + 16) {
      this.#begin('skippable size', 4);
    } else this.#isBroken = true;
    return false;
  }

  #afterBlockHeader(value: number): boolean {
    const isRle = ((value >> 1) & 3) === RLE_BLOCK;
    this.#endsFrame = (value & 1) === 1;
    const checksum = this.#endsFrame && this.#hasChecksum ? CHECKSUM_BYTES : 0;
    const bytes = (isRle ? 1 : value >> 3) + checksum;
    if (bytes > 0) this.#begin('data', bytes);
    else if (this.#endsFrame) return this.#endFrame();
    else this.#begin('block header', BLOCK_HEADER_BYTES);
    return false;
  }

  #endFrame(): boolean {
    this.#endsFrame = false;
    this.#begin('magic', MAGIC_BYTES);
    return true;
  }
}

/** Window, dictionary and content size, after the descriptor; at least one of window and size is there. */
function headerBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const size = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return (isSingleSegment ? 0 : 1) + dictionary + size;
}
