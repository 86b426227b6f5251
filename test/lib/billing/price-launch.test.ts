import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Launch } from '../../../lib/billing/launch-usage.ts';
import { priceLaunch } from '../../../lib/billing/price-launch.ts';
import { parseInstant } from '../../../lib/period/instant.ts';
import { readCostPool } from '../../../lib/rating/cost-pool.ts';
import { readExchangeRate } from '../../../lib/rating/exchange-rates.ts';
import { readRateCard } from '../../../lib/rating/rate-card.ts';

const CARD = {
  ...{ id: 'std', currency: 'EUR', effectiveFrom: '2026-01-01' },
  rules: [
    { id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice: '0.01' } },
    { id: 'ram', measure: 'ram', price: { model: 'unit', unitPrice: '0.005' } },
    {
      ...{ id: 'big', measure: 'cores', match: { class: 'm1.big' } },
      price: {
        model: 'graduated',
        bands: [{ upTo: '100', unitPrice: '0.02' }, { unitPrice: '0.01' }],
      },
    },
    {
      ...{ id: 'vm', measure: 'instances', match: { class: 'licensed' } },
      price: { model: 'flat', amount: '30', per: 'resource-month' },
    },
    {
      id: 'ssd',
      measure: 'volume',
      match: { class: 'ssd' },
      price: { model: 'unit', unitPrice: '0.0001' },
    },
    { id: 'ip', measure: 'floating_ip', price: { model: 'flat', amount: '2', per: 'month' } },
    {
      ...{ id: 'ours', measure: 'ram', match: { team: 'payments' } },
      price: { model: 'unit', unitPrice: '0.001' },
    },
  ],
};
const LAUNCH: Launch = {
  ...{ region: 'west', flavor: 'm1.small', vcpus: 2, ramMib: 4_096, diskGib: 0 },
  ...{ volumeGib: 0, volumeType: '', floatingIps: 0, count: 1, hours: 10, team: '', project: '' },
  from: parseInstant('2026-12-01T00:00:00Z') ?? 0,
};

const price = (
  change: Partial<Launch>,
  pricing: { cards?: object[]; rates?: object[]; pools?: object[] } = {},
) =>
  priceLaunch(
    { ...LAUNCH, ...change },
    {
      cards: (pricing.cards ?? [CARD]).map(readRateCard),
      exchangeRates: (pricing.rates ?? []).map(readExchangeRate),
      pools: (pricing.pools ?? []).map(readCostPool),
    },
  );

describe('the price of what is yet to be launched', () => {
  it.each([
    { what: 'cores and RAM by the hour', launch: {}, total: '0.40', perHour: '0.04' },
    {
      what: 'RAM of less than a GiB exactly',
      launch: { ramMib: 1, hours: 512, count: 900 },
      total: '9218.25',
    },
    { what: 'several at once', launch: { count: 50 }, total: '20.00', perHour: '0.04' },
    {
      what: 'a flavor with bands of its own',
      launch: { flavor: 'm1.big', hours: 100 },
      total: '5.00',
    },
    {
      what: 'volumes and addresses with each',
      launch: { volumeGib: 500, volumeType: 'ssd', floatingIps: 1, count: 2 },
      total: '3.80',
    },
    { what: 'what a team pays', launch: { team: 'payments' }, total: '0.24' },
    // 62 h of 744 in December and 744 of January, each month of its own.
    {
      what: 'each instance by its share of the months',
      launch: {
        flavor: 'licensed',
        count: 3,
        from: parseInstant('2026-12-29T10:00:00Z') ?? 0,
        hours: 806,
      },
      total: '194.22',
    },
  ])('counts $what', async ({ launch, total, perHour }) => {
    const told = await price(launch);
    expect(told).toMatchObject({ currency: 'EUR', total, ...(perHour ? { perHour } : {}) });
  });

  it('takes months and cards as they come', async () => {
    const next = {
      ...CARD,
      id: 'next',
      effectiveFrom: '2027-01-01',
      rules: [{ id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice: '1' } }],
    };
    const from = parseInstant('2026-12-31T22:00:00Z') ?? 0;
    expect(await price({ from, hours: 5 }, { cards: [CARD, next] })).toMatchObject({
      ...{ from: '2026-12-31T22:00:00Z', to: '2027-01-01T03:00:00Z', total: '6.08' },
      months: [
        {
          period: '2026-12',
          total: '0.08',
          lines: [{ measure: 'cores', card: 'std' }, { measure: 'ram' }],
        },
        {
          period: '2027-01',
          total: '6.00',
          lines: [{ measure: 'cores', card: 'next', amount: '6.00' }],
        },
      ],
      unrated: [
        { measure: 'instances', class: 'm1.small', quantity: '5' },
        { measure: 'ram', class: 'm1.small', quantity: '12' },
      ],
    });
  });

  it('tells what no rule prices, the rate of another currency, and a cost pool in the way', async () => {
    const rates = [{ id: 'r', from: 'EUR', to: 'JPY', rate: '160', date: '2026-11-20' }];
    const pools = [
      {
        ...{ id: 'p', region: 'west', period: '2026-12', currency: 'EUR', amount: '1' },
        ...{ weights: { cores: '1' }, idle: 'spread' },
      },
    ];
    expect(await price({ diskGib: 5 }, { rates, pools })).toMatchObject({
      ...{ currency: 'JPY', total: '64' },
      months: [{ exchangeRates: [{ from: 'EUR', rate: '160', date: '2026-11-20' }] }],
      unrated: [
        { measure: 'disk', quantity: '50' },
        { measure: 'instances', quantity: '10' },
      ],
      remarks: [expect.stringContaining('Cost pools pay for region "west" in 2026-12')],
    });
  });

  it('refuses more than it can price one by one', async () => {
    await expect(price({ count: 1_000, hours: 744 })).rejects.toThrow(/up to 500000 hours in all/);
  });

  it('is the same per unit however many months it takes, where prices are plain', async () => {
    const rules = CARD.rules.slice(0, 2);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 1, max: 40 }),
        async (hours, count) => {
          const told = await price(
            { hours, count, vcpus: 1, ramMib: 2_048 },
            { cards: [{ ...CARD, rules }] },
          );
          const cents = BigInt(told.total.replace('.', ''));
          expect(cents).toBe(BigInt(hours) * BigInt(count) * 2n);
        },
      ),
      { numRuns: 25 },
    );
  });
});
