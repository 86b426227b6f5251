import { toText } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import type { CurrencyCode } from '../money/currency.ts';
import { moneyText, sumMoney } from '../money/money.ts';
import type { Month } from '../period/calendar.ts';
import { type AppliedRate, appliedRates } from '../rating/exchange-rates.ts';
import type { RatedLine, RatedMonth, UnratedUsage } from '../rating/rated-month.ts';

/** Amounts print all minor digits, quantities no trailing zeros. */
export interface BillLine {
  readonly project: string;
  readonly region: string;
  readonly measure: string;
  readonly class: string;
  readonly rule: string;
  readonly card: string;
  readonly band: number;
  readonly quantity: string;
  readonly amount: string;
}

/** The bill of one team. */
export interface TeamBill {
  readonly team: string;
  /** The sum of the lines' amounts. */
  readonly total: string;
  readonly lines: readonly BillLine[];
}

/** Usage that no rule prices, as a bill tells it. */
export interface UnratedLine {
  readonly team: string;
  readonly project: string;
  readonly region: string;
  readonly measure: string;
  readonly class: string;
  readonly quantity: string;
}

/** What `headroom quote` prints: the bills of a month. */
export interface MonthBills {
  readonly currency: CurrencyCode;
  readonly period: Month;
  /** There where amounts were converted. */
  readonly exchangeRates?: readonly AppliedRate[];
  /** Sorted by team; a team has one when it has a line. */
  readonly bills: readonly TeamBill[];
  readonly unrated: readonly UnratedLine[];
}

/**
 * @param adjustments lines that follow a team's usage lines, in the order in which they were applied
 */
export function billsOf(rated: RatedMonth, adjustments: readonly RatedLine[]): MonthBills {
  const byTeam = Map.groupBy([...rated.lines, ...adjustments], ({ team }) => team);
  return {
    currency: rated.currency,
    period: rated.period,
    ...ratesOf(rated),
    bills: [...byTeam]
      .sort(([a], [b]) => compareText(a, b))
      .map(([team, lines]) => teamBill(team, lines, rated.currency)),
    unrated: rated.unrated.map(unratedLine),
  };
}

/** A bill that needed no conversion says nothing of rates. */
export function ratesOf({ conversions }: RatedMonth): {
  readonly exchangeRates?: readonly AppliedRate[];
} {
  return conversions.size === 0 ? {} : { exchangeRates: appliedRates(conversions) };
}

function teamBill(team: string, lines: readonly RatedLine[], currency: CurrencyCode): TeamBill {
  const amounts = lines.map(({ amount }) => amount);
  return { team, total: moneyText(sumMoney(amounts, currency)), lines: lines.map(billLine) };
}

/** A rated line as a bill prints it. */
export function billLine(line: RatedLine): BillLine {
  return {
    project: line.project,
    region: line.region,
    measure: line.measure,
    class: line.class,
    rule: line.rule,
    card: line.card,
    band: line.band,
    quantity: toText(line.quantity),
    amount: moneyText(line.amount),
  };
}

/** Unrated usage as a bill prints it. */
export function unratedLine(usage: UnratedUsage): UnratedLine {
  return {
    team: usage.team,
    project: usage.project,
    region: usage.region,
    measure: usage.measure,
    class: usage.class,
    quantity: toText(usage.quantity),
  };
}
