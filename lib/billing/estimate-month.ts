import { assert } from '../assert.ts';
import { compareText } from '../identifiers.ts';
import type { CurrencyCode } from '../money/currency.ts';
import { moneyText, sumMoney } from '../money/money.ts';
import { hoursOfMonth, type Month, periodOfMonth } from '../period/calendar.ts';
import { HOUR_US, type InstantUs } from '../period/instant.ts';
import { isRunRate } from '../projection/remaining-cost.ts';
import type { AppliedRate } from '../rating/exchange-rates.ts';
import { MonthCourse } from '../rating/month-course.ts';
import { type BillLine, billLine, ratesOf, type UnratedLine, unratedLine } from './bill.ts';
import { type CloseInput, readInputs } from './close-input.ts';
import { type LineTerms, termsByTeam } from './line-terms.ts';
import { priceMonth } from './price-month.ts';
import { type ProjectedRange, type ProjectedRow, projectMonth } from './project-month.ts';
import { sha256OfJson } from './sha256.ts';

export interface EstimateInput extends CloseInput {
  /** First instant that the usage does not cover yet: a whole hour. */
  readonly through: InstantUs;
  /** `dayCosts` of the estimate of the month before; none where there is none. */
  readonly dayCostsBefore?: DayCostsByTeam | undefined;
}

/** What grows with use came to on each whole day, in millionths of the billed currency, by team. */
export type DayCostsByTeam = Readonly<Record<string, readonly string[]>>;

export interface EstimatedLine extends BillLine {
  /** What the line comes to by the end of the month. */
  readonly projectedAmount: string;
}

/** A team's month to date, and what it is to come to by its end. */
export interface EstimateBody {
  readonly currency: CurrencyCode;
  readonly period: Month;
  readonly team: string;
  readonly total: string;
  /** The sum of what the lines come to: `projectedRange.p50`. */
  readonly projectedTotal: string;
  readonly projectedRange: ProjectedRange<string>;
  /** Hours of the month that the estimate covers, of `hoursInMonth`. */
  readonly elapsedHours: number;
  readonly hoursInMonth: number;
  /**
   * `daily-level`: what grows with use goes on as the team's days so far let expect (ADR 0026), each
   * line in its proportion. `run-rate`, while less than three days have passed: a line's amount x hours
   * of the month / elapsed hours. Amounts that are owed as a whole stay, and adjustments (rule minimums,
   * discounts and so on) are made on the projected lines.
   */
  readonly method: 'daily-level' | 'run-rate';
  /** There where amounts were converted. */
  readonly exchangeRates?: readonly AppliedRate[];
  readonly lines: readonly EstimatedLine[];
}

export interface EstimatedMonth {
  readonly period: Month;
  readonly currency: CurrencyCode;
  /** Sorted by team. */
  readonly bills: readonly { readonly bill: EstimateBody; readonly sha256: string }[];
  /** What all bills are to come to together. */
  readonly projectedRange: ProjectedRange<string>;
  readonly dayCosts: DayCostsByTeam;
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
  const progress = progressOf(input);
  const course = new MonthCourse(progress.elapsedHours);
  const priced = await priceMonth({ ...readInputs(input), course });
  const { period, currency, unrated } = priced.rated;
  const daysBefore = daysOf(input.dayCostsBefore ?? {});
  const { rows, ranges, range } = projectMonth({ priced, course, daysBefore });
  const head = { period, currency, ...progress, ...ratesOf(priced.rated) };
  const method = isRunRate(course.days) ? 'run-rate' : 'daily-level';
  const byTeam = Map.groupBy(rows, ({ line }) => line.team);
  const bills = [...byTeam]
    .sort(([a], [b]) => compareText(a, b))
    .map(([team, own]) => estimateOf({ ...head, team, method }, own, ranges.get(team)));
  const hashed = bills.map(async (bill) => ({ bill, sha256: await sha256OfJson(bill) }));
  return {
    period,
    currency,
    bills: await Promise.all(hashed),
    projectedRange: rangeText(range),
    dayCosts: Object.fromEntries(
      bills.map(({ team }) => [team, course.daysOf(team).map(String)] as const),
    ),
    terms: termsByTeam(
      priced,
      rows.map(({ line }) => line),
    ),
    unrated: unrated.map(unratedLine),
  };
}

type Progress = Pick<EstimateBody, 'elapsedHours' | 'hoursInMonth'>;

/** The first hour counts as passed as soon as there is usage of it. */
function progressOf({ period, through }: EstimateInput): Progress {
  const hoursInMonth = hoursOfMonth(period);
  const passed = Math.floor((through - periodOfMonth(period).start) / HOUR_US);
  return { elapsedHours: Math.min(Math.max(passed, 1), hoursInMonth), hoursInMonth };
}

function daysOf(dayCosts: DayCostsByTeam): ReadonlyMap<string, readonly bigint[]> {
  return new Map(Object.entries(dayCosts).map(([team, days]) => [team, days.map(BigInt)]));
}

function rangeText({ p10, p50, p90 }: ProjectedRange): ProjectedRange<string> {
  return { p10: moneyText(p10), p50: moneyText(p50), p90: moneyText(p90) };
}

function estimateOf(
  head: Omit<EstimateBody, 'total' | 'projectedTotal' | 'projectedRange' | 'lines'>,
  rows: readonly ProjectedRow[],
  range: ProjectedRange | undefined,
): EstimateBody {
  assert(range !== undefined, 'a team with lines has a range');
  const { period, currency, team, elapsedHours, hoursInMonth, method, ...rates } = head;
  const amounts = rows.map(({ line }) => line.amount);
  return {
    ...{ period, currency, team, elapsedHours, hoursInMonth, ...rates },
    total: moneyText(sumMoney(amounts, currency)),
    projectedTotal: moneyText(range.p50),
    projectedRange: rangeText(range),
    method,
    lines: rows.map(({ line, projected }) => ({
      ...billLine(line),
      projectedAmount: moneyText(projected),
    })),
  };
}
