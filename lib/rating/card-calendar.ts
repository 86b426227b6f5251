import { ProblemError } from '../errors.ts';
import type { CurrencyCode } from '../money/currency.ts';
import { type Month, periodOfMonth } from '../period/calendar.ts';
import { formatInstant, HOUR_US } from '../period/instant.ts';
import {
  billedCurrency,
  type Conversions,
  conversionsOf,
  type ExchangeRate,
} from './exchange-rates.ts';
import type { RateCard } from './rate-card.ts';

/** Which card is in force in each hour of a month. */
export interface CardCalendar {
  /** That bills are in. */
  readonly currency: CurrencyCode;
  /** Rates for cards and pools that are in another currency. */
  readonly conversions: Conversions;
  /** Those in force in at least one hour of the month, earliest first. */
  readonly cards: readonly RateCard[];
  /** Index into `cards` per hour of the month; -1 before the first card. */
  readonly cardOfHour: Int32Array;
}

/**
 * Cards that can stand side by side: ids of their own, no two effective from the same instant.
 *
 * @throws ProblemError `refused`
 */
export function requireDistinctCards(cards: readonly RateCard[]): void {
  const ids = new Set<string>();
  const starts = new Map<number, string>();
  for (const { id, effectiveFrom } of cards) {
    if (ids.has(id)) {
      throw new ProblemError(
        'refused',
        `Two rate cards have the id "${id}": a bill could not tell which one a line cites. Give each its own.`,
      );
    }
    ids.add(id);
    const other = starts.get(effectiveFrom);
    if (other !== undefined) {
      throw new ProblemError(
        'refused',
        `Rate cards "${other}" and "${id}" are both effective from ${formatInstant(effectiveFrom)}: only one card can be in force in an hour. Change one of the dates.`,
      );
    }
    starts.set(effectiveFrom, id);
  }
}

/** A rate card or a cost pool. */
type Priced = Pick<RateCard, 'id' | 'currency'>;

/**
 * The one currency of the cards, and of the cost pools beside them.
 *
 * @throws ProblemError `refused` when there are two, or neither card nor pool
 */
export function requireOneCurrency(
  cards: readonly Priced[],
  pools: readonly Priced[] = [],
): CurrencyCode {
  const named = [
    ...cards.map(({ id, currency }) => ({ name: `Rate card "${id}"`, currency })),
    ...pools.map(({ id, currency }) => ({ name: `Cost pool "${id}"`, currency })),
  ];
  const [first, ...others] = named;
  if (first === undefined) {
    throw new ProblemError('refused', 'There is no rate card: give at least one.');
  }
  const other = others.find(({ currency }) => currency !== first.currency);
  if (other !== undefined) {
    throw new ProblemError(
      'refused',
      `${first.name} is in ${first.currency} and ${other.name} in ${other.currency}: bills in two currencies need exchange rates. Give the rates, or use one currency.`,
    );
  }
  return first.currency;
}

/**
 * One card is in force per hour: that with the latest `effectiveFrom`. The order in which cards are
 * given does not count.
 *
 * @param pools cost pools of the month
 * @param rates without them, cards and pools must be in one currency
 * @throws ProblemError `refused`
 */
export function cardCalendar(
  cards: readonly RateCard[],
  period: Month,
  pools: readonly Priced[] = [],
  rates: readonly ExchangeRate[] = [],
): CardCalendar {
  requireDistinctCards(cards);
  const { start, end } = periodOfMonth(period);
  const sorted = cards.toSorted((a, b) => a.effectiveFrom - b.effectiveFrom);
  const started = sorted.filter((card) => card.effectiveFrom < end);
  const inForce = started.filter((_card, index) => {
    const next = started[index + 1];
    return next === undefined || next.effectiveFrom > start;
  });
  const cardOfHour = new Int32Array((end - start) / HOUR_US).fill(-1);
  for (const [index, card] of inForce.entries()) {
    cardOfHour.fill(index, Math.max(0, (card.effectiveFrom - start) / HOUR_US));
  }
  // Before the first card all is unrated, in the currency that is to come.
  const priced = inForce.length > 0 || pools.length > 0 ? inForce : sorted.slice(0, 1);
  const currency = billedCurrency(rates) ?? requireOneCurrency(priced, pools);
  const currencies = new Set([...priced, ...pools].map((one) => one.currency));
  currencies.delete(currency);
  const conversions = conversionsOf(currencies, rates, period);
  return { currency, conversions, cards: inForce, cardOfHour };
}
