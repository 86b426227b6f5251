import { assert } from '../assert.ts';
import { add, type Decimal, toText, ZERO } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import type { CurrencyCode } from '../money/currency.ts';
import { addMoney, type Money, money, moneyText } from '../money/money.ts';
import { compositeKey } from '../rating/interner.ts';
import type { RatedLine } from '../rating/rated-month.ts';
import { type UnratedLine, unratedLine } from './bill.ts';
import type { PricedMonth } from './price-month.ts';
import { unitCost } from './unit-cost.ts';

/** Two prices of the same usage. */
interface SideBySide {
  /** What was used, priced or not, in the unit of the measure. */
  readonly quantity: string;
  readonly own: string;
  readonly other: string;
  /** `other` less `own`. */
  readonly difference: string;
}

export interface MeasureComparison extends SideBySide {
  readonly team: string;
  /** Empty: adjustments that are of no one measure. */
  readonly measure: string;
}

export interface UnitCostComparison extends SideBySide {
  readonly region: string;
  readonly measure: string;
  /** See `unitCost`; null without usage. */
  readonly ownUnitCost: string | null;
  readonly otherUnitCost: string | null;
}

export interface PricingComparison {
  readonly currency: CurrencyCode;
  readonly own: string;
  readonly other: string;
  readonly difference: string;
  /** Sorted by team and measure; `own` adds up to the bills. */
  readonly measures: readonly MeasureComparison[];
  /** Sorted by region and measure; adjustments and commitments have no region and no part in it. */
  readonly unitCosts: readonly UnitCostComparison[];
  /** What the other pricing has no price for, and `other` therefore lacks. */
  readonly unrated: readonly UnratedLine[];
}

type Priced = Pick<PricedMonth, 'rated' | 'adjustments'>;

/** Puts two pricings of the same usage side by side. */
export function comparePricing(own: Priced, other: Priced): PricingComparison {
  const { currency } = own.rated;
  assert(other.rated.currency === currency, 'amounts of two currencies cannot be compared');
  const [ownLines, otherLines] = [linesOf(own), linesOf(other)];
  const rows = [...ownLines.map(rowOf('own')), ...otherLines.map(rowOf('other'))];
  const usage = [
    ...own.rated.lines.filter(isOfUsage).map(rowOf('usage')),
    ...own.rated.unrated.map((one) => ({ ...one, amount: null, side: 'usage' }) as const),
  ];
  const all = sumsOf([...rows, ...usage], currency, () => ({}))[0] ?? emptySum({}, currency);
  const isRegional = ({ region }: Row) => region !== '';
  return {
    currency,
    own: moneyText(all.own),
    other: moneyText(all.other),
    difference: differenceOf(all),
    measures: sumsOf([...rows, ...usage], currency, ({ team, measure }) => ({ team, measure }))
      .map((sum) => ({ ...sum.key, ...sideBySide(sum) }))
      .toSorted((a, b) => compareText(a.team, b.team) || compareText(a.measure, b.measure)),
    unitCosts: sumsOf([...rows, ...usage].filter(isRegional), currency, ({ region, measure }) => ({
      region,
      measure,
    }))
      .map((sum) => ({
        ...sum.key,
        ...sideBySide(sum),
        ownUnitCost: unitCost(sum.own, sum.quantity),
        otherUnitCost: unitCost(sum.other, sum.quantity),
      }))
      .toSorted((a, b) => compareText(a.region, b.region) || compareText(a.measure, b.measure)),
    unrated: other.rated.unrated.map(unratedLine),
  };
}

interface Row extends Pick<RatedLine, 'team' | 'region' | 'measure' | 'quantity'> {
  readonly side: 'own' | 'other' | 'usage';
  readonly amount: Money | null;
}

function linesOf({ rated, adjustments }: Priced): RatedLine[] {
  return [...rated.lines, ...adjustments];
}

/** A line that counts usage: those of commitments count what was bought. */
function isOfUsage({ basis }: RatedLine): boolean {
  return basis.kind === 'rule' || basis.kind === 'pool';
}

function rowOf(side: Row['side']): (line: RatedLine) => Row {
  return ({ team, region, measure, quantity, amount }) => ({
    ...{ team, region, measure, quantity, side },
    amount,
  });
}

interface Sum<K> {
  readonly key: K;
  quantity: Decimal;
  own: Money;
  other: Money;
}

function emptySum<K>(key: K, currency: CurrencyCode): Sum<K> {
  return { key, quantity: ZERO, own: money(0n, currency), other: money(0n, currency) };
}

function sumsOf<K extends Readonly<Record<string, string>>>(
  rows: readonly Row[],
  currency: CurrencyCode,
  keyOf: (row: Row) => K,
): Sum<K>[] {
  const sums = new Map<string, Sum<K>>();
  for (const row of rows) {
    const key = keyOf(row);
    const name = compositeKey(Object.values(key));
    const sum = sums.get(name) ?? emptySum(key, currency);
    sums.set(name, sum);
    if (row.side === 'usage') sum.quantity = add(sum.quantity, row.quantity);
    else if (row.amount !== null) sum[row.side] = addMoney(sum[row.side], row.amount);
  }
  return [...sums.values()];
}

function sideBySide(sum: Sum<unknown>): SideBySide {
  return {
    quantity: toText(sum.quantity),
    own: moneyText(sum.own),
    other: moneyText(sum.other),
    difference: differenceOf(sum),
  };
}

function differenceOf({ own, other }: Pick<Sum<unknown>, 'own' | 'other'>): string {
  return moneyText(money(other.minor - own.minor, own.currency));
}
