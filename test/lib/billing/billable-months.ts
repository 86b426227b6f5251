import fc from 'fast-check';
import type { CloseInput } from '../../../lib/billing/close-input.ts';
import type { CurrencyCode } from '../../../lib/money/currency.ts';
import { minorDigits } from '../../../lib/money/currency.ts';
import { addMonths, type Month } from '../../../lib/period/calendar.ts';
import type { UsageRow } from '../../../lib/rating/usage-row.ts';
import { months } from './months.ts';

/** A month to be billed, and the month before it: as it was issued, and as it is by now. */
export interface BillableMonth {
  readonly now: CloseInput;
  readonly earlier: CloseInput;
  readonly late: CloseInput;
}

/** Months with adjustments and credits of every kind, a cost pool in another currency, and notes on the month before. */
export function billableMonths(period: Month, currency: CurrencyCode): fc.Arbitrary<BillableMonth> {
  const before = addMonths(period, -1);
  const month = months({ withResourceMonths: true });
  return fc
    .record({ month, lateRows: month.map(({ rows }) => rows), extras: extras(period, currency) })
    .map(({ month: { rows, cards, teams }, lateRows, extras: { adjustments, pools } }) => {
      const fixed = {
        teams: [...teams],
        cards: cards.map((one) => ({ ...one, currency, effectiveFrom: '2026-01-01', id: one.id })),
        exchangeRates: [
          { id: 'chf', from: 'CHF', to: currency, rate: '1.07531', date: `${before}-20` },
        ],
      };
      const shifted = (list: readonly UsageRow[]) =>
        list.map((row) => ({
          ...row,
          hour: row.hour.replace('-31T', '-30T').replace(period, before),
        }));
      const early = { ...fixed, cards: fixed.cards.slice(0, 1), period: before, pools: [] };
      const some = { ...early, adjustments: adjustments.slice(0, 2) };
      return {
        now: { ...fixed, cards: fixed.cards.slice(0, 1), period, usage: rows, adjustments, pools },
        earlier: { ...some, usage: shifted(rows.slice(0, 12)) },
        late: { ...some, usage: shifted([...rows.slice(4, 12), ...lateRows.slice(0, 8)]) },
      };
    });
}

function extras(period: Month, currency: CurrencyCode) {
  const digits = minorDigits(currency);
  const amount = fc
    .integer({ min: 1, max: 90_000 })
    .map((minor) => `${minor}`.padStart(digits + 1, '0'))
    .map((text) => (digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`));
  const percent = fc.integer({ min: 1, max: 999 }).map((tenths) => `${tenths / 10}`);
  const team = fc.constantFrom('blue', 'red');
  const kinds = fc.tuple(
    fc.record({ type: fc.constant('discount'), percent }),
    fc.record({ type: fc.constant('discount'), team, amount }),
    fc.record({
      ...{ type: fc.constant('commitment'), team, measure: fc.constant('cores') },
      ...{
        quantityPerHour: fc.constantFrom('0.5', '3'),
        unitPrice: fc.constantFrom('0.0137', '1'),
      },
    }),
    fc.record({ type: fc.constant('minimum'), team, amount }),
    fc.record({ type: fc.constant('surcharge'), percent }),
    fc.record({ type: fc.constant('charge'), team, amount, reason: fc.constant('new; "rack"') }),
    fc.record({ type: fc.constant('credit'), team, amount, reason: fc.constant('=1+1') }),
  );
  const adjustments = kinds
    .map((list) => list.map((one, index) => ({ id: `adjustment-${index}`, ...one })))
    .chain((list) => fc.subarray(list));
  const pool = amount.map((cost) => ({
    ...{ id: 'pool', region: 'west', period, currency: 'CHF', amount: cost },
    ...{ weights: { cores: '7', ram: '3' }, idle: 'keep', capacity: { cores: '400' } },
  }));
  return fc.record({ adjustments, pools: fc.array(pool, { maxLength: 1 }) });
}
