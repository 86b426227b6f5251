import * as z from 'zod';
import { assert } from '../assert.ts';
import { type Decimal, decimalOf, subtract, toText } from '../decimal/decimal.ts';
import type { ExchangeRate } from '../rating/exchange-rates.ts';
import type { RuleBasis } from '../rating/line-basis.ts';
import type { CommitmentUse, RatedLine } from '../rating/rated-month.ts';
import type { ExportedLine } from './export/exported-month.ts';
import type { PricedMonth } from './price-month.ts';
import type { DocumentAuthor } from './price-terms.ts';

const decimalText = z.string();

/** What an amount is in before it is converted; `rate` is there where it was. */
const priced = { currency: z.string(), rate: decimalText.exactOptional() };

/** A charge or credit: why, and who wrote it (RFC 3339 when), where that was known at the making. */
const oneOff = {
  reason: z.string(),
  author: z.strictObject({ actor: z.string(), at: z.string() }).exactOptional(),
};

/**
 * What an amount follows from, so far as an export tells it: stands beside the hashed bill, line by
 * line, so that list prices and the use of commitments need not be computed again.
 */
export const lineTermsSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rule'),
    model: z.enum(['unit', 'graduated', 'volume', 'package', 'flat', 'hashmap']),
    /** What has the price: units beyond the allowance, packages, or (flat) months, so far as hours of them. */
    priced: decimalText,
    /** Of a resource's month, `priced` counts hours. */
    perHoursOfMonth: z.literal(true).exactOptional(),
    /** Of one unit, package or month; null where hours have prices of their own. */
    unitPrice: decimalText.nullable(),
    ...priced,
  }),
  z.strictObject({ kind: z.literal('pool'), ...priced }),
  z.strictObject({ kind: z.literal('idle'), ...priced }),
  z.strictObject({ kind: z.literal('commitment'), unitPrice: decimalText, used: decimalText }),
  z.strictObject({ kind: z.literal('rule-minimum') }),
  z.strictObject({ kind: z.literal('discount') }),
  z.strictObject({ kind: z.literal('minimum') }),
  z.strictObject({ kind: z.literal('surcharge') }),
  z.strictObject({ kind: z.literal('charge'), ...oneOff }),
  z.strictObject({ kind: z.literal('credit'), ...oneOff }),
]);

export type LineTerms = Readonly<z.output<typeof lineTermsSchema>>;

/** Of a commitment what was paid for and not used; null for other lines. */
function unusedQuantity(
  { quantity }: { readonly quantity: string },
  terms: LineTerms | undefined,
): string | null {
  if (terms?.kind !== 'commitment') return null;
  return toText(subtract(decimalOf(quantity), decimalOf(terms.used)));
}

/** What documents tell of a line's terms beside the line. */
export function termsToldOf(
  line: { readonly quantity: string },
  terms: LineTerms | undefined,
): Pick<ExportedLine, 'unusedQuantity' | 'oneOff'> {
  const unused = unusedQuantity(line, terms);
  if (unused !== null) return { unusedQuantity: unused };
  if (terms?.kind !== 'charge' && terms?.kind !== 'credit') return {};
  const { kind: _kind, ...oneOff } = terms;
  return { oneOff };
}

/** @param authors of adjustments, by id */
export function signedTerms(
  terms: readonly LineTerms[],
  lines: readonly { readonly rule: string }[],
  authors: ReadonlyMap<string, DocumentAuthor>,
): LineTerms[] {
  return terms.map((one, index) => {
    const author = authors.get(lines[index]?.rule ?? '');
    const isOneOff = one.kind === 'charge' || one.kind === 'credit';
    return isOneOff && author !== undefined ? { ...one, author } : one;
  });
}

/**
 * The terms of each team's lines, in their order.
 *
 * @param lines where they are others than those that are billed: an estimate has some that are yet to come
 */
export function termsByTeam(
  { rated, adjustments }: Pick<PricedMonth, 'rated' | 'adjustments'>,
  lines: Iterable<RatedLine> = [...rated.lines, ...adjustments],
): ReadonlyMap<string, readonly LineTerms[]> {
  const uses = new Map(rated.commitments.map((use) => [use.id, use]));
  const byTeam = new Map<string, LineTerms[]>();
  for (const line of lines) {
    const own = byTeam.get(line.team) ?? [];
    byTeam.set(line.team, own);
    own.push(termsOf(line, uses));
  }
  return byTeam;
}

function termsOf(line: RatedLine, uses: ReadonlyMap<string, CommitmentUse>): LineTerms {
  const { basis } = line;
  switch (basis.kind) {
    case 'rule':
      return ruleTerms(line, basis);
    case 'pool':
      return {
        kind: line.project === '' ? 'idle' : 'pool',
        ...pricedIn(basis.pool.currency, basis.rate),
      };
    case 'commitment': {
      const used = uses.get(basis.commitment.id)?.used;
      assert(used !== undefined, 'a commitment has its use beside its line');
      const { unitPrice } = basis.commitment;
      return { kind: 'commitment', unitPrice: toText(unitPrice), used: toText(used) };
    }
    case 'rule-minimum':
      return { kind: 'rule-minimum' };
    case 'adjustment': {
      const { adjustment } = basis;
      return adjustment.type === 'charge' || adjustment.type === 'credit'
        ? { kind: adjustment.type, reason: adjustment.reason }
        : { kind: adjustment.type };
    }
    default:
      return basis satisfies never;
  }
}

function ruleTerms({ band }: RatedLine, { card, rule, priced, rate }: RuleBasis): LineTerms {
  const { price } = rule;
  const unitPrice = unitPriceOf(price, band);
  return {
    kind: 'rule',
    model: price.model,
    priced: toText(priced),
    ...(price.model === 'flat' && price.per === 'resource-month' ? { perHoursOfMonth: true } : {}),
    unitPrice: unitPrice === null ? null : toText(unitPrice),
    ...pricedIn(card.currency, rate),
  };
}

function unitPriceOf(price: RuleBasis['rule']['price'], band: number): Decimal | null {
  switch (price.model) {
    case 'unit':
      return price.unitPrice;
    case 'graduated':
    case 'volume':
      return price.bands[band]?.unitPrice ?? null;
    case 'package':
      return price.packagePrice;
    case 'flat':
      return price.amount;
    case 'hashmap':
      return null;
    default:
      return price satisfies never;
  }
}

function pricedIn(currency: string, rate: ExchangeRate | undefined) {
  return rate === undefined ? { currency } : { currency, rate: toText(rate.rate) };
}
