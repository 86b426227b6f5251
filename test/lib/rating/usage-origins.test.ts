import { describe, expect, it } from 'vitest';
import { billsOf } from '../../../lib/billing/bill.ts';
import { readInputs } from '../../../lib/billing/close-input.ts';
import { priceMonth } from '../../../lib/billing/price-month.ts';
import { toText } from '../../../lib/decimal/decimal.ts';
import { card, octoberHour, team, usageRow } from './documents.ts';

const NEW_YEAR = { from: '2026-01-01' };
const teams = [
  team('blue', [
    { project: 'p1', share: '25', to: '2026-10-02' },
    { project: 'p1', share: '50', from: '2026-10-02' },
    { project: 'p2', ...NEW_YEAR },
  ]),
  team('red', [{ project: 'p1', share: '0.5', ...NEW_YEAR }]),
];
const commitment = {
  ...{ type: 'commitment', team: 'blue', measure: 'cores', quantityPerHour: '1' },
  ...{ unitPrice: '0', from: '2026-10-01', to: '2026-10-03' },
};
const usage = [0, 1, 30, 40].map((hour) =>
  usageRow({ hour: octoberHour(hour), quantity: String(hour + 1) }),
);

async function origins(traced: boolean) {
  const input = readInputs({
    ...{ period: '2026-10', usage, cards: [card()], teams, pools: [], exchangeRates: [] },
    adjustments: [
      { id: 'z', ...commitment, match: { project: 'p1' } },
      { id: 'a', ...commitment, quantityPerHour: '2' },
    ],
  });
  const { rated, adjustments } = await priceMonth({ ...input, traced });
  return { bills: billsOf(rated, adjustments), origins: rated.origins };
}

describe('where usage came from', () => {
  it('is told by team: at which share, in which hours, and what commitments took', async () => {
    const { origins: told } = await origins(true);
    const lines = told.map(({ team: of, project, measure, class: ofClass, shares, covered }) => [
      [of, project, measure, ofClass].join(' '),
      ...shares.map(({ percent, quantity, part, firstHour, lastHour }) =>
        [toText(percent), toText(quantity), toText(part), firstHour, lastHour].join(' '),
      ),
      ...covered.map((one) => `${one.commitment} ${toText(one.quantity)}`),
    ]);
    expect(lines.toSorted()).toEqual([
      ['blue p1 cores m1.small', '25 3 0.75 0 1', '50 72 36 30 40', 'a 4', 'z 2.75'],
      ['red p1 cores m1.small', '0.5 75 0.375 0 40'],
      ['unassigned p1 cores m1.small', '74.5 3 2.235 0 1', '49.5 72 35.64 30 40'],
    ]);
  });

  it('changes no bill, and is told where it was asked for', async () => {
    const [plain, traced] = [await origins(false), await origins(true)];
    expect(plain.origins).toEqual([]);
    expect(plain.bills).toEqual(traced.bills);
  });
});
