import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { ObjectRefused } from '../../ingest/refusal.ts';
import type { ByteWork, Compression, Hash } from '../../ports/byte-work.ts';
import { type FramePiece, ZstdFrames } from './zstd-frames.ts';

const { compare } = Buffer.prototype;
const CHUNK_BYTES = 262_144;

/** Node's own zlib and OpenSSL. */
export function nodeByteWork(): ByteWork {
  return { inflate, sha256, isSame };
}

function sha256(): Hash {
  const hash = createHash('sha256');
  return {
    update(bytes) {
      hash.update(bytes);
    },
    hex() {
      return hash.digest('hex');
    },
  };
}

function isSame(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  const end = at + expected.length;
  // Buffer's compare, of arrays that are no buffers: it looks at the type of neither.
  return end <= bytes.length && compare.call(expected, bytes, at, end) === 0;
}

async function* inflate(
  body: AsyncIterable<Uint8Array>,
  compression: Compression,
): AsyncGenerator<Uint8Array> {
  if (compression === 'gzip') yield* inflateOne(body, compression);
  else yield* inflateFrames(body);
}

/** Frame by frame, each with an inflater of its own. */
async function* inflateFrames(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = framePieces(body);
  try {
    for (let piece = await pieces.next(); piece.done !== true; piece = await pieces.next()) {
      yield* inflateOne(restOfFrame(piece.value, pieces), 'zstd');
    }
  } finally {
    await pieces.return(undefined);
  }
}

async function* framePieces(body: AsyncIterable<Uint8Array>): AsyncGenerator<FramePiece> {
  const frames = new ZstdFrames();
  for await (const chunk of body) yield* frames.push(chunk);
}

async function* restOfFrame(
  first: FramePiece,
  pieces: AsyncGenerator<FramePiece>,
): AsyncGenerator<Uint8Array> {
  yield first.bytes;
  for (let { isLast } = first; !isLast; ) {
    const piece = await pieces.next();
    if (piece.done === true) return;
    yield piece.value.bytes;
    isLast = piece.value.isLast;
  }
}

async function* inflateOne(
  body: AsyncIterable<Uint8Array>,
  compression: Compression,
): AsyncGenerator<Uint8Array> {
  const inflater =
    compression === 'gzip'
      ? createGunzip({ chunkSize: CHUNK_BYTES })
      : createZstdDecompress({ chunkSize: CHUNK_BYTES });
  const tail = { fedBytes: 0, lastPiece: new Uint8Array(0) };
  const source = Readable.from(counted(body, tail));
  const done = pipeline(source, inflater).catch(() => undefined);
  try {
    for await (const chunk of inflater) yield chunk as Uint8Array;
  } catch (error) {
    throw isOfZlib(error) ? damaged(compression, String(error.message)) : error;
  } finally {
    source.destroy();
    inflater.destroy();
    await done;
  }
  refuseTrailing(compression, tail, inflater.bytesWritten);
}

async function* counted(
  body: AsyncIterable<Uint8Array>,
  tail: { fedBytes: number; lastPiece: Uint8Array },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    tail.fedBytes += chunk.length;
    tail.lastPiece = chunk;
    yield chunk;
  }
}

/** Node passes over what follows the last member without a word; nothing is lost without a word here. */
function refuseTrailing(
  compression: Compression,
  tail: { readonly fedBytes: number; readonly lastPiece: Uint8Array },
  readBytes: number,
): void {
  const unread = tail.fedBytes - readBytes;
  const rest = unread > 0 ? tail.lastPiece.subarray(-unread) : new Uint8Array(0);
  if (rest.some((byte) => byte !== 0)) {
    throw damaged(compression, 'other bytes follow its end');
  }
}

function isOfZlib(error: unknown): error is Error & { readonly code: string } {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return (
    typeof code === 'string' && /^(Z_|ZSTD_|ERR_ZSTD|ERR_ZLIB|ERR_BUFFER_TOO_LARGE)/.test(code)
  );
}

function damaged(compression: Compression, fault: string): ObjectRefused {
  return new ObjectRefused(
    `damaged_${compression}`,
    `The ${compression} data is damaged or cut off (${fault}). Nothing of it was taken: send the whole file again.`,
  );
}
