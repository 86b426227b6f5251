import * as z from 'zod';
import {
  compare,
  type Decimal,
  isZero,
  normalize,
  parseDecimal,
  powerOfTen,
  toText,
} from './decimal.ts';

/** What a number of a document may look like. */
export interface DecimalLimits {
  /** Most digits before the point. */
  readonly wholeDigits: number;
  /** Most digits after the point, trailing zeros not counted. */
  readonly decimals: number;
  /** The least that is allowed: 0, anything above it, or no least at all. */
  readonly least: 'zero' | 'above zero' | 'none';
  readonly most?: Decimal;
}

/** What a usage quantity, a band's edge or an allowance may be: as a sample's volume. */
export const QUANTITY_DIGITS = { wholeDigits: 20, decimals: 18 } as const;
/** Prices have any number of decimals that a person would write. */
export const PRICE_DIGITS = { wholeDigits: 20, decimals: 40 } as const;

const FORM = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/;
/** Longer than any number within the limits; what is longer is not even read. */
const MAX_CHARACTERS = 200;

/**
 * A decimal in a document: text, or a JSON number (read by `parseExactJson`, so that none of its
 * digits is lost). Comes out exact, in the smallest scale that holds it.
 */
export function decimalField(limits: DecimalLimits) {
  return z
    .union([z.string(), z.number()], {
      error: (issue) =>
        issue.input === undefined ? 'is missing' : 'must be a decimal, as text or as a number',
    })
    .transform((value, context) => {
      const read = readDecimal(String(value), limits);
      if (typeof read !== 'string') return read;
      context.addIssue({ code: 'custom', message: read });
      return z.NEVER;
    });
}

/** The decimal, or what is wrong with it. */
export function readDecimal(text: string, limits: DecimalLimits): Decimal | string {
  if (text.length > MAX_CHARACTERS) return `has ${text.length} characters: too long for a decimal`;
  if (text.startsWith('-') && limits.least !== 'none' && FORM.test(text)) {
    return limits.least === 'zero' ? 'must not be negative' : 'must be above 0';
  }
  const parsed = FORM.test(text) ? parseDecimal(text) : null;
  if (parsed === null) return `"${text}" is not a decimal: write it as 12.5`;
  const value = normalize(parsed);
  if (value.scale > limits.decimals) return `has more than ${limits.decimals} decimals`;
  const magnitude = value.unscaled < 0n ? -value.unscaled : value.unscaled;
  if (magnitude / powerOfTen(value.scale) >= powerOfTen(limits.wholeDigits)) {
    return `has more than ${limits.wholeDigits} digits before the point`;
  }
  if (limits.least === 'above zero' && isZero(value)) return 'must be above 0';
  if (limits.most && compare(value, limits.most) > 0)
    return `must be at most ${toText(limits.most)}`;
  return value;
}
