import type { Decimal } from '../decimal/decimal.ts';
import type { ExactAmount, Money } from '../money/money.ts';
import type { BillAdjustment, Commitment } from './adjustment.ts';
import type { CostPool } from './cost-pool.ts';
import type { ExchangeRate } from './exchange-rates.ts';
import type { RateCard, Rule } from './rate-card.ts';

/** What a line's amount follows from: kept beside it while a month is rated, so that it can be explained. */
export type LineBasis =
  | RuleBasis
  | CommitmentBasis
  | PoolBasis
  | RuleMinimumBasis
  | AdjustmentBasis;

/** Usage that a rule of a card prices. */
export interface RuleBasis {
  readonly kind: 'rule';
  readonly card: RateCard;
  readonly rule: Rule;
  /** Units beyond the allowance, packages opened, months charged or resource-hours, by the model. */
  readonly priced: Decimal;
  /** What the (team, rule id) counted in the whole month, across cards. */
  readonly monthQuantity: Decimal;
  /** In the currency of the card, before rounding. */
  readonly exact: ExactAmount;
  readonly rate: ExchangeRate | undefined;
}

/** A commitment, owed whole. */
export interface CommitmentBasis {
  readonly kind: 'commitment';
  readonly commitment: Commitment;
  /** Of the month, in which it is in force. */
  readonly hours: number;
}

/** A part of a cost pool: total x weight / all weights x share / whole, by largest remainder. */
export interface PoolBasis {
  readonly kind: 'pool';
  readonly pool: CostPool;
  readonly rate: ExchangeRate | undefined;
  /** The pool's amount in the currency that is billed, rounded. */
  readonly total: Money;
  readonly weight: Decimal;
  /** Unit-hours of the part: used, or idle. */
  readonly share: Decimal;
  /** Unit-hours that the measure's part of the pool is divided over. */
  readonly whole: Decimal;
  /** Unit-hours that were used of the measure. */
  readonly used: Decimal;
}

/** What tops a rule's lines up to its minimum. */
export interface RuleMinimumBasis {
  readonly kind: 'rule-minimum';
  readonly card: RateCard;
  readonly rule: Rule;
  readonly rate: ExchangeRate | undefined;
  readonly owed: Money;
  readonly charged: Money;
}

/** A discount, team minimum, surcharge, charge or credit. */
export interface AdjustmentBasis {
  readonly kind: 'adjustment';
  readonly adjustment: BillAdjustment;
  /** Of a discount what the lines that it is of come to; of others what the bill came to before. */
  readonly base: Money;
  /** What the bill came to before it. */
  readonly standing: Money;
}
