import { readInputs } from '../billing/close-input.ts';
import { type PricedOnCards, priceOnCards } from '../billing/compare-cards.ts';
import { measuresByResource } from '../billing/price-month.ts';
import type { Month } from '../period/calendar.ts';
import { readRateCard } from '../rating/rate-card.ts';
import { type StandingPorts, withStandingInputs } from './standing-inputs.ts';

export interface CardQuestion {
  readonly period: Month;
  /** Other cards; null: those of the month, without its cost pools. */
  readonly cards: readonly unknown[] | null;
  /** Whether the other side has the month's adjustments, too; without cards it always does. */
  readonly withAdjustments: boolean;
}

export interface CardComparison extends PricedOnCards {
  readonly state: 'estimate' | 'draft' | 'issued';
}

/**
 * Prices the usage that the bills of a month are made of on other cards, and without cost pools. A card that
 * is given alone is in force for the whole month, whatever its date.
 *
 * @throws ProblemError `invalid`, `refused`
 */
export async function compareCards(
  ports: StandingPorts,
  { period, cards, withAdjustments }: CardQuestion,
): Promise<CardComparison> {
  const given = cards?.map(readRateCard) ?? null;
  const byResource = measuresByResource(given ?? []);
  return withStandingInputs(
    ports,
    { period, byResource },
    async ({ record, cited: _cited, ...inputs }): Promise<CardComparison> => {
      const own = readInputs({ period, ...inputs });
      const priced = await priceOnCards(own, { cards: given, withAdjustments });
      const state = record === null || record.state === 'open' ? 'estimate' : record.state;
      return { state, ...priced };
    },
  );
}
