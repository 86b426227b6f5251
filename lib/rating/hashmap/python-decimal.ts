import { type Decimal, divideHalfEven, normalize, powerOfTen } from '../../decimal/decimal.ts';

/**
 * Decimals as Python's default context computes them: 28 significant digits, half-even, at every
 * addition and multiplication. What is read is exact, however many digits it has.
 */
const PRECISION = 28;
const LIMIT = powerOfTen(PRECISION);

export function addAsPython(a: Decimal, b: Decimal): Decimal {
  // Adding 0 still rounds what has more digits.
  if (a.unscaled === 0n && a.scale <= b.scale) return toPrecision(b);
  if (b.unscaled === 0n && b.scale <= a.scale) return toPrecision(a);
  if (a.scale === b.scale)
    return toPrecision({ unscaled: a.unscaled + b.unscaled, scale: a.scale });
  const [fine, coarse] = a.scale > b.scale ? [a, b] : [b, a];
  const raised = coarse.unscaled * powerOfTen(fine.scale - coarse.scale);
  return toPrecision({ unscaled: raised + fine.unscaled, scale: fine.scale });
}

export function multiplyAsPython(a: Decimal, b: Decimal): Decimal {
  // Most points have a rate or a quantity of 1.
  if (isOne(a)) return toPrecision(b);
  if (isOne(b)) return toPrecision(a);
  return toPrecision({ unscaled: a.unscaled * b.unscaled, scale: a.scale + b.scale });
}

function isOne({ unscaled, scale }: Decimal): boolean {
  return scale === 0 && unscaled === 1n;
}

function toPrecision(value: Decimal): Decimal {
  const magnitude = value.unscaled < 0n ? -value.unscaled : value.unscaled;
  if (magnitude < LIMIT) return value;
  const excess = magnitude.toString().length - PRECISION;
  const cut = divideHalfEven(value.unscaled, powerOfTen(excess));
  const scale = value.scale - excess;
  return scale >= 0 ? { unscaled: cut, scale } : { unscaled: cut * powerOfTen(-scale), scale: 0 };
}

/** The exact value of a binary float, as `Decimal(float)` of Python gives it. */
export function exactOfFloat(value: number): Decimal {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const word = bits.getBigUint64(0);
  const exponentBits = Number((word >> 52n) & 0x7ffn);
  const fraction = word & 0xfffffffffffffn;
  const mantissa = exponentBits === 0 ? fraction : fraction | 0x10000000000000n;
  const signed = value < 0 ? -mantissa : mantissa;
  const exponent = Math.max(exponentBits, 1) - 1_075;
  if (exponent >= 0) return { unscaled: signed << BigInt(exponent), scale: 0 };
  // m / 2^k = m x 5^k / 10^k
  return normalize({ unscaled: signed * 5n ** BigInt(-exponent), scale: -exponent });
}
