import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeMonth } from '../../lib/billing/close-month.ts';
import { allocate } from '../../lib/money/allocate.ts';
import { money } from '../../lib/money/money.ts';
import { daysOfMonth } from '../../lib/period/calendar.ts';

const PERIOD = '2026-10';

function row(project: string, hour: string, quantity: string) {
  return { region: 'west', project, resource: 'r', measure: 'cores', class: '', hour, quantity };
}

/** The bill of one team for rows of usage at a price of so much a unit. */
async function billed(
  rows: readonly ReturnType<typeof row>[],
  { unitPrice, currency = 'EUR' }: { readonly unitPrice: string; readonly currency?: string },
) {
  const rules = [{ id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice } }];
  const projects = [...new Set(rows.map(({ project }) => project))].map((project) => ({ project }));
  const { bills } = await closeMonth({
    period: PERIOD,
    usage: rows,
    cards: [{ id: 'std', currency, effectiveFrom: '2026-01-01', rules }],
    teams: [{ id: 'a', projects }],
    ...{ adjustments: [], pools: [], exchangeRates: [] },
  });
  const lines = bills[0]?.bill.lines.map(({ quantity, amount }) => [quantity, amount]);
  return { total: bills[0]?.bill.total, lines };
}

const HOURS = daysOfMonth(PERIOD).flatMap((day) =>
  Array.from({ length: 24 }, (_, hour) => `${day}T${String(hour).padStart(2, '0')}:00:00Z`),
);
const [FIRST = ''] = HOURS;

describe('B6: an amount is exact until it is rounded, once, half-even, to the minor unit', () => {
  it.each([
    // The product is 15241578.766913581219672002468, by Python's decimal.
    {
      volume: '123456789.123456789',
      rate: '0.123456789012',
      currency: 'EUR',
      amount: '15241578.77',
    },
    { volume: '123456789.123456789', rate: '0.123456789012', currency: 'JPY', amount: '15241579' },
    {
      volume: '123456789.123456789',
      rate: '0.123456789012',
      currency: 'KWD',
      amount: '15241578.767',
    },
    { volume: '0.000000001', rate: '0.000000000001', currency: 'EUR', amount: '0.00' },
    // Beyond 2^53: a float has no odd number there.
    { volume: '9007199254740993', rate: '1', currency: 'EUR', amount: '9007199254740993.00' },
    // (1.005).toFixed(2) is "1.00" since the float is less than it says; so is (1.015).toFixed(2) "1.01".
    { volume: '1.005', rate: '1', currency: 'EUR', amount: '1.00' },
    { volume: '1.015', rate: '1', currency: 'EUR', amount: '1.02' },
    { volume: '1.025', rate: '1', currency: 'EUR', amount: '1.02' },
    { volume: '1.025000000001', rate: '1', currency: 'EUR', amount: '1.03' },
    { volume: '8.345', rate: '1', currency: 'EUR', amount: '8.34' },
    // 0.1 + 0.2 of floats times ten is above 3.
    { volume: '0.3', rate: '0.05', currency: 'EUR', amount: '0.02' },
  ])('B6: $volume at $rate is $amount $currency', async ({ volume, rate, currency, amount }) => {
    const { total, lines } = await billed([row('p', FIRST, volume)], { unitPrice: rate, currency });
    expect({ total, lines }).toEqual({ total: amount, lines: [[volume, amount]] });
  });

  it('B6: 744 hours at 0.0185 are 13.76, not 744 times 0.02', async () => {
    const rows = HOURS.map((hour) => row('p', hour, '1'));
    expect(rows).toHaveLength(744);
    const { total, lines } = await billed(rows, { unitPrice: '0.0185' });
    expect({ total, lines }).toEqual({ total: '13.76', lines: [['744', '13.76']] });
  });

  it('B6: each line is rounded, and the total is their sum', async () => {
    const rows = ['p1', 'p2', 'p3'].map((project) => row(project, FIRST, '0.015'));
    const { total, lines } = await billed(rows, { unitPrice: '1' });
    const line = ['0.015', '0.02'];
    expect({ total, lines }).toEqual({ total: '0.06', lines: [line, line, line] });
  });
});

describe('B6: what is divided is handed out by largest remainder', () => {
  it('B6: of equal remainders the first is raised, each time', () => {
    const parts = () => allocate(money(100n, 'EUR'), [1n, 1n, 1n]).map(({ minor }) => minor);
    expect(parts()).toEqual([34n, 33n, 33n]);
    expect(parts()).toEqual(parts());
  });

  it('B6: a pool goes to the same cents, whatever the order of what used it', async () => {
    const rows = ['p1', 'p2', 'p3', 'p4'].map((project) => row(project, FIRST, '0.1'));
    const weights = { cores: '1' };
    const pool = { id: 'w', region: 'west', period: PERIOD, currency: 'EUR', amount: '0.07' };
    const partsOf = async (usage: readonly ReturnType<typeof row>[]) => {
      const { bills } = await closeMonth({
        ...{ period: PERIOD, usage, cards: [], adjustments: [], exchangeRates: [] },
        teams: ['p1', 'p2', 'p3', 'p4'].map((id) => ({ id, projects: [{ project: id }] })),
        pools: [{ ...pool, weights, idle: 'spread' }],
      });
      return bills.map(({ bill: { team, total } }) => `${team} ${total}`);
    };
    const order = fc.shuffledSubarray(rows, { minLength: rows.length });
    await fc.assert(
      fc.asyncProperty(order, async (usage) => {
        expect(await partsOf(usage)).toEqual(['p1 0.02', 'p2 0.02', 'p3 0.02', 'p4 0.01']);
      }),
      { numRuns: 24 },
    );
  });
});
