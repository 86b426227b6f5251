import { readInputs } from '../billing/close-month.ts';
import { comparePricing, type PricingComparison } from '../billing/compare-pricing.ts';
import {
  measuresByResource,
  type PricedMonth,
  type PriceMonthInput,
  priceMonth,
} from '../billing/price-month.ts';
import { decimal, toText } from '../decimal/decimal.ts';
import { QUANTITY_DIGITS } from '../decimal/decimal-field.ts';
import { ProblemError } from '../errors.ts';
import { type Month, periodOfMonth } from '../period/calendar.ts';
import { formatInstant, HOUR_US } from '../period/instant.ts';
import { type RateCard, readRateCard } from '../rating/rate-card.ts';
import { UsageMonth } from '../rating/usage-month.ts';
import type { UsageRow } from '../rating/usage-row.ts';
import { type StandingPorts, withStandingInputs } from './standing-inputs.ts';

export interface CardQuestion {
  readonly period: Month;
  /** Other cards; null: those of the month, without its cost pools. */
  readonly cards: readonly unknown[] | null;
  /** Whether the other side has the month's adjustments, too; without cards it always does. */
  readonly withAdjustments: boolean;
}

export interface CardComparison extends PricingComparison {
  readonly period: Month;
  readonly state: 'estimate' | 'draft' | 'issued';
  readonly otherCards: readonly string[];
  readonly withAdjustments: boolean;
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
    async ({ record, versions: _versions, ...inputs }): Promise<CardComparison> => {
      const own = readInputs({ period, ...inputs });
      const kept = await keptUsage(own, byResource);
      const others = given === null ? own.cards : inForceAllMonth(given, period);
      const isAdjusted = withAdjustments || given === null;
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
        period,
        state: record === null || record.state === 'open' ? 'estimate' : record.state,
        otherCards: others.map(({ id }) => id),
        withAdjustments: isAdjusted,
        ...comparePricing(ownSide, otherSide),
      };
    },
  );
}

/** The usage once, for two pricings. */
async function keptUsage(
  { period, cards, usage }: PriceMonthInput,
  byResource: ReadonlySet<string>,
): Promise<UsageMonth> {
  const named = new Set([...measuresByResource(cards), ...byResource]);
  const month = new UsageMonth(period, (measure) => named.has(measure));
  for await (const row of usage) month.add(row);
  return month;
}

function* rowsOf(month: UsageMonth): Iterable<UsageRow> {
  const { start } = periodOfMonth(month.period);
  for (let hour = 0; hour < month.hours; hour += 1) {
    const at = formatInstant(start + hour * HOUR_US);
    for (const { series, quantity } of month.usageOf(hour)) {
      const resource = series.resource === '' ? {} : { resource: series.resource };
      const text = toText(decimal(quantity, QUANTITY_DIGITS.decimals));
      const { metadata } = series;
      yield { ...month.lineOf(series), ...resource, metadata, hour: at, quantity: text };
    }
  }
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
