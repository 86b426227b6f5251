import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billsOf } from '../../../lib/billing/bill.ts';
import { costsByLabel } from '../../../lib/billing/label-costs.ts';
import { type PriceMonthInput, priceMonth } from '../../../lib/billing/price-month.ts';
import { add, decimalOf, toFixedText, toText, ZERO } from '../../../lib/decimal/decimal.ts';
import { readAdjustment } from '../../../lib/rating/adjustment.ts';
import { readCostPool } from '../../../lib/rating/cost-pool.ts';
import { readRateCard } from '../../../lib/rating/rate-card.ts';
import { readTeam } from '../../../lib/rating/team.ts';
import { card, octoberHour, rule, usageRow } from '../rating/documents.ts';
import { months } from './months.ts';

const sum = (texts: readonly string[]) => toFixedText(texts.map(decimalOf).reduce(add, ZERO));

const COMMITMENT = readAdjustment({
  ...{ id: 'c', type: 'commitment', team: 'blue', measure: 'cores', quantityPerHour: '3' },
  ...{ unitPrice: '0.01', match: { class: 'a' } },
});
const DISCOUNT = readAdjustment({ id: 'd', type: 'discount', percent: '10' });
const POOL = readCostPool({
  ...{ id: 'pool', region: 'east', period: '2026-10', currency: 'EUR', amount: '100.01' },
  ...{ weights: { cores: '1' }, idle: 'keep', capacity: { cores: '7' } },
});

function inputOf(change: Partial<PriceMonthInput>): PriceMonthInput {
  return {
    ...{ period: '2026-10', usage: [], teams: [], adjustments: [], pools: [], exchangeRates: [] },
    cards: [readRateCard(card())],
    ...change,
  };
}

describe('costs by a label', () => {
  it('add up to the bills with what is of no resource, by team and measure, whatever prices them', async () => {
    const labels = fc.array(fc.constantFrom('prod', 'dev', null), { minLength: 7, maxLength: 7 });
    const seen = { values: 0, nameless: 0 };
    await fc.assert(
      fc.asyncProperty(
        months({ withResourceMonths: true }),
        labels,
        fc.boolean(),
        async (month, values, isPooled) => {
          const usage = month.rows.map((row, index) => {
            const environment = values[index % values.length];
            return environment
              ? { ...row, metadata: { environment, tier: String(index % 2) } }
              : row;
          });
          const input = inputOf({
            usage,
            cards: month.cards.map(readRateCard),
            teams: month.teams.map(readTeam),
            adjustments: [COMMITMENT, DISCOUNT],
            pools: isPooled ? [POOL] : [],
          });
          const { rated, adjustments } = await priceMonth(input);
          const told = await costsByLabel(input, { label: 'environment', team: null });
          let total = '0.00';
          for (const { team, lines } of billsOf(rated, adjustments).bills) {
            const own = lines.filter(({ project }) => project !== '');
            const costs = told.costs.filter((one) => one.team === team);
            for (const measure of new Set(own.map((line) => line.measure))) {
              const [billed, divided] = [own, costs].map((list) =>
                list.filter((one) => one.measure === measure),
              );
              expect(sum(divided?.map(({ amount }) => amount) ?? [])).toBe(
                sum(billed?.map(({ amount }) => amount) ?? []),
              );
              expect(toText(decimalOf(sum(divided?.map(({ quantity }) => quantity) ?? [])))).toBe(
                toText(decimalOf(sum(billed?.map(({ quantity }) => quantity) ?? []))),
              );
            }
            const rest = lines.filter(({ project }) => project === '').map(({ amount }) => amount);
            const shared = told.shared
              .filter((one) => one.team === team)
              .map(({ amount }) => amount);
            expect(sum(shared)).toBe(sum(rest));
            total = sum([total, ...lines.map(({ amount }) => amount)]);
          }
          expect(told.total).toBe(total);
          seen.values += told.costs.filter(({ value }) => value !== null).length;
          seen.nameless += told.costs.filter(({ value }) => value === null).length;
        },
      ),
      { numRuns: 60 },
    );
    expect(Math.min(seen.values, seen.nameless)).toBeGreaterThan(30);
  });

  it('follow what each value costs, not what it uses: by rules of its own, bands and allowances', async () => {
    const rows = [
      usageRow({ hour: octoberHour(0), quantity: '60', metadata: { env: 'prod' } }),
      usageRow({ hour: octoberHour(1), quantity: '60', metadata: { env: 'dev' } }),
      usageRow({ hour: octoberHour(1), quantity: '5' }),
    ];
    const graduated = {
      model: 'graduated' as const,
      bands: [{ upTo: '50', unitPrice: '1' }, { unitPrice: '0.1' }],
    };
    const input = inputOf({
      usage: rows,
      cards: [readRateCard(card({ rules: [rule({ price: graduated })] }))],
    });
    const { costs, total } = await costsByLabel(input, { label: 'env', team: 'unassigned' });
    expect(costs.map(({ value, quantity, amount }) => [value, quantity, amount])).toEqual([
      ['dev', '60', '6.00'],
      ['prod', '60', '51.00'],
      [null, '5', '0.50'],
    ]);
    expect(total).toBe('57.50');
    expect(await costsByLabel(input, { label: 'env', team: 'nobody' })).toMatchObject({
      total: '0.00',
      costs: [],
    });
  });

  it('of a cost pool go by use', async () => {
    const used = (quantity: string, env: string) =>
      usageRow({ region: 'east', quantity, metadata: { env } });
    const input = inputOf({
      usage: [used('3', 'prod'), used('1', 'dev')],
      pools: [{ ...POOL, idle: 'spread' }],
    });
    const { costs, shared } = await costsByLabel(input, { label: 'env', team: null });
    expect(costs.map(({ value, amount }) => [value, amount])).toEqual([
      ['dev', '25.00'],
      ['prod', '75.01'],
    ]);
    expect(shared).toEqual([]);
  });
});
