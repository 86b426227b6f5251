import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billsOf } from '../../../lib/billing/bill.ts';
import { priceMonth } from '../../../lib/billing/price-month.ts';
import { readAdjustment } from '../../../lib/rating/adjustment.ts';
import { type RateCard, readRateCard } from '../../../lib/rating/rate-card.ts';
import { UsageMonth } from '../../../lib/rating/usage-month.ts';
import type { UsageRow } from '../../../lib/rating/usage-row.ts';
import { octoberHour } from './documents.ts';

const unit = (id: string, unitPrice: string, match: object = {}) => ({
  ...{ id, measure: 'cores', match, price: { model: 'unit', unitPrice } },
});
const cardOf = (rules: readonly object[]): RateCard =>
  readRateCard({ id: 'std', currency: 'EUR', effectiveFrom: '2026-01-01', rules });
const CARD = cardOf([
  unit('any', '1'),
  unit('prod', '2', { metadata: { environment: 'prod' } }),
  unit('prod-a', '3', { class: 'a', metadata: { environment: 'prod' } }),
  unit('gold', '5', { class: '', metadata: { environment: 'prod', tier: 'gold' } }),
]);
const row = (quantity: string, metadata?: Record<string, string>, more: object = {}): UsageRow => ({
  ...{ region: 'west', project: 'p1', measure: 'cores', class: '', hour: octoberHour(1), quantity },
  ...(metadata === undefined ? {} : { metadata }),
  ...more,
});

async function linesOf(
  usage: readonly UsageRow[],
  adjustments: readonly object[] = [],
  card = CARD,
) {
  const priced = await priceMonth({
    ...{ period: '2026-10', usage, cards: [card], teams: [], pools: [], exchangeRates: [] },
    adjustments: adjustments.map(readAdjustment),
  });
  const { bills, unrated } = billsOf(priced.rated, priced.adjustments);
  return { lines: bills.flatMap(({ lines }) => lines), unrated };
}

describe('rules that match metadata', () => {
  it.each([
    { what: 'of which there is none', metadata: undefined, rule: 'any', amount: '4.00' },
    { what: 'of another value', metadata: { environment: 'test' }, rule: 'any', amount: '4.00' },
    { what: 'of its value', metadata: { environment: 'prod' }, rule: 'prod', amount: '8.00' },
    {
      what: 'beside other labels',
      metadata: { environment: 'prod', x: '1' },
      rule: 'prod',
      amount: '8.00',
    },
    {
      what: 'of two keys, which win over one',
      metadata: { tier: 'gold', environment: 'prod' },
      rule: 'gold',
      amount: '20.00',
    },
  ])('price usage $what', async ({ metadata, rule, amount }) => {
    const { lines } = await linesOf([row('4', metadata)]);
    expect(lines).toEqual([expect.objectContaining({ rule, quantity: '4', amount })]);
  });

  it('win with a class over metadata alone, and stand on lines of their own', async () => {
    const prod = { environment: 'prod' };
    const { lines } = await linesOf([row('1', prod, { class: 'a' }), row('2', {}, { class: 'a' })]);
    expect(lines.map(({ rule, quantity, amount }) => [rule, quantity, amount])).toEqual([
      ['any', '2', '2.00'],
      ['prod-a', '1', '3.00'],
    ]);
  });

  it('leave usage unrated that has not what they name', async () => {
    const card = cardOf([unit('prod', '2', { metadata: { environment: 'prod' } })]);
    const { lines, unrated } = await linesOf(
      [row('1', { environment: 'prod' }), row('2')],
      [],
      card,
    );
    expect(lines).toMatchObject([{ rule: 'prod', quantity: '1' }]);
    expect(unrated).toMatchObject([{ quantity: '2' }]);
  });

  it.each([
    {
      what: 'two that can match the same',
      rules: [{ metadata: { a: '1' } }, { metadata: { b: '1' } }],
      tied: true,
    },
    { what: 'metadata and a class', rules: [{ metadata: { a: '1' } }, { class: 'x' }], tied: true },
    {
      what: 'one key of two values',
      rules: [{ metadata: { a: '1' } }, { metadata: { a: '2' } }],
      tied: false,
    },
    {
      what: 'one key and two',
      rules: [{ metadata: { a: '1' } }, { metadata: { a: '1', b: '1' } }],
      tied: false,
    },
  ])('are refused in a card when they tie: $what', ({ rules, tied }) => {
    const read = () => cardOf(rules.map((match, index) => unit(`r${index}`, '1', match)));
    if (tied) expect(read).toThrow(/equally many matchers/);
    else expect(read).not.toThrow();
  });

  it.each([
    { what: 'no key', metadata: {} },
    { what: 'a key with a comma', metadata: { 'a,b': '1' } },
    { what: 'a value that is no text', metadata: { a: 1 } },
    { what: 'an empty value', metadata: { a: '' } },
    { what: 'nine keys', metadata: Object.fromEntries([...'abcdefghi'].map((key) => [key, '1'])) },
  ])('are refused with $what', ({ metadata }) => {
    expect(() => cardOf([unit('r', '1', { metadata })])).toThrow(/metadata/);
  });
});

const anyRow = fc
  .record({
    quantity: fc.integer({ min: 1, max: 900 }),
    metadata: fc.constantFrom(
      undefined,
      { environment: 'prod' },
      { environment: 'prod', tier: 'gold' },
      { tier: 'gold' },
    ),
    class: fc.constantFrom('', 'a'),
    hour: fc.constantFrom(0, 1, 743).map(octoberHour),
  })
  .map(({ quantity, metadata, ...more }) => row(String(quantity), metadata, more));
const COMMITMENT = {
  ...{ id: 'c', type: 'commitment', team: 'unassigned', measure: 'cores' },
  ...{ quantityPerHour: '100', unitPrice: '0.5' },
};

describe('usage with metadata', () => {
  it('comes to the same in any order and however its rows are split', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRow, { maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        async (rows, random) => {
          const split = rows.flatMap((one) => [
            { ...one, quantity: '0.25' },
            { ...one, quantity: `${BigInt(one.quantity) - 1n}.75` },
          ]);
          const shuffled = split
            .map((one) => ({ one, at: random.next().value }))
            .sort((a, b) => a.at - b.at)
            .map(({ one }) => one);
          expect(await linesOf(shuffled, [COMMITMENT])).toEqual(await linesOf(rows, [COMMITMENT]));
          const texts = [rows, shuffled].map((list) => {
            const month = new UsageMonth('2026-10', () => false);
            for (const one of list) month.add(one);
            return [0, 1, 743].map((hour) => month.textOf(hour));
          });
          expect(texts[0]).toEqual(texts[1]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is another usage by its hash than without, and without is as it ever was', () => {
    const textOf = (metadata?: Record<string, string>) => {
      const month = new UsageMonth('2026-10', () => false);
      month.add(row('4', metadata));
      return month.textOf(1);
    };
    expect(textOf()).toBe('["west","p1","cores","","","4"]\n');
    expect(textOf({})).toBe(textOf());
    expect(textOf({ b: '2', a: '1' })).toBe(textOf({ a: '1', b: '2' }));
    expect(textOf({ a: '1' })).not.toBe(textOf());
  });
});
