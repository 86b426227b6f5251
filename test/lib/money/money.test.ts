import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from '../../../lib/money/allocate.ts';
import { isCurrency, minorDigits } from '../../../lib/money/currency.ts';
import {
  addMoney,
  money,
  moneyOf,
  moneyText,
  roundToMinor,
  sumMoney,
  timesRatio,
} from '../../../lib/money/money.ts';

const minors = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });

describe('currencies', () => {
  it.each([
    ['EUR', 2],
    ['USD', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['ISK', 0],
    ['UGX', 0],
    ['HUF', 2],
    ['KWD', 3],
    ['BHD', 3],
    ['IQD', 3],
    ['TND', 3],
    ['CLF', 4],
    ['UYW', 4],
    ['MGA', 2],
  ])('%s has %i minor digits, as ISO 4217 says', (code, digits) => {
    expect(minorDigits(code)).toBe(digits);
  });

  it.each(['eur', 'EURO', 'XAU', 'XXX', 'XTS', 'DEM', 'HRK', 'ZWL', 'ANG', ''])(
    'does not bill in %j',
    (code) => expect(isCurrency(code)).toBe(false),
  );

  it('does not guess the digits of what is no currency', () => {
    expect(() => minorDigits('XXX')).toThrow('not a currency');
  });
});

describe('money', () => {
  it.each([
    ['EUR', 152n, '1.52'],
    ['EUR', -5n, '-0.05'],
    ['EUR', 0n, '0.00'],
    ['JPY', 152n, '152'],
    ['KWD', 12n, '0.012'],
  ])('prints all minor digits: %s %i is %s', (currency, minor, text) => {
    expect(moneyText(money(minor, currency))).toBe(text);
    expect(moneyOf(text, currency)).toEqual(money(minor, currency));
  });

  it('never adds two currencies', () => {
    expect(() => addMoney(money(1n, 'EUR'), money(1n, 'USD'))).toThrow('cannot add USD to EUR');
    expect(() => sumMoney([money(1n, 'USD')], 'EUR')).toThrow('cannot add USD to EUR');
  });

  it('does not read an amount that is finer than its currency', () => {
    expect(() => moneyOf('1.005', 'EUR')).toThrow('not an amount in EUR');
    expect(() => moneyOf('1.5', 'JPY')).toThrow('not an amount in JPY');
    expect(() => moneyOf('1,50', 'EUR')).toThrow('not an amount: "1,50"');
  });

  it('rounds an exact amount once, half-even', () => {
    const third = { numerator: 1n, scale: 0, divisor: 3n };
    expect(moneyText(roundToMinor(third, 'EUR'))).toBe('0.33');
    expect(moneyText(roundToMinor({ numerator: 125n, scale: 3, divisor: 1n }, 'EUR'))).toBe('0.12');
    expect(moneyText(roundToMinor({ numerator: 125n, scale: 3, divisor: 1n }, 'KWD'))).toBe(
      '0.125',
    );
  });

  it('takes a ratio of an amount', () => {
    expect(moneyText(timesRatio(money(100n, 'EUR'), 744n, 24n))).toBe('31.00');
    expect(moneyText(timesRatio(money(5n, 'EUR'), 1n, 2n))).toBe('0.02');
  });
});

describe('allocation by largest remainder', () => {
  const weights = fc
    .array(fc.bigInt({ min: 0n, max: 10n ** 20n }), { minLength: 1, maxLength: 40 })
    .filter((list) => list.some((weight) => weight > 0n));

  it('hands out every minor unit, for charges and for credits', () => {
    fc.assert(
      fc.property(minors, weights, (total, split) => {
        const parts = allocate(money(total, 'EUR'), split);
        expect(sumMoney(parts, 'EUR').minor).toBe(total);
      }),
    );
  });

  it('is never a whole unit away from the exact share', () => {
    fc.assert(
      fc.property(minors, weights, (total, split) => {
        const sum = split.reduce((a, b) => a + b, 0n);
        for (const [index, part] of allocate(money(total, 'EUR'), split).entries()) {
          const error = part.minor * sum - total * (split[index] ?? 0n);
          expect(error < sum && error > -sum).toBe(true);
        }
      }),
    );
  });

  it('gives nothing to a weight of 0, and breaks ties by the order given', () => {
    const parts = allocate(money(2n, 'EUR'), [0n, 1n, 1n, 1n]);
    expect(parts.map(({ minor }) => minor)).toEqual([0n, 1n, 1n, 0n]);
  });

  it('raises the largest remainder first', () => {
    const parts = allocate(money(10n, 'EUR'), [26n, 37n, 37n]);
    expect(parts.map(({ minor }) => minor)).toEqual([2n, 4n, 4n]);
  });

  it('refuses weights that say nothing', () => {
    expect(() => allocate(money(1n, 'EUR'), [0n, 0n])).toThrow('all weights are 0');
    expect(() => allocate(money(1n, 'EUR'), [2n, -1n])).toThrow('a weight is negative');
  });
});
