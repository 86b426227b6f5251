import type { Labels } from '../../labels.ts';
import type { InstantUs } from '../../period/instant.ts';
import type { LineKey } from '../usage-month.ts';

/**
 * What every price model is behind: it takes the usage of one rule of one card for one team, in
 * fill order, and gives what to charge on which line. Quantities are whole numbers of
 * 10^-`quantityScale` units, so that a month of rows is added without a division or a rounding.
 */
export interface Charging {
  take(use: Use): void;
  /**
   * All charges, once every use of the month is taken.
   *
   * @param monthQuantity what the (team, rule id) counted in the whole month, across cards
   */
  charges(monthQuantity: bigint): Iterable<Charge>;
  /** An amount is `Charge.amount` / (`amountDivisor` x 10^`amountScale`) major units. */
  readonly amountScale: number;
  readonly amountDivisor: bigint;
  /** Decimals of `Charge.priced`. */
  readonly pricedScale: number;
  /** False: it is owed as a whole, however much of the month has passed. */
  readonly growsWithUse: boolean;
}

/** The part of an hour's usage row that is the team's, and not covered by a commitment. */
export interface Use {
  /** The number of its line's key. */
  readonly line: number;
  readonly key: LineKey;
  /** What is kept of the resource's metadata. */
  readonly metadata: Labels;
  /** What the (team, rule id) had counted in the month before it. */
  readonly before: bigint;
  /** Above 0. */
  readonly quantity: bigint;
  /** Hours since the month began. Uses come in this order. */
  readonly hour: number;
  /** Number of the resource in its region; `NO_RESOURCE` for rows that were added up over resources. */
  readonly resource: number;
}

export const NO_RESOURCE = -1;

/** What the cards of one (team, rule id) share in a month, beside the count. */
export interface RuleMonth {
  /** Whether a flat price per month was charged: it is charged once, by the card of its first usage. */
  flatMonthCharged: boolean;
}

/** What a price needs of its rule and its month. */
export interface Terms {
  readonly ruleId: string;
  readonly quantityScale: number;
  /** Included in the month at no amount, at `quantityScale`. */
  readonly allowance: bigint;
  readonly hoursInMonth: number;
  readonly monthStart: InstantUs;
  readonly ruleMonth: RuleMonth;
}

export interface Charge {
  readonly line: number;
  /** Counted from 0; models without bands have 0 alone. */
  readonly band: number;
  readonly quantity: bigint;
  /** What has a price: units beyond the allowance, packages opened, months or resource-hours, at `pricedScale`. */
  readonly priced: bigint;
  /** What is priced x its price. */
  readonly amount: bigint;
}

/** What of a count lies beyond the allowance. */
export function beyondAllowance(count: bigint, allowance: bigint): bigint {
  return count > allowance ? count - allowance : 0n;
}
