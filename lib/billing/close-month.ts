import { compareText } from '../identifiers.ts';
import type { CurrencyCode } from '../money/currency.ts';
import type { Month } from '../period/calendar.ts';
import { type Adjustment, readAdjustment } from '../rating/adjustment.ts';
import type { CardCalendar } from '../rating/card-calendar.ts';
import { type CostPool, readCostPool } from '../rating/cost-pool.ts';
import { type AppliedRate, type ExchangeRate, readExchangeRate } from '../rating/exchange-rates.ts';
import { type RateCard, readRateCard } from '../rating/rate-card.ts';
import { readTeam, type Team } from '../rating/team.ts';
import type { UsageMonth } from '../rating/usage-month.ts';
import type { UsageRow, UsageSpan } from '../rating/usage-row.ts';
import { type BillLine, billsOf, ratesOf, type TeamBill, type UnratedLine } from './bill.ts';
import { type LineTerms, termsByTeam } from './line-terms.ts';
import { type PriceMonthInput, priceMonth } from './price-month.ts';
import { sha256Hex, sha256OfJson } from './sha256.ts';

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

/** A document or file that a close was made from, by its SHA-256. */
export interface HashedInput {
  readonly id: string;
  readonly sha256: string;
}

/** What prices a month, by hash. */
export interface PricingHashes {
  /** The cards in force in the month, sorted by id. */
  readonly cards: readonly HashedInput[];
  /** Sorted by id. */
  readonly teams: readonly HashedInput[];
  /** In the order in which they apply. */
  readonly adjustments: readonly HashedInput[];
  /** Those of the month, sorted by id. */
  readonly pools: readonly HashedInput[];
  /** Those applied, sorted by id. */
  readonly exchangeRates: readonly HashedInput[];
}

/** What a close was computed from: the same inputs give the same bills, byte for byte. */
export interface InputManifest extends PricingHashes {
  /** Of the month's usage added up per hour: the order and splitting of rows do not count. */
  readonly usageSha256: string;
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

async function hashPricing(
  input: CloseInput,
  inputs: PriceMonthInput,
  calendar: CardCalendar,
): Promise<PricingHashes> {
  const inForce = new Set(calendar.cards);
  const cards = paired(inputs.cards, input.cards).filter(({ of }) => inForce.has(of));
  const pools = paired(inputs.pools, input.pools).filter(({ of }) => of.period === input.period);
  const applied = new Set(calendar.conversions.values());
  const rates = paired(inputs.exchangeRates, input.exchangeRates).filter(({ of }) =>
    applied.has(of),
  );
  return {
    cards: sortedById(await hashInputs(cards)),
    teams: sortedById(await hashInputs(paired(inputs.teams, input.teams))),
    adjustments: await hashInputs(paired(inputs.adjustments, input.adjustments)),
    pools: sortedById(await hashInputs(pools)),
    exchangeRates: sortedById(await hashInputs(rates)),
  };
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

async function hashBill(
  head: Pick<BillBody, 'currency' | 'period' | 'exchangeRates'>,
  { team, total, lines }: TeamBill,
): Promise<HashedBill> {
  const bill: BillBody = { ...head, team, total, lines };
  return { bill, sha256: await sha256OfJson(bill) };
}

/** Hour by hour and then over the hours, so that a month's usage need not be one text. */
async function hashUsage(usage: UsageMonth): Promise<string> {
  let hashes = '';
  let last: Promise<string> = Promise.resolve('');
  for (let hour = 0; hour < usage.hours; hour += 1) {
    const text = usage.textOf(hour);
    // One hour is hashed while the text of the next is made; more would be a matter of memory.
    hashes += await last;
    last = text === '' ? Promise.resolve('') : lineOfHour(hour, text);
  }
  return sha256Hex(hashes + (await last));
}

async function lineOfHour(hour: number, text: string): Promise<string> {
  return `${hour} ${await sha256Hex(text)}\n`;
}

interface InputDocument<T> {
  readonly of: T;
  readonly document: unknown;
}

function paired<T>(read: readonly T[], documents: readonly unknown[]): InputDocument<T>[] {
  return read.map((of, index) => ({ of, document: documents[index] }));
}

function hashInputs(
  documents: readonly InputDocument<RateCard | Team | Adjustment | CostPool | ExchangeRate>[],
): Promise<HashedInput[]> {
  return Promise.all(
    documents.map(async ({ of, document }) => ({
      id: of.id,
      sha256: await sha256OfJson(document),
    })),
  );
}

function sortedById(inputs: readonly HashedInput[]): HashedInput[] {
  return inputs.toSorted((a, b) => compareText(a.id, b.id));
}
