import { expect, it } from 'vitest';
import { closeMonth } from '../../lib/billing/close-month.ts';
import { hoursOfMonth } from '../../lib/period/calendar.ts';
import { readCostPool } from '../../lib/rating/cost-pool.ts';
import { card, rule, team, usageRow } from '../lib/rating/documents.ts';

const NOTHING = { adjustments: [], pools: [], exchangeRates: [] };

it.each([
  ['2024-02', 696],
  ['2025-02', 672],
  // Berlin's March has 743 hours and its October 745: bills are of UTC months.
  ['2026-03', 744],
  ['2026-10', 744],
  ['2026-11', 720],
])(
  'B8: %s has %i hours, and a resource that is there in all of them pays the month exactly',
  async (period, hours) => {
    expect(hoursOfMonth(period)).toBe(hours);
    const start = Date.parse(`${period}-01T00:00:00Z`);
    const at = (hour: number) =>
      new Date(start + hour * 3_600_000).toISOString().replace('.000', '');
    const flat = { model: 'flat', amount: '100.00', per: 'resource-month' } as const;
    const usage = Array.from({ length: hours }, (_, hour) => hour).map((hour) =>
      usageRow({ hour: at(hour), resource: 'r1', project: hour % 2 === 0 ? 'p1' : 'p2' }),
    );
    const closed = await closeMonth({
      ...NOTHING,
      ...{
        period,
        usage,
        cards: [card({ effectiveFrom: '2020-01-01', rules: [rule({ price: flat })] })],
      },
      teams: [team('even', [{ project: 'p1' }]), team('odd', [{ project: 'p2' }])],
    });
    expect(closed.bills.map(({ bill }) => bill.total)).toEqual(['50.00', '50.00']);
  },
);

const POOL = {
  ...{ id: 'west-2026-10', region: 'west', period: '2026-10', currency: 'EUR', idle: 'spread' },
};

async function shared(amount: string, teams: number) {
  const ids = Array.from({ length: teams }, (_, index) => `t${String(index).padStart(5, '0')}`);
  const closed = await closeMonth({
    ...{ period: '2026-10', cards: [], adjustments: [], exchangeRates: [] },
    usage: ids.map((id) => usageRow({ project: id })),
    teams: ids.map((id) => team(id, [{ project: id }])),
    pools: [{ ...POOL, amount, weights: { cores: '1' } }],
  });
  return closed.bills.map(({ bill }) => bill.total);
}

it.each([
  ['0.01', 3],
  ['0.01', 1],
  ['100.00', 3],
  ['99999.97', 10_000],
])('B14: a pool of %s over %i teams is divided to the last minor unit', async (amount, teams) => {
  const totals = await shared(amount, teams);
  const minors = totals.map((total) => Math.round(Number(total) * 100));
  expect(minors.reduce((sum, minor) => sum + minor, 0)).toBe(Math.round(Number(amount) * 100));
  expect(totals.length).toBe(teams);
  expect(Math.max(...minors) - Math.min(...minors)).toBeLessThanOrEqual(1);
});

it('B14: weights that are all zero are refused when they are saved; what nobody used stands idle', async () => {
  const zero = { ...POOL, amount: '1.00', weights: { cores: '0', ram: '0' } };
  expect(() => readCostPool(zero)).toThrow(/weights/);
  const closed = await closeMonth({
    ...{ period: '2026-10', cards: [], teams: [], adjustments: [], exchangeRates: [] },
    ...{ usage: [], pools: [{ ...POOL, amount: '0.01', weights: { cores: '1', ram: '1' } }] },
  });
  expect(closed.bills.map(({ bill }) => [bill.team, bill.total])).toEqual([['unassigned', '0.01']]);
});
