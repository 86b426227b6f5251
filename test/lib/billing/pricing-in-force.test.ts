import { describe, expect, it } from 'vitest';
import { pricingInForce } from '../../../lib/billing/pricing-in-force.ts';

const card = (id: string, effectiveFrom: string, currency = 'EUR') => ({
  ...{ id, currency, effectiveFrom },
  rules: [{ id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice: '1' } }],
});
const pool = (id: string, period: string) => ({
  ...{ id, region: 'west', period, currency: 'EUR', amount: '5', weights: { cores: '1' } },
  idle: 'spread',
});
const discount = (id: string, from: string, to?: string) => ({
  ...{ id, type: 'discount', percent: '5', from },
  ...(to === undefined ? {} : { to }),
});
const commitment = (id: string, from: string, to?: string) => ({
  ...{ id, type: 'commitment', team: 'a', measure: 'cores', quantityPerHour: '1', unitPrice: '1' },
  ...{ from, ...(to === undefined ? {} : { to }) },
});
const team = (...projects: readonly object[]) => ({ id: 'a', projects });

const MONTH = {
  ...{ period: '2026-10', usage: [] },
  cards: [card('std', '2026-01-01')],
  teams: [team({ project: 'p1' })],
  adjustments: [discount('d', '2026-09')],
  pools: [pool('now', '2026-10')],
  exchangeRates: [{ id: 'usd', from: 'USD', to: 'EUR', rate: '0.9', date: '2026-10-01' }],
};
type Change = Partial<typeof MONTH> | Readonly<Record<string, unknown>>;
const same = (change: Change) =>
  pricingInForce({ ...MONTH, ...change } as typeof MONTH) === pricingInForce(MONTH);

describe('what has a part in the bills of a month', () => {
  it.each<[string, Change]>([
    ['another price', { cards: [{ ...card('std', '2026-01-01'), rules: [] }] }],
    ['a card that begins in it', { cards: [...MONTH.cards, card('new', '2026-10-31T23:00:00Z')] }],
    ['a project', { teams: [team({ project: 'p1' }, { project: 'p2' })] }],
    ['another share', { teams: [team({ project: 'p1', share: 50 })] }],
    [
      'a project up to its second hour',
      { teams: [team({ project: 'p1', to: '2026-10-01T01:00:00Z' })] },
    ],
    [
      'a project from its last hour on',
      { teams: [team({ project: 'p1', from: '2026-10-31T23:00:00Z' })] },
    ],
    ['no team', { teams: [] }],
    ['no discount', { adjustments: [] }],
    [
      'a discount in it alone',
      { adjustments: [...MONTH.adjustments, discount('x', '2026-10', '2026-11')] },
    ],
    [
      'a commitment',
      { adjustments: [...MONTH.adjustments, commitment('c', '2026-10-31T23:00:00Z')] },
    ],
    [
      'a commitment of its first hour',
      {
        adjustments: [...MONTH.adjustments, commitment('c', '2026-01-01', '2026-10-01T01:00:00Z')],
      },
    ],
    ['another pool', { pools: [{ ...pool('now', '2026-10'), amount: '6' }] }],
    ['a rate that is needed', { cards: [card('std', '2026-01-01', 'USD')] }],
  ])('is %s', (_, change) => {
    expect(same(change)).toBe(false);
  });

  it.each<[string, Change]>([
    ['a card of a later month', { cards: [...MONTH.cards, card('new', '2026-11-01')] }],
    ['a card that another took over from', { cards: [card('old', '2025-01-01'), ...MONTH.cards] }],
    ['the name of a team', { teams: [{ ...team({ project: 'p1' }), name: 'Pay', owner: 'ann' }] }],
    [
      'a project of later',
      { teams: [team({ project: 'p1' }, { project: 'p2', from: '2026-11-01' })] },
    ],
    [
      'a project of before',
      { teams: [team({ project: 'p1' }, { project: 'p2', to: '2026-10-01' })] },
    ],
    ['a team without projects', { teams: [...MONTH.teams, { id: 'b', projects: [] }] }],
    ['a discount of later', { adjustments: [...MONTH.adjustments, discount('x', '2026-11')] }],
    [
      'a discount of before',
      { adjustments: [...MONTH.adjustments, discount('x', '2026-01', '2026-10')] },
    ],
    [
      'a commitment of later',
      { adjustments: [...MONTH.adjustments, commitment('c', '2026-11-01')] },
    ],
    [
      'a commitment of before',
      { adjustments: [...MONTH.adjustments, commitment('c', '2026-01-01', '2026-10-01')] },
    ],
    ['a pool of another month', { pools: [...MONTH.pools, pool('then', '2026-09')] }],
    ['a rate that nothing needs', { exchangeRates: [] }],
  ])('is not %s', (_, change) => {
    expect(same(change)).toBe(true);
  });
});

it.each<[string, Change]>([
  ['cards', { cards: [card('std', '2026-01-01', 'USD')] }],
  ['cost pools', { pools: [{ ...pool('now', '2026-10'), currency: 'USD' }] }],
])('the rate that %s are converted at has a part in the bills', (_, change) => {
  const at = (rate: string) =>
    pricingInForce({
      ...(MONTH as object),
      ...change,
      exchangeRates: MONTH.exchangeRates.map((one) => ({ ...one, rate })),
    } as typeof MONTH);
  expect(at('0.9')).toBe(at('0.9'));
  expect(at('0.9')).not.toBe(at('0.8'));
});
