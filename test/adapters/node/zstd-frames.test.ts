import { constants, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeByteWork } from '../../../lib/adapters/node/byte-work.ts';
import { ObjectRefused } from '../../../lib/ingest/refusal.ts';

async function inflate(bytes: Uint8Array, chunkBytes: number): Promise<Buffer> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of nodeByteWork().inflate(chunks(), 'zstd')) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** What a reader is to pass over: a magic number, a size, and so many bytes. */
const SKIPPABLE = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

const texts = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.integer({ min: 0, max: 300_000 }).map((length) => 'row '.repeat(length)),
  fc.constant(''),
);

const frames = fc
  .record({
    text: texts,
    checksum: fc.boolean(),
    knowsSize: fc.boolean(),
    level: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ text, checksum, knowsSize, level }) => ({
    text,
    bytes: zstdCompressSync(text, {
      params: {
        [constants.ZSTD_c_compressionLevel]: level,
        [constants.ZSTD_c_checksumFlag]: checksum ? 1 : 0,
        [constants.ZSTD_c_contentSizeFlag]: knowsSize ? 1 : 0,
      },
    }),
  }));

describe('zstd data', () => {
  it('of several frames is one body', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(frames, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(1, 7, 1_000, 100_000),
        fc.boolean(),
        async (parts, chunkBytes, hasSkippable) => {
          const bytes = parts.flatMap((part) =>
            hasSkippable ? [part.bytes, SKIPPABLE] : [part.bytes],
          );
          expect((await inflate(Buffer.concat(bytes), chunkBytes)).toString()).toBe(
            parts.map(({ text }) => text).join(''),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([
    { name: 'cut off in its second frame', change: (bytes: Buffer) => bytes.subarray(0, -3) },
    {
      name: 'followed by other bytes',
      change: (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('rows')]),
    },
    {
      name: 'damaged in its second frame',
      change: (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -8), Buffer.alloc(8, 0xff)]),
    },
  ])('$name is refused', async ({ change }) => {
    const frame = zstdCompressSync('some rows\n'.repeat(1_000));
    await expect(inflate(change(Buffer.concat([frame, frame])), 100)).rejects.toThrow(
      ObjectRefused,
    );
  });
});
