import { compareText } from '../identifiers.ts';
import type { CurrencyCode } from '../money/currency.ts';
import { type Money, money, moneyText, sumMoney, timesRatio } from '../money/money.ts';
import { hoursOfMonth, type Month, periodOfMonth } from '../period/calendar.ts';
import { HOUR_US, type InstantUs } from '../period/instant.ts';
import type { AppliedRate } from '../rating/exchange-rates.ts';
import type { RatedLine } from '../rating/rated-month.ts';
import { type BillLine, billLine, ratesOf, type UnratedLine, unratedLine } from './bill.ts';
import { type CloseInput, readInputs } from './close-month.ts';
import { type LineTerms, termsByTeam } from './line-terms.ts';
import { type PricedMonth, priceMonth } from './price-month.ts';
import { sha256OfJson } from './sha256.ts';

export interface EstimateInput extends CloseInput {
  /** First instant that the usage does not cover yet: a whole hour. */
  readonly through: InstantUs;
}

export interface EstimatedLine extends BillLine {
  /** What the line comes to by the end of the month. */
  readonly projectedAmount: string;
}

/** A team's month to date, and what it comes to if the rest of the month goes on like that. */
export interface EstimateBody {
  readonly currency: CurrencyCode;
  readonly period: Month;
  readonly team: string;
  readonly total: string;
  readonly projectedTotal: string;
  /** Hours of the month that the estimate covers, of `hoursInMonth`. */
  readonly elapsedHours: number;
  readonly hoursInMonth: number;
  /**
   * `run-rate`: a line's amount x hours of the month / elapsed hours, rounded half-even. It knows
   * nothing of bands yet to be reached, of weekends or of growth. Amounts that are owed as a whole
   * stay, and adjustments (rule minimums, discounts and so on) are made on the projected lines.
   */
  readonly method: 'run-rate';
  /** There where amounts were converted. */
  readonly exchangeRates?: readonly AppliedRate[];
  readonly lines: readonly EstimatedLine[];
}

export interface EstimatedMonth {
  readonly period: Month;
  readonly currency: CurrencyCode;
  /** Sorted by team. */
  readonly bills: readonly { readonly bill: EstimateBody; readonly sha256: string }[];
  /** What the lines of each team's estimate follow from, line by line. */
  readonly terms: ReadonlyMap<string, readonly LineTerms[]>;
  readonly unrated: readonly UnratedLine[];
}

/**
 * Estimates a month that is still running; at its end the estimate is what a close gives.
 *
 * @throws ProblemError `invalid`, `refused`
 */
export async function estimateMonth(input: EstimateInput): Promise<EstimatedMonth> {
  const priced = await priceMonth(readInputs(input));
  const progress = progressOf(input);
  const { period, currency, unrated } = priced.rated;
  const rows = projectedRows(priced, progress);
  const byTeam = Map.groupBy(rows, ({ line }) => line.team);
  const bills = [...byTeam]
    .sort(([a], [b]) => compareText(a, b))
    .map(([team, own]) =>
      estimateOf({ period, currency, team, ...progress, ...ratesOf(priced.rated) }, own),
    );
  const hashed = bills.map(async (bill) => ({ bill, sha256: await sha256OfJson(bill) }));
  const lines = rows.map(({ line }) => line);
  const unratedLines = unrated.map(unratedLine);
  return {
    period,
    currency,
    bills: await Promise.all(hashed),
    terms: termsByTeam(priced, lines),
    unrated: unratedLines,
  };
}

type Progress = Pick<EstimateBody, 'elapsedHours' | 'hoursInMonth'>;

/** The first hour counts as passed as soon as there is usage of it. */
function progressOf({ period, through }: EstimateInput): Progress {
  const hoursInMonth = hoursOfMonth(period);
  const passed = Math.floor((through - periodOfMonth(period).start) / HOUR_US);
  return { elapsedHours: Math.min(Math.max(passed, 1), hoursInMonth), hoursInMonth };
}

function estimateOf(
  head: Progress & Pick<EstimateBody, 'period' | 'currency' | 'team' | 'exchangeRates'>,
  rows: readonly ProjectedRow[],
): EstimateBody {
  const { currency } = head;
  const amounts = rows.map(({ line }) => line.amount);
  const projections = rows.map(({ projected }) => projected);
  return {
    ...head,
    total: moneyText(sumMoney(amounts, currency)),
    projectedTotal: moneyText(sumMoney(projections, currency)),
    method: 'run-rate',
    lines: rows.map(({ line, projected }) => ({
      ...billLine(line),
      projectedAmount: moneyText(projected),
    })),
  };
}

interface ProjectedRow {
  readonly line: RatedLine;
  readonly projected: Money;
}

function projectedRows(priced: PricedMonth, progress: Progress): ProjectedRow[] {
  const { rated, adjustments, adjust } = priced;
  const rows = rated.lines.map((line) => ({ line, projected: projectedAmount(line, progress) }));
  const later = adjust(rows.map(({ line, projected }) => ({ ...line, amount: projected })));
  const nothing = money(0n, rated.currency);
  const adjusted = adjustments.map((line) => {
    const projected = later.find((other) => isSame(line, other))?.amount ?? nothing;
    return { line, projected };
  });
  const yetToCome = later
    .filter((other) => !adjustments.some((line) => isSame(line, other)))
    .map((line) => ({ line: { ...line, amount: nothing }, projected: line.amount }));
  return [...rows, ...adjusted, ...yetToCome];
}

/** An adjustment gives a team one line at most. */
function isSame(a: RatedLine, b: RatedLine): boolean {
  return a.team === b.team && a.rule === b.rule;
}

function projectedAmount(line: RatedLine, { elapsedHours, hoursInMonth }: Progress): Money {
  if (!line.growsWithUse) return line.amount;
  return timesRatio(line.amount, BigInt(hoursInMonth), BigInt(elapsedHours));
}
