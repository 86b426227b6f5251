import { type Decimal, toText, ZERO } from '../decimal/decimal.ts';
import type { BillAdjustment } from '../rating/adjustment.ts';
import type { AppliedRate } from '../rating/exchange-rates.ts';
import type { RuleBasis } from '../rating/line-basis.ts';
import type { CommitmentUse, RatedLine } from '../rating/rated-month.ts';
import { appliedRate } from './working.ts';

/** Who wrote a version of a document, and when (RFC 3339). Actors are what callers say they are. */
export interface DocumentAuthor {
  readonly actor: string;
  readonly at: string;
}

/** What is known of a document beside its body. */
export interface KnownDocument {
  readonly version: number;
  /** Left out where nothing tells it. */
  readonly author?: DocumentAuthor | undefined;
}

/** By kind and id: `card std`, `adjustment setup`, `pool west`. */
export type KnownDocuments = ReadonlyMap<string, KnownDocument>;

/** By what a line is priced; what does not apply is left out. */
export interface PriceTerms {
  /** The card, pool or adjustment that it follows from. */
  readonly id: string;
  /** Of the document; null where it is not known. */
  readonly version: number | null;
  /** Of that version of the document; left out where nothing tells it. */
  readonly author?: DocumentAuthor;
  readonly currency: string;
  readonly model?: string;
  /** Of a rule: units of a month at no amount, and what the team counted of the rule in the month. */
  readonly allowance?: string;
  readonly monthQuantity?: string;
  /** Units above `from` up to and including `upTo` are in the band; null: no end. */
  readonly band?: { readonly from: string; readonly upTo: string | null };
  readonly packageSize?: string;
  /** Of a commitment what of it was used and what was not; of a pool what was used of the measure. */
  readonly used?: string;
  readonly unused?: string;
  /** Of a pool: how idle cost is borne, and the amount in its own currency. */
  readonly idle?: 'spread' | 'keep';
  readonly poolAmount?: string;
  /** Of a pool in another currency: the rate at which it was converted before it was divided. */
  readonly exchange?: AppliedRate;
  /** Of a charge or credit. */
  readonly reason?: string;
  /** Of an adjustment: what it is limited to. */
  readonly project?: string;
  readonly measure?: string;
  readonly percent?: string;
}

/** @param uses of commitments, by id */
export function priceTerms(
  { basis, band, amount }: RatedLine,
  documents: KnownDocuments,
  uses: ReadonlyMap<string, CommitmentUse>,
): PriceTerms {
  const named = (kind: string, id: string) => {
    const { version = null, author } = documents.get(`${kind} ${id}`) ?? {};
    return { id, version, ...(author === undefined ? {} : { author }) };
  };
  switch (basis.kind) {
    case 'rule':
      return { ...named('card', basis.card.id), ...ruleTerms(basis, band) };
    case 'rule-minimum':
      return { ...named('card', basis.card.id), currency: basis.card.currency };
    case 'commitment': {
      const { id } = basis.commitment;
      const use = uses.get(id);
      const used = use ? { used: toText(use.used), unused: toText(use.unused) } : {};
      return { ...named('adjustment', id), currency: amount.currency, ...used };
    }
    case 'pool': {
      const { id, currency, idle, amount: poolAmount } = basis.pool;
      const terms = { currency, idle, used: toText(basis.used), poolAmount: toText(poolAmount) };
      const exchange = basis.rate === undefined ? {} : { exchange: appliedRate(basis.rate) };
      return { ...named('pool', id), ...terms, ...exchange };
    }
    case 'adjustment': {
      const head = named('adjustment', basis.adjustment.id);
      return { ...head, currency: amount.currency, ...adjustmentTerms(basis.adjustment) };
    }
    default:
      return basis satisfies never;
  }
}

function ruleTerms({ card, rule, monthQuantity }: RuleBasis, band: number) {
  const { price, allowance } = rule;
  return {
    currency: card.currency,
    model: price.model === 'flat' ? `flat per ${price.per}` : price.model,
    monthQuantity: toText(monthQuantity),
    ...(allowance === undefined ? {} : { allowance: toText(allowance) }),
    ...(price.model === 'graduated' || price.model === 'volume'
      ? bandTerms(price.bands, band)
      : {}),
    ...(price.model === 'package' ? { packageSize: toText(price.size) } : {}),
  };
}

function bandTerms(bands: readonly { readonly upTo?: Decimal | undefined }[], band: number) {
  const [below, own] = [bands[band - 1]?.upTo, bands[band]?.upTo];
  return { band: { from: toText(below ?? ZERO), upTo: own === undefined ? null : toText(own) } };
}

function adjustmentTerms(adjustment: BillAdjustment) {
  switch (adjustment.type) {
    case 'discount': {
      const { project, measure, percent } = adjustment;
      return {
        ...(project === undefined ? {} : { project }),
        ...(measure === undefined ? {} : { measure }),
        ...(percent === undefined ? {} : { percent: toText(percent) }),
      };
    }
    case 'surcharge':
      return { percent: toText(adjustment.percent) };
    case 'charge':
    case 'credit':
      return { reason: adjustment.reason };
    case 'minimum':
      return {};
    default:
      return adjustment satisfies never;
  }
}
