import { type Decimal, parseDecimal } from '../decimal/decimal.ts';
import { ProblemError } from '../errors.ts';

/** A single-precision number carries at most this many significant decimal digits. */
const SINGLE_DIGITS = 9;

/**
 * The ratio that an operator meant. Nova and Placement keep ratios in single precision, so 1.2
 * comes back as 1.2000000476837158: such a number is read as the shortest decimal that single
 * precision cannot tell from it. Any other text is taken exactly.
 *
 * @throws ProblemError `invalid` when it is no positive decimal number
 */
export function parseAllocationRatio(text: string): Decimal {
  const exact = parseDecimal(text);
  if (exact === null || exact.unscaled <= 0n) {
    throw new ProblemError(
      'invalid',
      `"${text}" is not an allocation ratio: give a decimal number above 0, such as 16.0.`,
    );
  }
  return parseDecimal(shortestSingle(text)) ?? exact;
}

function shortestSingle(text: string): string {
  const value = Number(text);
  const digits = text
    .replace(/[eE].*$/, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '').length;
  if (digits <= SINGLE_DIGITS || Math.fround(value) !== value) return text;
  for (let precision = 1; precision <= SINGLE_DIGITS; precision += 1) {
    const shorter = value.toPrecision(precision);
    if (Math.fround(Number(shorter)) === value) return shorter;
  }
  return text;
}
