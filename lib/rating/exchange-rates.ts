import * as z from 'zod';
import { type Decimal, toText } from '../decimal/decimal.ts';
import { decimalField } from '../decimal/decimal-field.ts';
import { ProblemError } from '../errors.ts';
import { compareText } from '../identifiers.ts';
import { type CurrencyCode, isCurrency } from '../money/currency.ts';
import type { ExactAmount } from '../money/money.ts';
import { addDays, addMonths, type Day, isDay, type Month } from '../period/calendar.ts';
import { idField, missingOr, objectOf } from './fields.ts';
import { readDocument } from './validate.ts';

const currencyField = z
  .string({ error: missingOr('must be text') })
  .refine(isCurrency, 'must be an active ISO 4217 code such as EUR');

/** What one unit of `from` is worth in `to`, as published on a date. */
export const exchangeRateSchema = objectOf({
  id: idField,
  from: currencyField,
  to: currencyField,
  rate: decimalField({ wholeDigits: 12, decimals: 18, least: 'above zero' }),
  date: z
    .string({ error: missingOr('must be a date, as text') })
    .refine((text) => isDay(text), 'must be a date such as 2026-10-31'),
}).refine(({ from, to }) => from !== to, {
  path: ['to'],
  message: 'must be another currency than from',
});

export type ExchangeRate = z.output<typeof exchangeRateSchema>;

/** @throws ProblemError `invalid`, with a pointer to each fault */
export function readExchangeRate(document: unknown): ExchangeRate {
  return readDocument(exchangeRateSchema, document, 'The exchange rate');
}

/** The rates that bills of a month are converted at, by the currency they convert from. */
export type Conversions = ReadonlyMap<CurrencyCode, ExchangeRate>;

/** As a bill tells it. */
export interface AppliedRate {
  readonly from: CurrencyCode;
  readonly to: CurrencyCode;
  readonly rate: string;
  readonly date: Day;
}

export function appliedRates(conversions: Conversions): AppliedRate[] {
  return [...conversions.values()].map(({ from, to, rate, date }) => ({
    from,
    to,
    rate: toText(rate),
    date,
  }));
}

/**
 * The currency that bills are in where there are exchange rates: the one they all convert to.
 *
 * @throws ProblemError `refused` when they convert to several
 */
export function billedCurrency(rates: readonly ExchangeRate[]): CurrencyCode | null {
  const currencies = [...new Set(rates.map(({ to }) => to))].sort();
  if (currencies.length > 1) {
    throw new ProblemError(
      'refused',
      `Exchange rates convert to ${currencies.join(' and ')}: bills are in one currency. Keep the rates to that one.`,
    );
  }
  return currencies[0] ?? null;
}

/**
 * For each of the currencies the latest rate of the month: the one with the latest date that is not
 * after the month's last day.
 *
 * @throws ProblemError `refused` when a currency has none, or two of one date
 */
export function conversionsOf(
  currencies: ReadonlySet<CurrencyCode>,
  rates: readonly ExchangeRate[],
  period: Month,
): Conversions {
  const lastDay = addDays(`${addMonths(period, 1)}-01`, -1);
  const entries = [...currencies].sort().map((from) => {
    const known = rates
      .filter((rate) => rate.from === from && rate.date <= lastDay)
      .toSorted((a, b) => compareText(b.date, a.date) || compareText(a.id, b.id));
    const [latest, next] = known;
    if (latest === undefined) {
      throw new ProblemError(
        'refused',
        `There is no exchange rate from ${from} with a date up to ${lastDay}: give one.`,
      );
    }
    if (next?.date === latest.date) {
      throw new ProblemError(
        'refused',
        `Exchange rates "${latest.id}" and "${next.id}" are both from ${from} on ${latest.date}: keep one.`,
      );
    }
    return [from, latest] as const;
  });
  return new Map(entries);
}

/** The amount in the currency that is billed; it is rounded after this, and once. */
export function converted(amount: ExactAmount, rate: Decimal | undefined): ExactAmount {
  if (rate === undefined) return amount;
  return {
    numerator: amount.numerator * rate.unscaled,
    scale: amount.scale + rate.scale,
    divisor: amount.divisor,
  };
}
