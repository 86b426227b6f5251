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
