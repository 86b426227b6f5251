import { describe, expect, it } from 'vitest';
import { decimalOf, fromInteger, toText } from '../../../lib/decimal/decimal.ts';
import { decimalField, readDecimal } from '../../../lib/decimal/decimal-field.ts';

const LIMITS = { wholeDigits: 3, decimals: 2, least: 'zero' } as const;

describe('a decimal in a document', () => {
  it.each([
    ['0', '0'],
    ['12.50', '12.5'],
    ['999.99', '999.99'],
    ['0.1200000', '0.12'],
    ['1e2', '100'],
    ['+1', '1'],
  ])('takes %s', (text, expected) => {
    const read = readDecimal(text, LIMITS);
    expect(typeof read === 'string' ? read : toText(read)).toBe(expected);
  });

  it.each([
    ['-1', 'must not be negative'],
    ['-0', 'must not be negative'],
    ['0.125', 'has more than 2 decimals'],
    ['1000', 'has more than 3 digits before the point'],
    ['1e999', 'has more than 3 digits before the point'],
    ['1,5', '"1,5" is not a decimal: write it as 12.5'],
    ['', '"" is not a decimal: write it as 12.5'],
    ['NaN', '"NaN" is not a decimal: write it as 12.5'],
    [' 1', '" 1" is not a decimal: write it as 12.5'],
    ['1'.repeat(300), 'has 300 characters: too long for a decimal'],
  ])('refuses %s', (text, fault) => {
    expect(readDecimal(text, LIMITS)).toBe(fault);
  });

  it('holds its least and its most', () => {
    const percent = { ...LIMITS, least: 'above zero', most: fromInteger(100) } as const;
    expect(readDecimal('0.00', percent)).toBe('must be above 0');
    expect(readDecimal('-3', percent)).toBe('must be above 0');
    expect(readDecimal('100.01', percent)).toBe('must be at most 100');
    expect(readDecimal('100', percent)).toEqual(decimalOf('100'));
  });

  it('takes text and numbers alike, and says what is missing', () => {
    const field = decimalField(LIMITS);
    expect(field.parse(33.5)).toEqual(field.parse('33.5'));
    expect(field.parse(1e-2)).toEqual(decimalOf('0.01'));
    expect(field.safeParse(undefined).error?.issues[0]?.message).toBe('is missing');
    expect(field.safeParse(true).error?.issues[0]?.message).toBe(
      'must be a decimal, as text or as a number',
    );
  });
});
