import type { Decimal } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import type { CurrencyCode } from '../money/currency.ts';
import type { Money } from '../money/money.ts';
import type { Month } from '../period/calendar.ts';
import type { Conversions } from './exchange-rates.ts';
import type { LineBasis } from './line-basis.ts';
import type { UsageOrigin } from './usage-origins.ts';

/** What a (team, project, region, measure, class, rule, card, band) came to: rounded once. */
export interface RatedLine {
  readonly team: string;
  readonly project: string;
  readonly region: string;
  readonly measure: string;
  readonly class: string;
  /** Where lines are told apart by a label: what it says; never on a bill. */
  readonly label?: string;
  readonly rule: string;
  readonly card: string;
  readonly band: number;
  readonly quantity: Decimal;
  readonly amount: Money;
  /** False: the amount is owed as a whole, however much of the month has passed. */
  readonly growsWithUse: boolean;
  /** Why it is this amount. */
  readonly basis: LineBasis;
}

/** Usage that no rule prices. */
export interface UnratedUsage {
  readonly team: string;
  readonly project: string;
  readonly region: string;
  readonly measure: string;
  readonly class: string;
  readonly quantity: Decimal;
}

/** What a commitment bought in the month, and what of it was used. */
export interface CommitmentUse {
  readonly id: string;
  readonly team: string;
  readonly measure: string;
  readonly committed: Decimal;
  readonly used: Decimal;
  readonly unused: Decimal;
}

export interface RatedMonth {
  readonly period: Month;
  readonly currency: CurrencyCode;
  /** Rates that amounts were converted at. */
  readonly conversions: Conversions;
  /** Sorted by their keys. */
  readonly lines: readonly RatedLine[];
  /** Sorted by their keys. */
  readonly unrated: readonly UnratedUsage[];
  /** In the order in which they cover usage. */
  readonly commitments: readonly CommitmentUse[];
  /** Whose usage was whose, where that was asked for; in no order. */
  readonly origins: readonly UsageOrigin[];
}

/** By team, project, region, measure, class, then rule, card and band. */
export function compareLines(a: RatedLine, b: RatedLine): number {
  return (
    compareUnrated(a, b) ||
    compareText(a.rule, b.rule) ||
    compareText(a.card, b.card) ||
    a.band - b.band
  );
}

/** By team, project, region, measure, class. */
export function compareUnrated(
  a: Omit<UnratedUsage, 'quantity'>,
  b: Omit<UnratedUsage, 'quantity'>,
): number {
  return (
    compareText(a.team, b.team) ||
    compareText(a.project, b.project) ||
    compareText(a.region, b.region) ||
    compareText(a.measure, b.measure) ||
    compareText(a.class, b.class)
  );
}
