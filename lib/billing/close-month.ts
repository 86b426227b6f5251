import type { CurrencyCode } from '../money/currency.ts';
import type { Month } from '../period/calendar.ts';
import type { CardCalendar } from '../rating/card-calendar.ts';
import type { AppliedRate } from '../rating/exchange-rates.ts';
import { type BillLine, billsOf, ratesOf, type TeamBill, type UnratedLine } from './bill.ts';
import { type CloseInput, readInputs } from './close-input.ts';
import { hashPricing, hashUsage, type InputManifest } from './hashed-inputs.ts';
import { type LineTerms, termsByTeam } from './line-terms.ts';
import { priceMonth } from './price-month.ts';
import { sha256OfJson } from './sha256.ts';

/** What the hash of a bill covers: all that it says, and nothing of when and by whom it was made. */
export interface BillBody {
  readonly currency: CurrencyCode;
  readonly period: Month;
  readonly team: string;
  readonly total: string;
  /** There where amounts were converted. */
  readonly exchangeRates?: readonly AppliedRate[];
  readonly lines: readonly BillLine[];
}

/** A bill, and the SHA-256 of its canonical JSON. */
export interface HashedBill {
  readonly bill: BillBody;
  /** SHA-256 of the canonical JSON of `bill`. */
  readonly sha256: string;
}

/** The bills of a month, with their hashes. */
export interface ClosedMonth {
  readonly period: Month;
  readonly currency: CurrencyCode;
  /** Sorted by team. */
  readonly bills: readonly HashedBill[];
  /** What the lines of each team's bill follow from, line by line; no hash covers it. */
  readonly terms: ReadonlyMap<string, readonly LineTerms[]>;
  readonly unrated: readonly UnratedLine[];
  /** Over currency, period, the bills' hashes and what is unrated. */
  readonly sha256: string;
  /** At the month's beginning, before the first card; a month that only cost pools price has none. */
  readonly hoursWithoutCard: number;
  readonly manifest: InputManifest;
}

/**
 * Makes the bills of a month: a pure function of its input, whatever the order of rows, cards and
 * teams.
 *
 * @throws ProblemError `invalid`, `refused`
 */
export async function closeMonth(input: CloseInput): Promise<ClosedMonth> {
  const inputs = readInputs(input);
  const priced = await priceMonth(inputs);
  const { currency, period, bills, unrated } = billsOf(priced.rated, priced.adjustments);
  const head = { currency, period, ...ratesOf(priced.rated) };
  const hashed = await Promise.all(bills.map((bill) => hashBill(head, bill)));
  const sha256 = await sha256OfJson({
    currency,
    period,
    bills: hashed.map(({ bill: { team }, sha256: ofBill }) => ({ team, sha256: ofBill })),
    unrated,
  });
  const manifest = {
    usageSha256: await hashUsage(priced.usage),
    ...(await hashPricing(input, inputs, priced.calendar)),
  };
  const hoursWithoutCard = uncovered(priced.calendar);
  const terms = termsByTeam(priced);
  return { period, currency, bills: hashed, terms, unrated, sha256, hoursWithoutCard, manifest };
}

function uncovered({ cards, cardOfHour }: CardCalendar): number {
  return cards.length === 0 ? 0 : cardOfHour.filter((card) => card === -1).length;
}

async function hashBill(
  head: Pick<BillBody, 'currency' | 'period' | 'exchangeRates'>,
  { team, total, lines }: TeamBill,
): Promise<HashedBill> {
  const bill: BillBody = { ...head, team, total, lines };
  return { bill, sha256: await sha256OfJson(bill) };
}
