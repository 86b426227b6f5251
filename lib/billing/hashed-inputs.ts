import { compareText } from '../identifiers.ts';
import type { Adjustment } from '../rating/adjustment.ts';
import type { CardCalendar } from '../rating/card-calendar.ts';
import type { CostPool } from '../rating/cost-pool.ts';
import type { ExchangeRate } from '../rating/exchange-rates.ts';
import type { RateCard } from '../rating/rate-card.ts';
import type { Team } from '../rating/team.ts';
import type { UsageMonth } from '../rating/usage-month.ts';
import type { CloseInput } from './close-input.ts';
import type { PriceMonthInput } from './price-month.ts';
import { sha256Hex, sha256OfJson } from './sha256.ts';

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

/** The hash of every document that prices the month; those that do not are left out. */
export async function hashPricing(
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

/** Hour by hour and then over the hours, so that a month's usage need not be one text. */
export async function hashUsage(usage: UsageMonth): Promise<string> {
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
