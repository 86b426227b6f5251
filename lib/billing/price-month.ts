import type { Month } from '../period/calendar.ts';
import {
  type Adjustment,
  billAdjustmentsOf,
  isCommitment,
  requireDistinctAdjustments,
} from '../rating/adjustment.ts';
import { type CardCalendar, cardCalendar } from '../rating/card-calendar.ts';
import { type CostPool, poolsOfMonth } from '../rating/cost-pool.ts';
import type { ExchangeRate } from '../rating/exchange-rates.ts';
import { needsResources } from '../rating/models/registry.ts';
import type { MonthCourse } from '../rating/month-course.ts';
import type { RateCard } from '../rating/rate-card.ts';
import { rateMonth } from '../rating/rate-month.ts';
import type { RatedLine, RatedMonth } from '../rating/rated-month.ts';
import { shareBook } from '../rating/shares.ts';
import type { Team } from '../rating/team.ts';
import { UsageMonth } from '../rating/usage-month.ts';
import { UsageOrigins } from '../rating/usage-origins.ts';
import type { UsageRow, UsageSpan } from '../rating/usage-row.ts';
import { type AdjustmentInput, adjustmentLines } from './adjust-bills.ts';

export interface PriceMonthInput {
  readonly period: Month;
  /**
   * Rows in any order and split in any way; those of other months are left aside. They may come
   * added up over resources, but for the measures of `measuresByResource`.
   */
  readonly usage: AsyncIterable<UsageRow | UsageSpan> | Iterable<UsageRow | UsageSpan>;
  readonly cards: readonly RateCard[];
  readonly teams: readonly Team[];
  /** Within a kind they apply in the order given. */
  readonly adjustments: readonly Adjustment[];
  /** Those of other months are left aside. */
  readonly pools: readonly CostPool[];
  readonly exchangeRates: readonly ExchangeRate[];
  /** Whether `rated.origins` shall tell whose usage was whose. */
  readonly traced?: boolean;
  /** Where it is given, is told how the month rose day by day. */
  readonly course?: MonthCourse;
  /** Tells lines apart by this label, too: not as bills have them. */
  readonly label?: string;
}

export interface PricedMonth {
  readonly usage: UsageMonth;
  readonly calendar: CardCalendar;
  readonly rated: RatedMonth;
  /** Lines that follow the usage lines, in the order in which they were applied. */
  readonly adjustments: readonly RatedLine[];
  /** The adjustment lines that other lines of the same month would come to. */
  readonly adjust: (lines: readonly RatedLine[]) => RatedLine[];
}

/** Measures that a rule charges by resource: their usage must not be added up over resources. */
export function measuresByResource(cards: readonly RateCard[]): ReadonlySet<string> {
  const rules = cards.flatMap((card) => card.rules).filter(({ price }) => needsResources(price));
  return new Set(rules.map(({ measure }) => measure));
}

/**
 * Rates a month and applies what follows the rating.
 *
 * @throws ProblemError `refused` when cards or teams contradict each other
 */
export async function priceMonth(input: PriceMonthInput): Promise<PricedMonth> {
  const { period } = input;
  requireDistinctAdjustments(input.adjustments);
  const pools = poolsOfMonth(input.pools, period);
  const calendar = cardCalendar(
    input.cards,
    period,
    [...pools.values()].flat(),
    input.exchangeRates,
  );
  const shares = shareBook(input.teams);
  const byResource = measuresByResource(calendar.cards);
  const usage = new UsageMonth(period, (measure) => byResource.has(measure), input.label);
  for await (const row of input.usage) usage.add(row);
  const commitments = input.adjustments.filter(isCommitment);
  const origins = input.traced === true ? { origins: new UsageOrigins() } : {};
  const course = input.course === undefined ? {} : { course: input.course };
  const rated = rateMonth(usage, { calendar, shares, commitments, pools, ...origins, ...course });
  const terms: Omit<AdjustmentInput, 'lines'> = {
    calendar,
    adjustments: billAdjustmentsOf(input.adjustments, period),
  };
  const adjust = (lines: readonly RatedLine[]) => adjustmentLines({ ...terms, lines });
  return { usage, calendar, rated, adjustments: adjust(rated.lines), adjust };
}
