import { add, compare, type Decimal, decimalOf, ZERO } from '../decimal/decimal.ts';
import type { CurrencyCode } from '../money/currency.ts';
import { addMoney, type Money, money, moneyOf } from '../money/money.ts';
import { compositeKey } from '../rating/interner.ts';
import type { BillLine } from './bill.ts';
import type { LineTerms } from './line-terms.ts';

/** A team's bill of one of the months that are compared. */
export interface ComparedBill {
  readonly team: string;
  readonly lines: readonly BillLine[];
  /** What the lines follow from, where it was kept. */
  readonly terms?: readonly LineTerms[];
}

type Part = 'usage' | 'pools' | 'commitments' | 'minimums' | 'adjustments';

/** What the lines that are compared as one come to. */
export interface Amounts {
  readonly project: string;
  readonly measure: string;
  readonly part: Part;
  quantity: Decimal;
  amount: Money;
}

/** By what is compared: usage by line key without rule, card and band; the rest by project and measure. */
export function amountsOf(
  bill: ComparedBill | undefined,
  currency: CurrencyCode,
): Map<string, Amounts> {
  const sums = new Map<string, Amounts>();
  for (const [index, line] of (bill?.lines ?? []).entries()) {
    const part = partOf(line, bill?.terms?.[index]);
    const { project, region, measure } = line;
    const key = part === 'usage' ? [project, measure, region, line.class] : [project, measure];
    const name = compositeKey([part, ...key]);
    const sum = sums.get(name) ?? {
      project,
      measure,
      part,
      quantity: ZERO,
      amount: money(0n, currency),
    };
    sums.set(name, sum);
    sum.quantity = add(sum.quantity, decimalOf(line.quantity));
    sum.amount = addMoney(sum.amount, moneyOf(line.amount, currency));
  }
  return sums;
}

const PART_OF_KIND: Readonly<Record<LineTerms['kind'], Part>> = {
  rule: 'usage',
  pool: 'pools',
  idle: 'pools',
  commitment: 'commitments',
  'rule-minimum': 'minimums',
  minimum: 'minimums',
  discount: 'adjustments',
  surcharge: 'adjustments',
  charge: 'adjustments',
  credit: 'adjustments',
};

/** Bills from before terms were kept are told by what their lines have. */
function partOf({ card, region, rule, quantity }: BillLine, terms: LineTerms | undefined): Part {
  if (terms !== undefined) return PART_OF_KIND[terms.kind];
  if (card !== '') return 'usage';
  if (region !== '') return 'pools';
  if (compare(decimalOf(quantity), ZERO) !== 0) return 'commitments';
  return rule.endsWith(':minimum') ? 'minimums' : 'adjustments';
}
