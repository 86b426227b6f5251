import {
  createWriteStream,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { PartCutter } from '../../cli/part-cutter.ts';
import type { Piece } from '../../cli/put-file.ts';
import { splitFile } from '../../cli/split-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'headroom-split-'));
afterAll(() => rmSync(folder, { recursive: true }));

const KIB = 1_024;
let files = 0;

function file(content: string | Uint8Array): string {
  files += 1;
  const path = join(folder, String(files));
  writeFileSync(path, content);
  return path;
}

function bytesOf(piece: Piece): Buffer {
  if (piece instanceof Uint8Array) return Buffer.from(piece);
  const { path, start, sizeBytes } = piece;
  return readFileSync(path).subarray(start, start + sizeBytes);
}

/** The parts as they would be uploaded, inflated. */
async function partsOf(path: string, partBytes: number) {
  const { parts, advice } = await splitFile(path, partBytes);
  const texts: string[] = [];
  const suffixes: string[] = [];
  for await (const { suffix, pieces } of parts) {
    const bytes = Buffer.concat(pieces.map(bytesOf));
    suffixes.push(suffix);
    texts.push((bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8'));
  }
  return { texts, suffixes, advice };
}

const LINES = Array.from({ length: 500 }, (_, n) => `{"n":${n},"text":"${'x'.repeat(n % 90)}"}`);

describe('a file larger than a part', () => {
  it.each([
    { name: 'plain', content: `${LINES.join('\n')}\n` },
    { name: 'without a last line end', content: LINES.join('\n') },
    { name: 'of CRLF', content: `${LINES.join('\r\n')}\r\n` },
    { name: 'with a byte order mark', content: `\uFEFF${LINES.join('\n')}\n` },
  ])('is cut at line ends: $name', async ({ content }) => {
    const { texts, suffixes, advice } = await partsOf(file(content), 4 * KIB);
    expect(advice).toBeNull();
    expect(texts.join('')).toBe(content);
    expect(texts.length).toBeGreaterThan(5);
    expect(suffixes.slice(0, 2)).toEqual(['.part-0001', '.part-0002']);
    for (const text of texts.slice(0, -1)) {
      expect(text.endsWith('\n')).toBe(true);
      expect(text.length).toBeLessThan(4 * KIB + 200);
    }
  });

  it.each([
    { name: 'gzip', compress: (text: string) => gzipSync(text) },
    { name: 'zstd', compress: (text: string) => zstdCompressSync(text) },
    {
      name: 'gzip of two members',
      compress: (text: string) =>
        Buffer.concat([text.slice(0, 9_000), text.slice(9_000)].map((half) => gzipSync(half))),
    },
  ])('is inflated and cut again: $name', async ({ compress }) => {
    const content = `${LINES.join('\n')}\n`;
    const { texts, suffixes } = await partsOf(file(compress(content)), 4 * KIB);
    expect(texts.join('')).toBe(content);
    expect(suffixes.at(-1)).toMatch(/^\.part-00\d\d$/);
    expect(texts.length).toBeGreaterThan(5);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('headroom-parts-'))).toEqual([]);
  });

  it('that is CSV repeats its header, and is not cut within a quoted text', async () => {
    const header = '"id","name,\nof it",hours\n';
    const rows = Array.from({ length: 300 }, (_, n) => `${n},"line one\nline ""two"" of ${n}",1\n`);
    for (const content of [header + rows.join(''), gzipSync(header + rows.join(''))]) {
      const { texts } = await partsOf(file(content), 1_000);
      expect(texts.length).toBeGreaterThan(5);
      expect(texts.every((text) => text.startsWith(header))).toBe(true);
      expect(texts.map((text) => text.slice(header.length)).join('')).toBe(rows.join(''));
      for (const text of texts) expect(text.slice(header.length)).toMatch(/^\d+,"line one\n/);
    }
  });

  it.each([
    {
      name: 'a JSON array',
      content: `[${LINES.join(',\n')}]`,
      advice: /one JSON array.*jq -c '\.\[\]'/,
    },
    {
      name: 'objects over several lines',
      content: LINES.map((line) => JSON.stringify(JSON.parse(line), null, 2)).join('\n'),
      advice: /over several lines.*jq -c \./,
    },
  ])('that is $name goes up whole, with advice', async ({ content, advice }) => {
    const parts = await partsOf(file(content), 4 * KIB);
    expect(parts).toMatchObject({
      texts: [content],
      suffixes: [''],
      advice: expect.stringMatching(advice),
    });
  });

  it('that is one snapshot goes up whole', async () => {
    const row =
      '{"region":"west","source":"placement","resourceProvider":"h","observedAt":"2026-11-21T10:00:00Z","body":{}}';
    const content = `${row}\n`.repeat(300);
    expect(await partsOf(file(content), 4 * KIB)).toEqual({
      texts: [content],
      suffixes: [''],
      advice: null,
    });
  });

  it('that is damaged gzip is told before any part is made', async () => {
    const whole = gzipSync(LINES.join('\n'));
    const path = file(whole.subarray(0, whole.length - 20));
    await expect(splitFile(path, 4 * KIB)).rejects.toThrow(/gzip data is damaged or cut off/);
  });
});

it('a small file, and a compressed one that inflates to less than a part, go up as they are', async () => {
  const gzip = gzipSync(LINES.join('\n'));
  for (const content of [LINES.join('\n'), gzip]) {
    const path = file(content);
    const { parts } = await splitFile(path, 40 * KIB);
    const [only, ...others] = await Array.fromAsync(parts);
    expect(others).toEqual([]);
    expect(only).toEqual({
      suffix: '',
      pieces: [{ path, start: 0, sizeBytes: Buffer.from(content).length }],
    });
  }
});

it('cuts at the same places however the bytes arrive', () => {
  const text = fc.array(fc.constantFrom('a', 'bc', '"', '""', '\n', '\r\n', ','), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(
      text,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 30 }),
      fc.boolean(),
      (words, partBytes, step, isQuoted) => {
        const bytes = Buffer.from(words.join(''));
        const cutsOf = (size: number) => {
          const cutter = new PartCutter(partBytes, { isQuoted });
          const cuts: number[] = [];
          for (let at = 0; at < bytes.length; at += size) {
            cuts.push(...cutter.push(bytes.subarray(at, at + size)).map((cut) => at + cut));
          }
          return cuts;
        };
        const whole = cutsOf(bytes.length || 1);
        expect(cutsOf(step)).toEqual(whole);
        let last = 0;
        for (const cut of whole) {
          expect(bytes[cut - 1]).toBe(10);
          expect(cut - last).toBeGreaterThan(partBytes);
          last = cut;
          const quotes = bytes.subarray(0, cut).filter((byte) => byte === 34).length;
          if (isQuoted) expect(quotes % 2).toBe(0);
        }
      },
    ),
  );
});

it('takes memory that does not grow with the file', async () => {
  const path = join(folder, 'large.jsonl.gz');
  const block = `${`{"n":1,"text":"${'abcdefgh'.repeat(20)}"}\n`.repeat(5_000)}`;
  const blocks = function* () {
    for (let n = 0; n < 300; n += 1) yield block;
  };
  await pipeline(Readable.from(blocks()), createGzip({ level: 1 }), createWriteStream(path));
  const before = process.memoryUsage().rss;
  let peak = 0;
  let bytes = 0;
  const { parts } = await splitFile(path, 16 * KIB * KIB);
  for await (const { pieces } of parts) {
    for (const piece of pieces)
      bytes += piece instanceof Uint8Array ? piece.length : piece.sizeBytes;
    peak = Math.max(peak, process.memoryUsage().rss);
  }
  console.log(
    `split ${(300 * block.length) / 2 ** 20} MiB inflated, ${(peak - before) / 2 ** 20} MiB more memory`,
  );
  expect(bytes).toBeGreaterThan(100_000);
  expect((peak - before) / 2 ** 20).toBeLessThan(150);
}, 60_000);
