import { assert } from '../assert.ts';

/**
 * An exact decimal number: `unscaled` / 10^`scale`. There is no other number in a position of money
 * or billed quantity; floats never touch either.
 */
export interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

/** Zero, at scale 0. */
export const ZERO: Decimal = { unscaled: 0n, scale: 0 };

const PLAIN = /^([+-]?)(\d+)(?:\.(\d+))?$/;
const SCIENTIFIC = /^([+-]?)(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,4})$/;

/** `unscaled` / 10^`scale`: `decimal(150n, 2)` is 1.50. */
export function decimal(unscaled: bigint, scale: number): Decimal {
  assert(Number.isInteger(scale) && scale >= 0, 'scale must be a whole number from 0');
  return { unscaled, scale };
}

/** A whole number, at scale 0. */
export function fromInteger(value: bigint | number): Decimal {
  return { unscaled: BigInt(value), scale: 0 };
}

/** Reads decimal text exactly, with or without exponent; `null` when it is not a decimal number. */
export function parseDecimal(text: string): Decimal | null {
  const plain = PLAIN.exec(text);
  if (plain) return fromParts(plain[1] ?? '', plain[2] ?? '', plain[3] ?? '', 0);
  const scientific = SCIENTIFIC.exec(text);
  if (!scientific) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = scientific;
  return fromParts(sign, whole, fraction, Number.parseInt(exponent, 10));
}

function fromParts(sign: string, whole: string, fraction: string, exponent: number): Decimal {
  const digits = BigInt(whole + fraction);
  const unscaled = sign === '-' ? -digits : digits;
  const scale = fraction.length - exponent;
  return scale >= 0 ? { unscaled, scale } : { unscaled: unscaled * powerOfTen(-scale), scale: 0 };
}

/** For text that was validated before; anything else is a fault of the program. */
export function decimalOf(text: string): Decimal {
  const value = parseDecimal(text);
  assert(value !== null, `not a decimal number: "${text}"`);
  return value;
}

/** The exact sum, at the finer of the two scales. */
export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { unscaled: unscaledAt(a, scale) + unscaledAt(b, scale), scale };
}

/** `a` less `b`, exact. */
export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, negate(b));
}

/** The same number with the other sign. */
export function negate(a: Decimal): Decimal {
  return { unscaled: -a.unscaled, scale: a.scale };
}

/** The exact product; its scale is the sum of both. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  return { unscaled: a.unscaled * b.unscaled, scale: a.scale + b.scale };
}

/** By value, whatever the scales: 1.5 and 1.50 are the same. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  if (a.scale === b.scale) return a.unscaled < b.unscaled ? -1 : a.unscaled > b.unscaled ? 1 : 0;
  const scale = Math.max(a.scale, b.scale);
  const x = unscaledAt(a, scale);
  const y = unscaledAt(b, scale);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The smaller of two; `a` where they are the same. */
export function minimum(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) <= 0 ? a : b;
}

/** Whether it is 0, at whatever scale. */
export function isZero(a: Decimal): boolean {
  return a.unscaled === 0n;
}

/** The nearest quotient, ties to even. Named for its rounding so that no call site hides one. */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  assert(divisor > 0n, 'divisor must be positive');
  const floor = dividend / divisor - (dividend % divisor < 0n ? 1n : 0n);
  const twiceRemainder = 2n * (dividend - floor * divisor);
  if (twiceRemainder < divisor) return floor;
  if (twiceRemainder > divisor) return floor + 1n;
  return floor % 2n === 0n ? floor : floor + 1n;
}

/** Rounds to `scale` decimals, ties to even. */
export function roundHalfEven(a: Decimal, scale: number): Decimal {
  if (a.scale <= scale) return { unscaled: unscaledAt(a, scale), scale };
  return { unscaled: divideHalfEven(a.unscaled, powerOfTen(a.scale - scale)), scale };
}

const DIGIT_0 = 48;
const POINT = 46;

/** Plain notation without trailing zeros: `1.50` prints `1.5`, `-0` prints `0`. */
export function toText(a: Decimal): string {
  const text = toFixedText(a);
  if (a.scale === 0) return text;
  let end = text.length;
  while (text.charCodeAt(end - 1) === DIGIT_0) end -= 1;
  if (text.charCodeAt(end - 1) === POINT) end -= 1;
  return text.slice(0, end);
}

/** Plain notation with all digits of the scale: amounts print their minor digits. */
export function toFixedText(a: Decimal): string {
  const sign = a.unscaled < 0n ? '-' : '';
  const digits = (a.unscaled < 0n ? -a.unscaled : a.unscaled).toString().padStart(a.scale + 1, '0');
  if (a.scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -a.scale)}.${digits.slice(-a.scale)}`;
}

/** The unscaled value at a scale that is at least the number's own. */
export function unscaledAt(a: Decimal, scale: number): bigint {
  assert(scale >= a.scale, 'a scale can only grow without rounding');
  return scale === a.scale ? a.unscaled : a.unscaled * powerOfTen(scale - a.scale);
}

/** The same number in the smallest scale that holds it. */
export function normalize(a: Decimal): Decimal {
  let { unscaled, scale } = a;
  while (scale > 0 && unscaled % 10n === 0n) {
    unscaled /= 10n;
    scale -= 1;
  }
  return scale === a.scale ? a : { unscaled, scale };
}

const POWERS: bigint[] = [];

/** 10^exponent. The small ones are kept: aligning scales is what millions of rows wait for. */
export function powerOfTen(exponent: number): bigint {
  assert(Number.isInteger(exponent) && exponent >= 0, 'exponent must be a whole number from 0');
  if (exponent >= 100) return 10n ** BigInt(exponent);
  POWERS[exponent] ??= 10n ** BigInt(exponent);
  return POWERS[exponent];
}
