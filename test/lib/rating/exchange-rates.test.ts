import { describe, expect, it } from 'vitest';
import { billsOf } from '../../../lib/billing/bill.ts';
import { closeMonth } from '../../../lib/billing/close-month.ts';
import { priceMonth } from '../../../lib/billing/price-month.ts';
import { readCostPool } from '../../../lib/rating/cost-pool.ts';
import { readExchangeRate } from '../../../lib/rating/exchange-rates.ts';
import { readRateCard } from '../../../lib/rating/rate-card.ts';
import { card, octoberHour, rule, usageRow } from './documents.ts';

const RATE = { id: 'oct', from: 'USD', to: 'EUR', rate: '0.91', date: '2026-10-31' };
const DOLLARS = card({ id: 'usd', currency: 'USD', rules: [rule({ minimum: '20' })] });

async function bills({
  cards = [DOLLARS],
  rates = [RATE] as readonly unknown[],
  pools = [] as readonly unknown[],
}) {
  const priced = await priceMonth({
    period: '2026-10',
    usage: [usageRow({ quantity: '10.55' }), usageRow({ hour: octoberHour(700) })],
    cards: cards.map(readRateCard),
    teams: [],
    adjustments: [],
    pools: pools.map(readCostPool),
    exchangeRates: rates.map(readExchangeRate),
  });
  return billsOf(priced.rated, priced.adjustments);
}

describe('a card in another currency', () => {
  it('is billed at the rate, which the bill tells with its date, rounded once', async () => {
    const { currency, exchangeRates, bills: made } = await bills({});
    expect(currency).toBe('EUR');
    expect(exchangeRates).toEqual([{ from: 'USD', to: 'EUR', rate: '0.91', date: '2026-10-31' }]);
    // 11.55 x 0.91 = 10.5105, and the minimum 20 x 0.91 = 18.20
    expect(made[0]?.lines.map(({ amount }) => amount)).toEqual(['10.51', '7.69']);
    expect(made[0]?.total).toBe('18.20');
  });

  it('takes the latest rate up to the end of the month', async () => {
    const rates = [
      RATE,
      { ...RATE, id: 'sep', date: '2026-09-30', rate: '0.5' },
      { ...RATE, id: 'nov', date: '2026-11-01', rate: '0.7' },
    ];
    expect((await bills({ rates })).exchangeRates?.[0]?.rate).toBe('0.91');
  });

  it('stands beside one in the currency of the bills', async () => {
    const euros = card({ id: 'eur', effectiveFrom: '2026-10-16' });
    const { bills: made } = await bills({ cards: [card({ ...DOLLARS, rules: [rule()] }), euros] });
    expect(made[0]?.lines.map((line) => [line.card, line.amount])).toEqual([
      ['eur', '1.00'],
      ['usd', '9.60'],
    ]);
  });

  it('is hashed with the rate into the bill and the manifest', async () => {
    const input = {
      period: '2026-10',
      usage: [usageRow()],
      cards: [DOLLARS],
      teams: [],
      adjustments: [],
      pools: [],
    };
    const closed = await closeMonth({ ...input, exchangeRates: [RATE] });
    expect(closed.bills[0]?.bill.exchangeRates).toHaveLength(1);
    expect(closed.manifest.exchangeRates.map(({ id }) => id)).toEqual(['oct']);
  });

  it('pays from pools by the rate, to the last cent', async () => {
    const pool = {
      id: 'w',
      region: 'west',
      period: '2026-10',
      currency: 'USD',
      amount: '100.01',
      weights: { cores: '1' },
      idle: 'spread',
    };
    // 100.01 x 0.91 = 91.0091
    expect((await bills({ pools: [pool] })).bills[0]?.total).toBe('91.01');
  });
});

describe('exchange rates', () => {
  it.each([
    ['that come too late', [{ ...RATE, date: '2026-11-01' }], 'up to 2026-10-31'],
    ['of one date twice', [RATE, { ...RATE, id: 'again' }], '"again" and "oct"'],
    ['into two currencies', [RATE, { ...RATE, id: 'x', to: 'CHF' }], 'CHF and EUR'],
    ['from a currency into itself', [{ ...RATE, to: 'USD' }], 'another currency'],
    ['of nothing', [{ ...RATE, rate: '0' }], 'must be above 0'],
    ['none', [], 'There is no rate card'],
  ])('%s are refused', async (_name, rates, message) => {
    const cards = rates.length === 0 ? [] : [DOLLARS];
    await expect(bills({ rates, cards })).rejects.toThrow(message);
  });

  it('are needed for two currencies', async () => {
    const euros = card({ id: 'eur', effectiveFrom: '2026-10-16' });
    await expect(bills({ cards: [DOLLARS, euros], rates: [] })).rejects.toThrow(
      'need exchange rates',
    );
  });

  it('that nothing needs leave bills as they are', async () => {
    const made = await bills({ cards: [card()] });
    expect(made.exchangeRates).toBeUndefined();
  });
});
