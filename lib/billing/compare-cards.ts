import { ProblemError } from '../errors.ts';
import { type Month, periodOfMonth } from '../period/calendar.ts';
import type { RateCard } from '../rating/rate-card.ts';
import { comparePricing, type PricingComparison } from './compare-pricing.ts';
import { keptUsage, rowsOf } from './kept-usage.ts';
import {
  measuresByResource,
  type PricedMonth,
  type PriceMonthInput,
  priceMonth,
} from './price-month.ts';

export interface OtherCards {
  /** Null: those of the month, without its cost pools. */
  readonly cards: readonly RateCard[] | null;
  /** Whether the other side has the month's adjustments, too; without cards it always does. */
  readonly withAdjustments: boolean;
}

export interface PricedOnCards extends PricingComparison {
  readonly period: Month;
  readonly otherCards: readonly string[];
  readonly withAdjustments: boolean;
}

/**
 * Prices the usage of a month as it is billed, and on other cards without cost pools. A card that is given alone is in
 * force for the whole month, whatever its date.
 *
 * @throws ProblemError `refused`
 */
export async function priceOnCards(
  own: PriceMonthInput,
  { cards, withAdjustments }: OtherCards,
): Promise<PricedOnCards> {
  const kept = await keptUsage(own, measuresByResource(cards ?? []));
  const others = cards === null ? own.cards : inForceAllMonth(cards, own.period);
  const isAdjusted = withAdjustments || cards === null;
  const ownSide = await priceMonth({ ...own, usage: rowsOf(kept) });
  const otherSide = await priceMonth({
    ...own,
    usage: rowsOf(kept),
    cards: others,
    pools: [],
    adjustments: isAdjusted ? own.adjustments : [],
  });
  requireOneCurrency(ownSide, otherSide);
  return {
    period: own.period,
    otherCards: others.map(({ id }) => id),
    withAdjustments: isAdjusted,
    ...comparePricing(ownSide, otherSide),
  };
}

function inForceAllMonth(cards: readonly RateCard[], period: Month): RateCard[] {
  const { start } = periodOfMonth(period);
  return cards.length === 1 ? cards.map((card) => ({ ...card, effectiveFrom: start })) : [...cards];
}

function requireOneCurrency(own: PricedMonth, other: PricedMonth): void {
  const [is, wanted] = [other.rated.currency, own.rated.currency];
  if (is === wanted) return;
  throw new ProblemError(
    'refused',
    `The bills are in ${wanted} and the other card in ${is}: give an exchange rate from ${is} to ${wanted} ("headroom apply"), or a card in ${wanted}.`,
  );
}
