import { add, type Decimal, decimalOf, toText, ZERO } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import type { CurrencyCode } from '../money/currency.ts';
import { addMoney, type Money, money, moneyOf, moneyText } from '../money/money.ts';
import { IDLE } from '../rating/cost-recovery.ts';
import { compositeKey } from '../rating/interner.ts';
import type { BillLine } from './bill.ts';
import { unitCost } from './unit-cost.ts';

/** What a unit of a measure came to by a cost pool. */
export interface PoolCost {
  readonly pool: string;
  readonly region: string;
  readonly measure: string;
  /** Unit-hours that were used and paid for. */
  readonly used: string;
  /** What they were charged, and what stood idle. */
  readonly charged: string;
  readonly idle: string;
  /** `charged` / `used`: what users pay for a unit; null where nothing was used. */
  readonly unitCost: string | null;
  /** (`charged` + `idle`) / `used`: what a unit cost whoever runs the region. */
  readonly fullUnitCost: string | null;
}

interface Sum extends Pick<PoolCost, 'pool' | 'region' | 'measure'> {
  used: Decimal;
  charged: Money;
  idle: Money;
}

/**
 * The unit costs that the cost pools of a month reached, from the lines of its bills.
 *
 * @returns sorted by region, pool and measure
 */
export function poolCosts(lines: Iterable<BillLine>, currency: CurrencyCode): PoolCost[] {
  const sums = new Map<string, Sum>();
  for (const line of lines) {
    // Lines of pools have a region and no card; those of adjustments have neither.
    if (line.card !== '' || line.region === '') continue;
    const { rule: pool, region, measure } = line;
    const name = compositeKey([region, pool, measure]);
    const nothing = money(0n, currency);
    const sum = sums.get(name) ?? {
      pool,
      region,
      measure,
      used: ZERO,
      charged: nothing,
      idle: nothing,
    };
    sums.set(name, sum);
    const part = line.class === IDLE ? 'idle' : 'charged';
    sum[part] = addMoney(sum[part], moneyOf(line.amount, currency));
    sum.used = add(sum.used, decimalOf(line.quantity));
  }
  return [...sums.values()]
    .toSorted(
      (a, b) =>
        compareText(a.region, b.region) ||
        compareText(a.pool, b.pool) ||
        compareText(a.measure, b.measure),
    )
    .map(({ used, charged, idle, ...of }) => ({
      ...of,
      used: toText(used),
      charged: moneyText(charged),
      idle: moneyText(idle),
      unitCost: unitCost(charged, used),
      fullUnitCost: unitCost(addMoney(charged, idle), used),
    }));
}
