import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { nodeByteWork } from '../lib/adapters/node/byte-work.ts';
import type { Compression } from '../lib/ports/byte-work.ts';
import { type LineLayout, layoutOf } from './line-layout.ts';
import { PartCutter } from './part-cutter.ts';
import type { Piece } from './put-file.ts';

/** What is uploaded as one object. */
export interface FilePart {
  /** `.part-0001`; empty for a whole file. */
  readonly suffix: string;
  readonly pieces: readonly Piece[];
}

export interface SplitFile {
  readonly parts: AsyncIterable<FilePart>;
  /** Why a file that is large goes up whole; null when it does not, or nothing can be done about it. */
  readonly advice: string | null;
}

type Lines = Extract<LineLayout, { readonly kind: 'lines' }>;

const CHUNK_BYTES = 1_048_576;
/** A compressed file below this share of a part is not looked into: it rarely inflates to more than one. */
const COMPRESSED_SHARE = 1 / 8;
const GZIP_LEVEL = 4;

/**
 * Cuts a file that is larger than a part at its line ends; parts are made as they are taken, one at a
 * time. A compressed file is inflated, cut and compressed again, in files of the temporary folder.
 *
 * @throws ObjectRefused when a compressed file is damaged, before any part is made
 */
export async function splitFile(path: string, partBytes: number): Promise<SplitFile> {
  const { size } = await stat(path);
  const compression = await compressionOf(path);
  const whole = { parts: wholeFile(path, size), advice: null };
  if (size <= (compression === null ? partBytes : partBytes * COMPRESSED_SHARE)) return whole;
  const source = () => plainChunks(path, compression);
  const layout = layoutOf(await startOf(source()));
  if (layout.kind === 'whole') return { ...whole, advice: layout.advice };
  if (compression === null) return { parts: plainParts(path, { layout, partBytes }), advice: null };
  const plainBytes = await lengthOf(source());
  if (plainBytes <= partBytes) return whole;
  return { parts: compressedParts(source(), { layout, partBytes }), advice: null };
}

async function compressionOf(path: string): Promise<Compression | null> {
  const handle = await open(path);
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    if (buffer[0] === 0x1f && buffer[1] === 0x8b) return 'gzip';
    return buffer.readUInt32LE() === 0xfd2fb528 ? 'zstd' : null;
  } finally {
    await handle.close();
  }
}

function plainChunks(path: string, compression: Compression | null): AsyncIterable<Uint8Array> {
  const stored = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  return compression === null ? stored : nodeByteWork().inflate(stored, compression);
}

async function startOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const start: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    start.push(chunk);
    bytes += chunk.length;
    if (bytes >= CHUNK_BYTES) break;
  }
  return Buffer.concat(start);
}

async function lengthOf(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const chunk of chunks) bytes += chunk.length;
  return bytes;
}

async function* wholeFile(path: string, sizeBytes: number): AsyncGenerator<FilePart> {
  yield { suffix: '', pieces: [{ path, start: 0, sizeBytes }] };
}

interface Cut {
  readonly layout: Lines;
  readonly partBytes: number;
}

/** Parts of a plain file are ranges of it. */
async function* plainParts(path: string, { layout, partBytes }: Cut): AsyncGenerator<FilePart> {
  const cutter = new PartCutter(partBytes, layout);
  let number = 0;
  let start = 0;
  let offset = 0;
  const part = (end: number): FilePart => {
    number += 1;
    const range = { path, start, sizeBytes: end - start };
    start = end;
    return { suffix: suffixOf(number), pieces: number === 1 ? [range] : [layout.head, range] };
  };
  for await (const chunk of plainChunks(path, null)) {
    for (const cut of cutter.push(chunk)) yield part(offset + cut);
    offset += chunk.length;
  }
  if (start < offset) yield part(offset);
}

async function* compressedParts(
  chunks: AsyncIterable<Uint8Array>,
  { layout, partBytes }: Cut,
): AsyncGenerator<FilePart> {
  const folder = await mkdtemp(join(tmpdir(), 'headroom-parts-'));
  const cutter = new PartCutter(partBytes, layout);
  let number = 0;
  let file: GzipFile | null = null;
  const append = async (bytes: Uint8Array): Promise<GzipFile> => {
    if (file === null) {
      number += 1;
      file = new GzipFile(join(folder, String(number)));
      if (number > 1) await file.write(layout.head);
    }
    await file.write(bytes);
    return file;
  };
  try {
    for await (const chunk of chunks) {
      let start = 0;
      for (const cut of cutter.push(chunk)) {
        const full = await append(chunk.subarray(start, cut));
        yield { suffix: suffixOf(number), pieces: [await full.close()] };
        await full.remove();
        file = null;
        start = cut;
      }
      if (start < chunk.length) await append(chunk.subarray(start));
    }
    if (file !== null) {
      yield { suffix: suffixOf(number), pieces: [await (file as GzipFile).close()] };
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A gzip file that is written piece by piece. */
class GzipFile {
  readonly #path: string;
  readonly #gzip = createGzip({ level: GZIP_LEVEL });
  readonly #written: Promise<void>;

  constructor(path: string) {
    this.#path = path;
    this.#written = finished(this.#gzip.pipe(createWriteStream(path)));
    // Whoever closes it hears of a failure; nobody else is there to.
    this.#written.catch(() => undefined);
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#gzip.write(bytes)) await once(this.#gzip, 'drain');
  }

  async close(): Promise<Piece> {
    this.#gzip.end();
    await this.#written;
    const { size } = await stat(this.#path);
    return { path: this.#path, start: 0, sizeBytes: size };
  }

  remove(): Promise<void> {
    return rm(this.#path, { force: true });
  }
}

function suffixOf(number: number): string {
  return `.part-${number.toString().padStart(4, '0')}`;
}
