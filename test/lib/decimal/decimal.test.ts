import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  compare,
  type Decimal,
  decimal,
  decimalOf,
  divideHalfEven,
  minimum,
  multiply,
  negate,
  normalize,
  parseDecimal,
  powerOfTen,
  roundHalfEven,
  subtract,
  toFixedText,
  toText,
  unscaledAt,
} from '../../../lib/decimal/decimal.ts';

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 25 }))
  .map(([unscaled, scale]) => decimal(unscaled, scale));

function same(a: Decimal, b: Decimal): boolean {
  return compare(a, b) === 0;
}

describe('parseDecimal', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['+12.50', '12.5'],
    ['0.000000000000000001', '0.000000000000000001'],
    ['12345678901234567890.123456789012345678', '12345678901234567890.123456789012345678'],
    ['1e3', '1000'],
    ['1.5E-3', '0.0015'],
    ['100e-2', '1'],
    ['007', '7'],
  ])('reads %s as %s', (text, expected) => {
    expect(toText(decimalOf(text))).toBe(expected);
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '.5',
    '5.',
    '1,5',
    '0x10',
    'NaN',
    'Infinity',
    '1e',
    '1e99999',
    '--1',
    '1_000',
    '١',
    '1\n',
  ])('does not read %j', (text) => {
    expect(parseDecimal(text)).toBeNull();
  });

  it('reads back what is written, whatever the number', () => {
    fc.assert(
      fc.property(decimals, (value) => {
        expect(same(decimalOf(toText(value)), value)).toBe(true);
        expect(decimalOf(toFixedText(value))).toEqual(value);
      }),
    );
  });
});

describe('arithmetic', () => {
  it('adds what binary floats cannot: 0.1 + 0.2 is 0.3', () => {
    expect(toText(add(decimalOf('0.1'), decimalOf('0.2')))).toBe('0.3');
    expect(toText(multiply(decimalOf('744'), decimalOf('0.0185')))).toBe('13.764');
  });

  it('adds in any order, and subtracts what it added', () => {
    fc.assert(
      fc.property(decimals, decimals, decimals, (a, b, c) => {
        expect(same(add(a, b), add(b, a))).toBe(true);
        expect(same(add(add(a, b), c), add(a, add(b, c)))).toBe(true);
        expect(same(subtract(add(a, b), b), a)).toBe(true);
      }),
    );
  });

  it('multiplies over sums', () => {
    fc.assert(
      fc.property(decimals, decimals, decimals, (a, b, c) => {
        expect(same(multiply(a, add(b, c)), add(multiply(a, b), multiply(a, c)))).toBe(true);
      }),
    );
  });

  it('orders by value and not by scale', () => {
    expect(compare(decimalOf('1.50'), decimalOf('1.5'))).toBe(0);
    expect(compare(decimalOf('-2'), decimalOf('-1.999'))).toBe(-1);
    expect(toText(minimum(decimalOf('0.3'), decimalOf('0.21')))).toBe('0.21');
  });

  it('writes the same number in its smallest scale', () => {
    expect(normalize(decimalOf('1.500'))).toEqual(decimalOf('1.5'));
    expect(normalize(decimalOf('100'))).toEqual(decimalOf('100'));
    fc.assert(fc.property(decimals, (value) => same(normalize(value), value)));
  });

  it('knows powers of ten, small and large', () => {
    expect([0, 2, 99, 100, 150].map(powerOfTen)).toEqual([
      1n,
      100n,
      10n ** 99n,
      10n ** 100n,
      10n ** 150n,
    ]);
  });

  it('refuses to lose digits without saying how to round', () => {
    expect(() => unscaledAt(decimalOf('0.125'), 2)).toThrow('a scale can only grow');
    expect(() => decimal(1n, -1)).toThrow('scale');
  });
});

describe('rounding half-even', () => {
  it.each([
    ['0.125', 2, '0.12'],
    ['0.135', 2, '0.14'],
    ['1.005', 2, '1.00'],
    ['-0.125', 2, '-0.12'],
    ['-0.135', 2, '-0.14'],
    ['0.12500000000000000001', 2, '0.13'],
    ['2.5', 0, '2'],
    ['3.5', 0, '4'],
    ['-2.5', 0, '-2'],
    ['7', 3, '7.000'],
  ])('rounds %s to %i decimals as %s', (text, scale, expected) => {
    expect(toFixedText(roundHalfEven(decimalOf(text), scale))).toBe(expected);
  });

  it('is never further off than half a unit, and even when exactly half', () => {
    const divisors = fc.bigInt({ min: 1n, max: 10n ** 12n });
    fc.assert(
      fc.property(fc.bigInt(), divisors, (dividend, divisor) => {
        const quotient = divideHalfEven(dividend, divisor);
        const twiceError = 2n * (dividend - quotient * divisor);
        const magnitude = twiceError < 0n ? -twiceError : twiceError;
        expect(magnitude <= divisor).toBe(true);
        if (magnitude === divisor) expect(quotient % 2n).toBe(0n);
      }),
    );
  });

  it('treats debits and credits alike', () => {
    fc.assert(
      fc.property(decimals, fc.integer({ min: 0, max: 10 }), (value, scale) => {
        expect(roundHalfEven(negate(value), scale)).toEqual(negate(roundHalfEven(value, scale)));
      }),
    );
  });
});
