import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalOf, unscaledAt } from '../../../lib/decimal/decimal.ts';
import { parseVolume, readVolume } from '../../../lib/ingest/volume.ts';

const UNIT = 10n ** 18n;

describe('a volume', () => {
  it.each([
    { text: '0', volume: 0n },
    { text: '-0', volume: 0n },
    { text: '-0.000', volume: 0n },
    { text: '4', volume: 4n * UNIT },
    { text: '1.0', volume: UNIT },
    { text: '1.50', volume: (3n * UNIT) / 2n },
    { text: '9007199254740993', volume: 9_007_199_254_740_993n * UNIT },
    { text: '0.1', volume: UNIT / 10n },
    { text: '1e-18', volume: 1n },
    { text: '0.000000000000000001', volume: 1n },
    { text: '1.0000000000000000000', volume: UNIT },
    { text: '99999999999999999999', volume: 99_999_999_999_999_999_999n * UNIT },
    { text: '12e2', volume: 1_200n * UNIT },
    { text: '1.2E+3', volume: 1_200n * UNIT },
    { text: '1200e-2', volume: 12n * UNIT },
    { text: '0e999999', volume: 0n },
  ])('$text is taken exactly', ({ text, volume }) => {
    expect(readVolume(text)).toBe(volume);
  });

  it.each([
    { text: undefined, code: 'volume_missing' },
    { text: 'null', code: 'volume_missing' },
    { text: '"4"', code: 'volume_not_a_number' },
    { text: '""', code: 'volume_not_a_number' },
    { text: '"1,5"', code: 'volume_not_a_number' },
    { text: 'true', code: 'volume_not_a_number' },
    { text: '{}', code: 'volume_not_a_number' },
    { text: '[1]', code: 'volume_not_a_number' },
    { text: '-1', code: 'volume_negative' },
    { text: '-1e-18', code: 'volume_negative' },
    { text: '1e999', code: 'volume_out_of_range' },
    { text: '1e308', code: 'volume_out_of_range' },
    { text: '1e-19', code: 'volume_out_of_range' },
    { text: '1e99999999999999999999', code: 'volume_out_of_range' },
    { text: '0.1234567890123456789', code: 'volume_out_of_range' },
    { text: '100000000000000000000', code: 'volume_out_of_range' },
    { text: '1234567890123456789012345678901234567890', code: 'volume_out_of_range' },
  ])('$text is refused: $code', ({ text, code }) => {
    expect(() => readVolume(text)).toThrow(expect.objectContaining({ code }));
  });

  it('is the decimal that the text says, for every way to write it', () => {
    const digits = fc.bigInt({ min: 0n, max: 10n ** 20n - 1n });
    const fraction = fc.stringMatching(/^\d{0,18}$/);
    fc.assert(
      fc.property(
        digits,
        fraction,
        fc.integer({ min: -5, max: 5 }),
        (whole, decimals, exponent) => {
          const plain = decimals === '' ? String(whole) : `${whole}.${decimals}`;
          expect(parseVolume(plain)).toBe(unscaledAt(decimalOf(plain), 18));
          const volume = parseVolume(`${plain}e${exponent}`);
          if (volume === null) return;
          const scaled = unscaledAt(decimalOf(plain), 23) * 10n ** BigInt(exponent + 5);
          expect(volume * 10n ** 10n).toBe(scaled);
        },
      ),
    );
  });
});
