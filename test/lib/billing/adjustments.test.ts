import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billsOf, type MonthBills } from '../../../lib/billing/bill.ts';
import { priceMonth } from '../../../lib/billing/price-month.ts';
import { add, compare, type Decimal, decimalOf, ZERO } from '../../../lib/decimal/decimal.ts';
import { moneyOf } from '../../../lib/money/money.ts';
import { readAdjustment } from '../../../lib/rating/adjustment.ts';
import { readCostPool } from '../../../lib/rating/cost-pool.ts';
import { readRateCard } from '../../../lib/rating/rate-card.ts';
import { readTeam } from '../../../lib/rating/team.ts';
import { type MonthInput, months } from './months.ts';

const PERIOD = '2026-10';
const FEW = { numRuns: 120 };

const tenths = (max: number) => fc.integer({ min: 1, max }).map((value) => (value / 10).toFixed(1));
const teams = fc.constantFrom('blue', 'red', 'green');
const measures = fc.constantFrom('cores', 'ram');

const commitment = fc.record({
  type: fc.constant('commitment'),
  team: teams,
  measure: measures,
  quantityPerHour: tenths(200),
  unitPrice: tenths(30),
  match: fc.constantFrom({}, { region: 'west' }, { class: 'a' }, { project: 'p1' }),
});
const discount = fc.record(
  {
    type: fc.constant('discount'),
    percent: tenths(1_000),
    team: teams,
    measure: measures,
    project: fc.constantFrom('p1', 'p2'),
  },
  { requiredKeys: ['type', 'percent'] },
);
const cut = fc.record({ type: fc.constant('discount'), amount: tenths(500) });
const fixed = fc.record({ type: fc.constant('minimum'), team: teams, amount: tenths(2_000) });
const surcharge = fc.record({ type: fc.constant('surcharge'), percent: tenths(300) });
const oneOff = fc.record({
  type: fc.constantFrom('charge', 'credit'),
  team: teams,
  amount: tenths(500),
  reason: fc.constant('agreed'),
});
const adjustmentLists = fc
  .array(fc.oneof(commitment, discount, cut, fixed, surcharge, oneOff), { maxLength: 6 })
  .map((list) => list.map((one, index) => ({ ...one, id: `a${index}` })));

const pools = fc
  .record({
    amount: fc.integer({ min: 0, max: 99_999 }).map((cents) => (cents / 100).toFixed(2)),
    weights: fc.constantFrom({ cores: '1' }, { cores: '70', ram: '30' }, { ram: '0.7', gpu: '2' }),
    idle: fc.constantFrom('spread', 'keep'),
    capacity: fc.constantFrom({}, { cores: '100' }, { cores: '7.3', ram: '90000', gpu: '4' }),
  })
  .map((pool) => ({ ...pool, id: 'pool', region: 'west', period: PERIOD, currency: 'EUR' }));

async function price(
  month: MonthInput,
  { adjustments = [] as readonly unknown[], costPools = [] as readonly unknown[] },
) {
  const priced = await priceMonth({
    period: PERIOD,
    usage: month.rows,
    cards: month.cards.map(readRateCard),
    teams: month.teams.map(readTeam),
    adjustments: adjustments.map(readAdjustment),
    pools: costPools.map(readCostPool),
    exchangeRates: [],
  });
  return { ...priced, bills: billsOf(priced.rated, priced.adjustments) };
}

function sum(texts: Iterable<string>): Decimal {
  let total = ZERO;
  for (const text of texts) total = add(total, decimalOf(text));
  return total;
}

function minorOf({ bills }: MonthBills, wanted: (rule: string) => boolean): bigint {
  return bills
    .flatMap(({ lines }) => lines)
    .filter(({ rule }) => wanted(rule))
    .reduce((total, { amount }) => total + moneyOf(amount, 'EUR').minor, 0n);
}

const input = months({ withResourceMonths: false });

describe('adjustments', () => {
  it('leave lines that add up to totals, and no bill below 0 but by a credit', async () => {
    await fc.assert(
      fc.asyncProperty(input, adjustmentLists, async (month, adjustments) => {
        const { bills } = await price(month, { adjustments });
        for (const bill of bills.bills) {
          const amounts = bill.lines.map(({ amount }) => amount);
          expect(compare(sum(amounts), decimalOf(bill.total))).toBe(0);
          const credited = adjustments.some((one) => one.type === 'credit');
          if (!credited) expect(bill.total.startsWith('-')).toBe(false);
        }
      }),
      FEW,
    );
  });

  it('account for all usage: billed, covered by commitments, or unrated', async () => {
    await fc.assert(
      fc.asyncProperty(input, adjustmentLists, async (month, adjustments) => {
        const { bills, rated } = await price(month, { adjustments });
        const usageLines = bills.bills
          .flatMap(({ lines }) => lines)
          .filter(({ project }) => project !== '');
        const told = [...usageLines, ...bills.unrated].map(({ quantity }) => quantity);
        const covered = rated.commitments.map(({ used }) => used).reduce(add, ZERO);
        const used = sum(month.rows.map(({ quantity }) => quantity));
        expect(compare(add(sum(told), covered), used)).toBe(0);
        for (const { committed, used: of, unused } of rated.commitments) {
          expect(compare(add(of, unused), committed)).toBe(0);
          expect(compare(unused, ZERO)).toBeGreaterThanOrEqual(0);
        }
      }),
      FEW,
    );
  });

  it('are paid for as committed, used or not', async () => {
    await fc.assert(
      fc.asyncProperty(input, commitment, async (month, one) => {
        const own = { ...one, id: 'c', from: '2026-10-31', to: '2026-11-05' };
        const { bills } = await price(month, { adjustments: [own] });
        const line = bills.bills
          .find(({ team }) => team === one.team)
          ?.lines.find(({ rule }) => rule === 'c');
        const hours = 24;
        expect(Number(line?.quantity)).toBeCloseTo(Number(one.quantityPerHour) * hours, 6);
      }),
      FEW,
    );
  });
});

describe('a cost pool', () => {
  it('is divided to the last cent, whatever was used', async () => {
    await fc.assert(
      fc.asyncProperty(input, pools, async (month, pool) => {
        const { bills } = await price(month, { costPools: [pool] });
        expect(minorOf(bills, (rule) => rule === 'pool')).toBe(moneyOf(pool.amount, 'EUR').minor);
        for (const { lines } of bills.bills) {
          for (const { amount } of lines) expect(amount.startsWith('-')).toBe(false);
        }
      }),
      FEW,
    );
  });

  it('takes the place of cards in its region, and of no other', async () => {
    await fc.assert(
      fc.asyncProperty(input, pools, async (month, pool) => {
        const [plain, pooled] = [await price(month, {}), await price(month, { costPools: [pool] })];
        const linesIn = (region: string, { bills }: typeof plain) =>
          bills.bills.flatMap(({ team, lines }) =>
            lines.filter((line) => line.region === region).map((line) => ({ team, ...line })),
          );
        for (const { rule } of linesIn('west', pooled)) expect(rule).toBe('pool');
        // Counts run over regions: without the other region's usage, bands fill differently.
        const keysIn = (of: typeof plain) =>
          new Set(
            linesIn('east', of).map((line) =>
              [line.team, line.project, line.measure, line.class, line.rule].join(' '),
            ),
          );
        expect(keysIn(pooled)).toEqual(keysIn(plain));
      }),
      FEW,
    );
  });

  it('accounts for all usage: paid by it, or unrated where it has no weight', async () => {
    await fc.assert(
      fc.asyncProperty(input, pools, async (month, pool) => {
        const { bills } = await price(month, { costPools: [pool] });
        const lines = [...bills.bills.flatMap((bill) => bill.lines), ...bills.unrated];
        const told = sum(lines.map(({ quantity }) => quantity));
        expect(compare(told, sum(month.rows.map(({ quantity }) => quantity)))).toBe(0);
      }),
      FEW,
    );
  });
});

describe('what cannot be adjusted', () => {
  const good = { id: 'd', type: 'discount', percent: '10' };

  it.each([
    ['a kind that is none', { id: 'x', type: 'gift' }, 'commitment, discount, minimum'],
    ['both percent and amount', { ...good, amount: '1' }, 'either percent or amount'],
    ['more than a hundred percent', { ...good, percent: '101' }, 'at most 100'],
    ['months in the wrong order', { ...good, from: '2026-10', to: '2026-10' }, 'after from'],
    ['a credit without a reason', { id: 'x', type: 'credit', team: 't', amount: '1' }, 'missing'],
    ['a key that is not known', { ...good, why: 'x' }, 'not a known key'],
  ])('is %s', (_name, document, message) => {
    expect(() => readAdjustment(document)).toThrow(message);
  });

  it('are two of one id', async () => {
    const month = { rows: [], cards: [], teams: [] };
    const card = { id: 'std', currency: 'EUR', effectiveFrom: '2026-01-01', rules: [] };
    await expect(
      price({ ...month, cards: [card as never] }, { adjustments: [good, good] }),
    ).rejects.toThrow('Two adjustments have the id "d"');
  });

  it.each([
    ['no weight at all', { weights: { cores: '0' } }, 'weight above 0'],
    ['an amount below 0', { amount: '-1' }, 'must not be negative'],
    ['a region that is none', { region: 'a/b' }, 'name of a region'],
    ['idle that is neither', { idle: 'lose' }, 'spread or keep'],
  ])('are pools with %s', (_name, change, message) => {
    const pool = {
      id: 'w',
      region: 'west',
      period: PERIOD,
      currency: 'EUR',
      amount: '1',
      weights: { cores: '1' },
      idle: 'spread',
    };
    expect(() => readCostPool({ ...pool, ...change })).toThrow(message);
  });
});
