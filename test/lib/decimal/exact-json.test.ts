import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalOf, toText } from '../../../lib/decimal/decimal.ts';
import { parseExactJson } from '../../../lib/decimal/exact-json.ts';

describe('parseExactJson', () => {
  it.each([
    ['0.1', 0.1],
    ['1.50', 1.5],
    ['-0', -0],
    ['1e3', 1000],
    ['9007199254740993', '9007199254740993'],
    ['0.1234567890123456789', '0.1234567890123456789'],
    ['1e999', '1e999'],
    ['1e-400', '1e-400'],
  ])('reads %s as %j', (text, expected) => {
    expect(parseExactJson(text)).toEqual(expected);
  });

  it('reads all else as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseExactJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps __proto__ as a key and never as a prototype', () => {
    const parsed = parseExactJson('{"__proto__": {"admin": true}}') as Record<string, unknown>;
    expect(parsed['admin']).toBeUndefined();
    expect(Object.keys(parsed)).toEqual(['__proto__']);
  });

  it('loses no digit of a decimal, however it is written', () => {
    const texts = fc
      .tuple(fc.bigInt({ min: 0n, max: 10n ** 25n }), fc.bigInt({ min: 0n, max: 10n ** 25n }))
      .map(([whole, fraction]) => `${whole}.${fraction}`);
    fc.assert(
      fc.property(texts, (text) => {
        const value = parseExactJson(text);
        expect(toText(decimalOf(String(value)))).toBe(toText(decimalOf(text)));
      }),
    );
  });
});
