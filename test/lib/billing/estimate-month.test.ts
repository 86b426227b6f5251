import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeMonth } from '../../../lib/billing/close-month.ts';
import { estimateMonth } from '../../../lib/billing/estimate-month.ts';
import { sha256OfJson } from '../../../lib/billing/sha256.ts';
import { startOfDay } from '../../../lib/period/calendar.ts';
import { HOUR_US } from '../../../lib/period/instant.ts';
import { card, octoberHour, rule, team, usageRow } from '../rating/documents.ts';
import { months } from './months.ts';

const START = startOfDay('2026-10-01');
const TEAMS = [team('payments', [{ project: 'p1' }])];
const DAY_OF_USAGE = Array.from({ length: 24 }, (_, hour) => usageRow({ hour: octoberHour(hour) }));

const NONE = { adjustments: [], pools: [], exchangeRates: [] };

function estimate(cards: readonly unknown[], through: number, usage = DAY_OF_USAGE) {
  return estimateMonth({ period: '2026-10', usage, cards, teams: TEAMS, ...NONE, through });
}

describe('the estimate of a running month', () => {
  it('projects a line at the rate of the hours so far: 24 of 744', async () => {
    const { bills } = await estimate([card()], START + 24 * HOUR_US);
    expect(bills).toMatchObject([
      {
        bill: {
          team: 'payments',
          total: '24.00',
          projectedTotal: '744.00',
          elapsedHours: 24,
          hoursInMonth: 744,
          method: 'run-rate',
          lines: [{ quantity: '24', amount: '24.00', projectedAmount: '744.00' }],
        },
      },
    ]);
  });

  it('counts hours without usage as hours without usage', async () => {
    const { bills } = await estimate([card()], START + 48 * HOUR_US);
    expect(bills[0]?.bill.projectedTotal).toBe('372.00');
  });

  it('does not multiply what is owed once a month', async () => {
    const price = { model: 'flat', amount: '25', per: 'month' } as const;
    const { bills } = await estimate([card({ rules: [rule({ price })] })], START + 24 * HOUR_US);
    expect(bills[0]?.bill).toMatchObject({ total: '25.00', projectedTotal: '25.00' });
  });

  it.each([
    ['1000', '1000.00', '976.00', '256.00'],
    ['100', '744.00', '76.00', '0.00'],
  ])(
    'holds a rule minimum of %s against the projected lines',
    async (minimum, projectedTotal, topUpToDate, topUpProjected) => {
      const cards = [card({ rules: [rule({ minimum })] })];
      const { bills } = await estimate(cards, START + 24 * HOUR_US);
      expect(bills[0]?.bill.projectedTotal).toBe(projectedTotal);
      expect(bills[0]?.bill.lines[1]).toMatchObject({
        rule: 'cores:minimum',
        amount: topUpToDate,
        projectedAmount: topUpProjected,
      });
    },
  );

  it('takes the first hour as passed once there is usage of it', async () => {
    const usage = [usageRow({ hour: octoberHour(0) })];
    const { bills } = await estimate([card()], START, usage);
    expect(bills[0]?.bill).toMatchObject({ elapsedHours: 1, projectedTotal: '744.00' });
  });

  it('is hashed as it stands', async () => {
    const [first] = (await estimate([card()], START + 24 * HOUR_US)).bills;
    expect(first?.sha256).toBe(await sha256OfJson(first?.bill));
  });

  it('is the bill itself when the month is over', async () => {
    await fc.assert(
      fc.asyncProperty(months({ withResourceMonths: true }), async ({ rows, cards, teams }) => {
        const input = { period: '2026-10', usage: rows, cards, teams, ...NONE };
        const closed = await closeMonth(input);
        const ended = await estimateMonth({ ...input, through: startOfDay('2026-11-05') });
        const asClosed = ended.bills.map(({ bill }) => {
          expect(bill.projectedTotal).toBe(bill.total);
          const lines = bill.lines.map(({ projectedAmount, ...line }) => {
            expect(projectedAmount).toBe(line.amount);
            return line;
          });
          const { currency, period, team: ofTeam, total } = bill;
          return { currency, period, team: ofTeam, total, lines };
        });
        expect(asClosed).toEqual(closed.bills.map(({ bill }) => bill));
        expect(ended.unrated).toEqual(closed.unrated);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the range of an estimate', () => {
  const EUR = (text: string) => Math.round(Number(text) * 100);
  const running = fc.record({
    month: months({ withResourceMonths: true }),
    through: fc.constantFrom<number>(1, 24, 47, 361, 362, 700, 743),
  });
  type Running = typeof running extends fc.Arbitrary<infer T> ? T : never;
  const estimated = ({ month: { rows, cards, teams }, through }: Running, times = 1) =>
    estimateMonth({
      ...{ period: '2026-10', usage: rows.filter(({ hour }) => isBefore(hour, through)), teams },
      cards: cards.map((one) => ({ ...one, rules: one.rules.map((own) => dearer(own, times)) })),
      ...NONE,
      through: START + through * HOUR_US,
    });

  it('never crosses, has what is projected within it, and ends above what the month came to', async () => {
    await fc.assert(
      fc.asyncProperty(running, async (one) => {
        const { bills, projectedRange } = await estimated(one);
        for (const { bill } of bills) {
          const { p10, p50, p90 } = bill.projectedRange;
          expect(p50).toBe(bill.projectedTotal);
          const lines = bill.lines.map(({ projectedAmount }) => EUR(projectedAmount));
          expect(lines.reduce((sum, amount) => sum + amount, 0)).toBe(EUR(p50));
          expect([EUR(bill.total), EUR(p10), EUR(p50), EUR(p90)]).toEqual(
            [EUR(bill.total), EUR(p10), EUR(p50), EUR(p90)].toSorted((a, b) => a - b),
          );
        }
        const { p10, p50, p90 } = projectedRange;
        const projected = bills.map(({ bill }) => EUR(bill.projectedTotal));
        expect(EUR(p50)).toBe(projected.reduce((sum, amount) => sum + amount, 0));
        expect(EUR(p10) <= EUR(p50) && EUR(p50) <= EUR(p90)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is what the month came to when it is over', async () => {
    await fc.assert(
      fc.asyncProperty(months({ withResourceMonths: false }), async (month) => {
        const { bills } = await estimated({ month, through: 744 });
        for (const { bill } of bills) {
          const { total } = bill;
          expect(bill.projectedRange).toEqual({ p10: total, p50: total, p90: total });
        }
      }),
      { numRuns: 30 },
    );
  });

  it('does not depend on the order of rows', async () => {
    await fc.assert(
      fc.asyncProperty(running, async (one) => {
        const rows = one.month.rows.toReversed();
        expect(await estimated({ ...one, month: { ...one.month, rows } })).toEqual(
          await estimated(one),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('is a thousand times as much when all prices are, but for what lines are rounded by', async () => {
    await fc.assert(
      fc.asyncProperty(running, async (one) => {
        const [plain, dear] = [await estimated(one), await estimated(one, 1_000)];
        for (const [index, { bill }] of plain.bills.entries()) {
          const other = dear.bills[index]?.bill;
          // Each line is rounded to a cent once, and again with what it grows by.
          const cents = bill.lines.length * (1 + growth(other?.lines ?? []));
          for (const key of ['p10', 'p50', 'p90'] as const) {
            const scaled = EUR(other?.projectedRange[key] ?? '') / 1_000;
            expect(Math.abs(scaled - EUR(bill.projectedRange[key]))).toBeLessThanOrEqual(cents);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('of all teams is narrower than the sums of theirs where one rises while the other falls', async () => {
    const days = Array.from({ length: 12 }, (_, day) => day);
    const usage = days.flatMap((day) =>
      ['p1', 'p2'].map((project, index) =>
        usageRow({
          project,
          hour: octoberHour(day * 24),
          quantity: (day + index) % 2 === 0 ? '10' : '30',
        }),
      ),
    );
    const teams = [...TEAMS, team('search', [{ project: 'p2' }])];
    const { bills, projectedRange } = await estimateMonth({
      ...{ period: '2026-10', usage, cards: [card()], teams, ...NONE },
      through: START + 12 * 24 * HOUR_US,
    });
    const width = ({ p10, p90 }: { p10: string; p90: string }) => EUR(p90) - EUR(p10);
    const widths = bills.map(({ bill }) => width(bill.projectedRange));
    expect(width(projectedRange)).toBeLessThan(0.8 * widths.reduce((sum, own) => sum + own, 0));
  });

  it('is told with credits taken off, which may bring it below what the month came to', async () => {
    const credit = { id: 'x', type: 'credit', team: 'payments', amount: '100', reason: 'outage' };
    const input = { period: '2026-10', usage: DAY_OF_USAGE, cards: [card()], teams: TEAMS };
    const plain = await estimateMonth({ ...input, ...NONE, through: START + 24 * HOUR_US });
    const less = await estimateMonth({
      ...{ ...input, ...NONE, adjustments: [credit] },
      through: START + 24 * HOUR_US,
    });
    for (const key of ['p10', 'p50', 'p90'] as const) {
      expect(EUR(less.bills[0]?.bill.projectedRange[key] ?? '')).toBe(
        EUR(plain.bills[0]?.bill.projectedRange[key] ?? '') - 10_000,
      );
    }
  });
});

function isBefore(hour: string, through: number): boolean {
  return hour < octoberHour(through);
}

/** What the largest line of them grows by. */
function growth(lines: readonly { readonly amount: string; readonly projectedAmount: string }[]) {
  const grown = lines.map(({ amount, projectedAmount }) =>
    Number(amount) === 0 ? 1 : Number(projectedAmount) / Number(amount),
  );
  return Math.max(1, ...grown) * 4;
}

/** The rule at so many times its price. */
function dearer<T extends { readonly price: unknown }>(own: T, times: number): T {
  const texts = /"(unitPrice|packagePrice|amount)":"([0-9.]+)"/g;
  const price = JSON.stringify(own.price).replace(
    texts,
    (_, name: string, text: string) => `"${name}":"${(Number(text) * times).toFixed(4)}"`,
  );
  return { ...own, price: JSON.parse(price) };
}
