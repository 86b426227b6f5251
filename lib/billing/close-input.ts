import type { Month } from '../period/calendar.ts';
import { readAdjustment } from '../rating/adjustment.ts';
import { readCostPool } from '../rating/cost-pool.ts';
import { readExchangeRate } from '../rating/exchange-rates.ts';
import { readRateCard } from '../rating/rate-card.ts';
import { readTeam } from '../rating/team.ts';
import type { UsageRow, UsageSpan } from '../rating/usage-row.ts';
import type { PriceMonthInput } from './price-month.ts';

/** All that the bills of a month follow from. */
export interface CloseInput {
  readonly period: Month;
  /** As `priceMonth` takes it. */
  readonly usage: AsyncIterable<UsageRow | UsageSpan> | Iterable<UsageRow | UsageSpan>;
  /** Configuration as it is stored: the documents, read and checked again here. */
  readonly cards: readonly unknown[];
  readonly teams: readonly unknown[];
  /** Within a kind they apply in the order given. */
  readonly adjustments: readonly unknown[];
  readonly pools: readonly unknown[];
  readonly exchangeRates: readonly unknown[];
}

/** Reads the stored documents again: what storage gives has lost its type. */
export function readInputs(input: CloseInput): PriceMonthInput {
  const { period, usage, cards, teams, adjustments, pools, exchangeRates } = input;
  return {
    period,
    usage,
    cards: cards.map(readRateCard),
    teams: teams.map(readTeam),
    adjustments: adjustments.map(readAdjustment),
    pools: pools.map(readCostPool),
    exchangeRates: exchangeRates.map(readExchangeRate),
  };
}
