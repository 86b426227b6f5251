import { divideHalfEven } from '../decimal/decimal.ts';

/** An exact quantity: `numerator` / `denominator`, which is above 0. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Decimals of usage in the lake. */
export const QUANTITY_DECIMALS = 12;
const PICO = 10n ** BigInt(QUANTITY_DECIMALS);

/** The exact sum of fractions. */
export function sum(parts: readonly Fraction[]): Fraction {
  return parts.reduce(
    (a, b) =>
      a.denominator === b.denominator
        ? { numerator: a.numerator + b.numerator, denominator: a.denominator }
        : {
            numerator: a.numerator * b.denominator + b.numerator * a.denominator,
            denominator: a.denominator * b.denominator,
          },
    { numerator: 0n, denominator: 1n },
  );
}

/** In units of 10^-12, half-even: as the quantity of record is rounded, once. */
export function toPico({ numerator, denominator }: Fraction): bigint {
  return divideHalfEven(numerator * PICO, denominator);
}

/**
 * The parts in units of 10^-12 so that they add up to the rounded whole: what is left of rounding
 * down goes to the largest remainders, the earlier first.
 */
export function shareOut(parts: readonly Fraction[]): bigint[] {
  const floors = parts.map(({ numerator, denominator }, index) => {
    const floor = (numerator * PICO) / denominator;
    return {
      index,
      floor,
      rest: { numerator: numerator * PICO - floor * denominator, denominator },
    };
  });
  const left = toPico(sum(parts)) - floors.reduce((total, { floor }) => total + floor, 0n);
  const raised = new Set(
    floors
      .toSorted((a, b) => compare(b.rest, a.rest) || a.index - b.index)
      .slice(0, Number(left))
      .map(({ index }) => index),
  );
  return floors.map(({ index, floor }) => (raised.has(index) ? floor + 1n : floor));
}

function compare(a: Fraction, b: Fraction): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
