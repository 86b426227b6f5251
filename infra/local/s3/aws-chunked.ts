/**
 * The bytes inside an `aws-chunked` body: chunks of `<hex size>[;signature]\r\n<bytes>\r\n`, the last
 * one empty, then trailers. The SDK sends streams that way.
 */
export async function* decodeAwsChunked(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  const chunks = new ChunkParser();
  for await (const piece of body) {
    chunks.push(piece);
    for (let bytes = chunks.next(); bytes !== null; bytes = chunks.next()) yield bytes;
  }
}

class ChunkParser {
  #buffered: Buffer = Buffer.alloc(0);
  /** Bytes that the present chunk still lacks. */
  #left = 0;
  #ended = false;

  push(piece: Uint8Array): void {
    if (this.#ended) return;
    const rest = this.#buffered;
    this.#buffered = rest.length === 0 ? Buffer.from(piece) : Buffer.concat([rest, piece]);
  }

  /** Null until more is pushed. */
  next(): Buffer | null {
    if (this.#left === 0 && !this.#ended) this.#begin();
    if (this.#left === 0) return null;
    const bytes = this.#buffered.subarray(0, this.#left);
    this.#left -= bytes.length;
    this.#buffered = this.#buffered.subarray(bytes.length);
    return bytes.length === 0 ? null : bytes;
  }

  #begin(): void {
    const header = chunkHeader(this.#buffered);
    if (header === null) return;
    this.#buffered = this.#buffered.subarray(header.length);
    this.#left = header.size;
    this.#ended = header.size === 0;
  }
}

/** The size line, with the line end of the chunk before it; null while it is not whole. */
function chunkHeader(buffered: Buffer): { readonly size: number; readonly length: number } | null {
  const start = buffered.subarray(0, 2).toString('latin1') === '\r\n' ? 2 : 0;
  const end = buffered.indexOf('\r\n', start);
  if (end < 0 || buffered.length < 2) return null;
  const [size = ''] = buffered.subarray(start, end).toString('latin1').split(';');
  return { size: Number.parseInt(size, 16), length: end + 2 };
}

/** Pieces of exactly `sizeBytes`, the last one shorter. */
export async function* inPieces(
  body: AsyncIterable<Uint8Array>,
  sizeBytes: number,
): AsyncGenerator<Buffer, void> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    parts.push(piece);
    length += piece.length;
    while (length >= sizeBytes) {
      const whole = Buffer.concat(parts);
      yield whole.subarray(0, sizeBytes);
      parts = [whole.subarray(sizeBytes)];
      length = whole.length - sizeBytes;
    }
  }
  if (length > 0) yield Buffer.concat(parts);
}
