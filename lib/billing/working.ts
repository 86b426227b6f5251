import {
  type Decimal,
  decimal,
  decimalOf,
  fromInteger,
  multiply,
  normalize,
  powerOfTen,
  toText,
} from '../decimal/decimal.ts';
import { type CurrencyCode, minorDigits } from '../money/currency.ts';
import { type Money, money, moneyText } from '../money/money.ts';
import type { AppliedRate, ExchangeRate } from '../rating/exchange-rates.ts';

/** A number of a calculation, as exact decimal text. */
export interface Term {
  readonly what: string;
  readonly value: string;
  /** `core-hour`, `%`, a currency; empty for plain counts. */
  readonly unit: string;
}

/**
 * How an amount comes about, so that anybody can do it again: the product of `factors` divided by
 * `dividedBy`, less `less`, x the exchange rate, rounded to `rounding.step`, at most the least of
 * `atMost`, and below 0 where it is given back.
 */
export interface Working {
  readonly factors: readonly Term[];
  readonly dividedBy: readonly Term[];
  readonly less: Term | null;
  readonly exchange: AppliedRate | null;
  /** Before rounding and in the currency that is billed: a decimal, or a fraction such as `10/3`. */
  readonly exact: string;
  readonly rounding: {
    readonly step: string;
    /** `largest-remainder`: cut to the step, and `raised` by one where its remainder was among the largest. */
    readonly rule: 'half-even' | 'largest-remainder';
    readonly raised: boolean;
  };
  readonly atMost: readonly Term[];
  readonly isGivenBack: boolean;
  readonly amount: string;
  readonly currency: CurrencyCode;
}

export interface WorkingInput {
  readonly factors: readonly Term[];
  readonly dividedBy?: readonly Term[];
  readonly less?: Term;
  readonly rate?: ExchangeRate | undefined;
  readonly atMost?: readonly Term[];
  readonly isGivenBack?: boolean;
  readonly rule?: Working['rounding']['rule'];
}

export function term(what: string, value: Decimal, unit: string): Term {
  return { what, value: toText(value), unit };
}

export function moneyTerm(what: string, value: Money): Term {
  return { what, value: moneyText(value), unit: value.currency };
}

/** @param amount what stands on the line */
export function working(input: WorkingInput, amount: Money): Working {
  const { factors, dividedBy = [], less = null, rate, atMost = [], rule = 'half-even' } = input;
  const exact = exactOf(input);
  return {
    ...{ factors, dividedBy, less },
    exchange: rate === undefined ? null : appliedRate(rate),
    exact: fractionText(exact),
    rounding: {
      step: moneyText(money(1n, amount.currency)),
      rule,
      raised: rule === 'largest-remainder' && amount.minor > wholeMinor(exact, amount.currency),
    },
    atMost,
    isGivenBack: input.isGivenBack === true,
    amount: moneyText(amount),
    currency: amount.currency,
  };
}

export function appliedRate({ from, to, rate, date }: ExchangeRate): AppliedRate {
  return { from, to, rate: toText(rate), date };
}

interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

function exactOf({ factors, dividedBy = [], less, rate }: WorkingInput): Fraction {
  const numerator = productOf(factors);
  const divisor = productOf(dividedBy);
  const scale = Math.max(numerator.scale, divisor.scale);
  const quotient = {
    numerator: numerator.unscaled * powerOfTen(scale - numerator.scale),
    denominator: divisor.unscaled * powerOfTen(scale - divisor.scale),
  };
  const rest = less === undefined ? quotient : minus(quotient, decimalOf(less.value));
  const { unscaled = 1n, scale: rateScale = 0 } = rate?.rate ?? {};
  return {
    numerator: rest.numerator * unscaled,
    denominator: rest.denominator * powerOfTen(rateScale),
  };
}

function minus({ numerator, denominator }: Fraction, { unscaled, scale }: Decimal): Fraction {
  return {
    numerator: numerator * powerOfTen(scale) - unscaled * denominator,
    denominator: denominator * powerOfTen(scale),
  };
}

function productOf(terms: readonly Term[]): Decimal {
  return terms.map(({ value }) => decimalOf(value)).reduce(multiply, fromInteger(1));
}

/** Whole minor units of an amount that is not negative. */
function wholeMinor({ numerator, denominator }: Fraction, currency: CurrencyCode): bigint {
  return (numerator * powerOfTen(minorDigits(currency))) / denominator;
}

/** Plain decimal text where there is one, else the fraction in lowest terms. */
function fractionText({ numerator, denominator }: Fraction): string {
  const common = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, denominator);
  const [upper, lower] = [numerator / common, denominator / common];
  let scale = 0;
  for (let rest = lower; rest > 1n; scale += 1) {
    // Each decimal takes up one factor of 2 and of 5; another factor never goes away.
    const next = rest / greatestCommonDivisor(rest, 10n);
    if (next === rest) return `${upper}/${lower}`;
    rest = next;
  }
  return toText(normalize(decimal((upper * powerOfTen(scale)) / lower, scale)));
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b];
  while (smaller > 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
