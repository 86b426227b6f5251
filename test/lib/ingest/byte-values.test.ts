import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteTime, endOfNumber, endOfPlain, endOfScalar } from '../../../lib/ingest/byte-values.ts';
import { parseInstant } from '../../../lib/period/instant.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Pieces of JSON values, right and wrong. */
const pieces = (...parts: string[]) =>
  fc.array(fc.constantFrom(...parts), { maxLength: 8 }).map((chosen) => chosen.join(''));

const numbers = pieces('0', '1', '9', '00', '.', '-', 'e', '+5', '7'.repeat(600));
const strings = pieces('a', ' ', '~', '"', '\\', '\u007f', '\u0001', 'é', 'x'.repeat(300));

describe('values that are read as bytes', () => {
  it('are numbers of JSON without sign and exponent, read to their end', () => {
    fc.assert(
      fc.property(numbers, (text) => {
        const match = /^(?:0|[1-9][0-9]*)(?:\.[0-9]+|(?!\.))(?![0-9])/.exec(text)?.[0];
        const end = endOfNumber(bytesOf(`,${text},`), 1);
        if (match === undefined || match.length > 512) expect(end).toBe(-1);
        else expect(end).toBe(1 + match.length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are strings of ASCII without escapes, read to their quote', () => {
    fc.assert(
      fc.property(strings, (text) => {
        const match = /^[\x20\x21\x23-\x5b\x5d-\x7e]{0,511}(?=")/.exec(`${text}"`)?.[0];
        expect(endOfPlain(bytesOf(`"${text}"`), 1)).toBe(
          match === undefined ? -1 : 1 + match.length,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['null,', 4],
    ['true}', 4],
    ['false', 5],
    ['nul', -1],
    ['"a b",', 5],
    ['"a', -1],
    ['-1.5,', 4],
    ['-', -1],
    ['01', -1],
    ['{}', -1],
    ['', -1],
  ])('are any scalar: %s', (text, end) => {
    expect(endOfScalar(bytesOf(text), 0)).toBe(end);
  });

  it('are times of one spelling, the instant being that of any reader', () => {
    const reader = new ByteTime();
    const digit = fc.constantFrom('0', '1', '2', '3', '5', '6', '9', 'x');
    const two = fc.tuple(digit, digit).map((both) => both.join(''));
    const texts = fc
      .tuple(
        fc.constantFrom('2026-10-05', '2026-02-30', '2024-02-29', '20x6-01-01'),
        fc.constantFrom('T', 'T', 'T', ' '),
        fc.tuple(two, two, two).map((all) => all.join(':')),
        fc.constantFrom('', '.000000', '.000001', '.123456', '.12345', '.12345x'),
      )
      .map((all) => all.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        const end = reader.read(bytesOf(`"${text}"`), 1);
        const isUsual =
          /^[0-9-]{10}T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\.(?!000000)[0-9]{6}|(?!\.))/.exec(text);
        const instant = isUsual ? parseInstant(isUsual[0]) : null;
        if (instant === null) expect(end).toBe(-1);
        else expect([end, reader.instant]).toEqual([1 + (isUsual?.[0].length ?? 0), instant]);
      }),
      { numRuns: 3_000 },
    );
  });
});
