import { at } from '../forecasting/numbers.ts';
import { addDays, type Day } from '../period/calendar.ts';
import type { DaysToExhaustion } from './exhaustion-days.ts';
import type { Spread } from './spread.ts';
import { spreadQuantile } from './spread-quantile.ts';

/** Until when to order so that the hosts take instances before demand exceeds capacity. */
export interface OrderBy {
  /** Accepted probability of being too late. */
  readonly risk: number;
  /** Null: an order is not needed within the horizon. May lie before the origin: it is late. */
  readonly date: Day | null;
  /** Probability that an order of the day after the origin comes too late. */
  readonly lateIfOrderedNow: number;
}

/**
 * The risk-quantile of (exhaustion - lead time), drawn path by path: both are uncertain, and an
 * order is late where the lead time is longer than what is left.
 */
export function orderBy(input: {
  readonly days: DaysToExhaustion;
  readonly leadTimeDays: Spread;
  readonly risk: number;
  readonly origin: Day;
  readonly random: () => number;
}): OrderBy {
  const { days, leadTimeDays, risk, origin, random } = input;
  const slack = days.map((day) => day - Math.ceil(spreadQuantile(leadTimeDays, random())));
  const late = slack.reduce((sum, left) => sum + (left < 1 ? 1 : 0), 0) / slack.length;
  const sorted = slack.slice().sort();
  const latest = at(sorted, Math.max(0, Math.ceil(risk * sorted.length) - 1));
  return {
    risk,
    date: Number.isFinite(latest) ? addDays(origin, Math.floor(latest)) : null,
    lateIfOrderedNow: late,
  };
}
