import { createReadStream } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The object's bytes, in pieces that follow one another; a piece may be a file of the disk. */
export type Piece = Uint8Array | FilePiece;

export interface FilePiece {
  readonly path: string;
  /** Where in the file it starts. */
  readonly start: number;
  /** From `start` on. */
  readonly sizeBytes: number;
}

/** The store did not take the bytes. */
export class PutError extends Error {
  override readonly name = 'PutError';
}

/**
 * Puts the pieces as one object. The length is told beforehand and the bytes are streamed: stores
 * take no chunked uploads, and memory does not grow with the file.
 */
async function putPieces(url: string, pieces: readonly Piece[]): Promise<void> {
  const place = new URL(url);
  const send = place.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = send(place, {
    method: 'PUT',
    headers: { 'content-length': pieces.map(sizeOf).reduce((sum, size) => sum + size, 0) },
    timeout: 120_000,
    // A connection of its own: one that was kept may be closed by the store just as it is used.
    agent: false,
  });
  const answered = new Promise<{ status: number; text: string }>((resolve, reject) => {
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error('no progress for two minutes')));
    request.on('response', async (response) => {
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of response) chunks.push(chunk as Buffer);
        resolve({
          status: response.statusCode ?? 0,
          text: Buffer.concat(chunks).toString('utf8').slice(0, 300),
        });
      } catch (error) {
        reject(error);
      }
    });
  });
  // A store that refuses early closes the connection while bytes are still under way: its answer counts.
  const sent = pipeline(Readable.from(bytesOf(pieces)), request);
  const [outcome, upload] = await Promise.allSettled([answered, sent]);
  if (outcome.status === 'rejected') {
    const cause = upload.status === 'rejected' ? upload.reason : outcome.reason;
    throw new PutError(`The upload broke off: ${messageOf(cause)}.`);
  }
  const { status, text } = outcome.value;
  if (status >= 200 && status < 300) return;
  throw new PutError(`The store refused the upload with ${status}: ${text}`);
}

const ATTEMPTS = 3;

/** A put replaces what an interrupted one has left, so it can be repeated. */
export async function putWithRetry(
  url: string,
  pieces: readonly Piece[],
  sleep: (ms: number) => Promise<void>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await putPieces(url, pieces);
    } catch (error) {
      if (!(error instanceof PutError) || attempt === ATTEMPTS) throw error;
      await sleep(1_000 * attempt);
    }
  }
}

function sizeOf(piece: Piece): number {
  return piece instanceof Uint8Array ? piece.byteLength : piece.sizeBytes;
}

async function* bytesOf(pieces: readonly Piece[]): AsyncIterable<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) yield piece;
    else if (piece.sizeBytes > 0) {
      const { path, start, sizeBytes } = piece;
      // Up to the length that was told, should the file grow meanwhile.
      yield* createReadStream(path, { start, end: start + sizeBytes - 1, highWaterMark: 262_144 });
    }
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ((error as NodeJS.ErrnoException).code ?? error.name);
}
