import { assert } from '../assert.ts';
import {
  decimal,
  divideHalfEven,
  parseDecimal,
  powerOfTen,
  toFixedText,
} from '../decimal/decimal.ts';
import { type CurrencyCode, minorDigits } from './currency.ts';

/** An amount as it stands on a bill: whole minor units, `152n` for 1.52 EUR. */
export interface Money {
  readonly minor: bigint;
  readonly currency: CurrencyCode;
}

/** An exact amount on its way to a line: numerator / (divisor x 10^scale) major units. */
export interface ExactAmount {
  readonly numerator: bigint;
  readonly scale: number;
  readonly divisor: bigint;
}

/** Whole minor units: `money(152n, "EUR")` is 1.52 EUR. */
export function money(minor: bigint, currency: CurrencyCode): Money {
  return { minor, currency };
}

/** The one place where an amount loses digits: once per line, half-even, to the minor unit. */
export function roundToMinor(amount: ExactAmount, currency: CurrencyCode): Money {
  const raised = amount.numerator * powerOfTen(minorDigits(currency));
  return money(divideHalfEven(raised, powerOfTen(amount.scale) * amount.divisor), currency);
}

/** The exact sum; two currencies are a fault of the program. */
export function addMoney(a: Money, b: Money): Money {
  assert(a.currency === b.currency, `cannot add ${b.currency} to ${a.currency}`);
  return money(a.minor + b.minor, a.currency);
}

/** The exact sum, 0 of the currency where there is none; another currency is a fault of the program. */
export function sumMoney(amounts: Iterable<Money>, currency: CurrencyCode): Money {
  let total = money(0n, currency);
  for (const amount of amounts) total = addMoney(total, amount);
  return total;
}

/** The amount x `numerator` / `divisor`, half-even to the minor unit. */
export function timesRatio(amount: Money, numerator: bigint, divisor: bigint): Money {
  return money(divideHalfEven(amount.minor * numerator, divisor), amount.currency);
}

/** With all minor digits and no code: `1.50`, `152` for yen. */
export function moneyText(amount: Money): string {
  return toFixedText(decimal(amount.minor, minorDigits(amount.currency)));
}

/** Reads what `moneyText` wrote; anything finer than the minor unit is a fault of the program. */
export function moneyOf(text: string, currency: CurrencyCode): Money {
  const value = parseDecimal(text);
  assert(value !== null, `not an amount: "${text}"`);
  assert(value.scale === minorDigits(currency), `not an amount in ${currency}: "${text}"`);
  return money(value.unscaled, currency);
}
