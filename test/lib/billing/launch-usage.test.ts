import { describe, expect, it } from 'vitest';
import { type Launch, monthsOfLaunch, usageOfLaunch } from '../../../lib/billing/launch-usage.ts';
import { priceLaunch } from '../../../lib/billing/price-launch.ts';
import { decimal, toText } from '../../../lib/decimal/decimal.ts';
import { formatInstant, HOUR_US, parseInstant } from '../../../lib/period/instant.ts';
import { readCostPool } from '../../../lib/rating/cost-pool.ts';
import { readExchangeRate } from '../../../lib/rating/exchange-rates.ts';
import { readRateCard } from '../../../lib/rating/rate-card.ts';
import { card, rule } from '../rating/documents.ts';

const at = (text: string) => parseInstant(text) ?? 0;
const LAUNCH: Launch = {
  ...{ region: 'west', flavor: 'm1', vcpus: 2, ramMib: 1_536, diskGib: 20, volumeGib: 5 },
  ...{ volumeType: 'ssd', floatingIps: 1, count: 3, hours: 2, team: '', project: 'p' },
  from: at('2026-10-31T23:00:00Z'),
};

describe('the months of a launch', () => {
  it.each<[string, number, string[]]>([
    ['2026-10-31T23:00:00Z', 1, ['2026-10 2026-10-31T23:00:00Z 1']],
    [
      '2026-10-31T23:00:00Z',
      2,
      ['2026-10 2026-10-31T23:00:00Z 1', '2026-11 2026-11-01T00:00:00Z 1'],
    ],
    ['2026-11-01T00:00:00Z', 720, ['2026-11 2026-11-01T00:00:00Z 720']],
    [
      '2026-12-31T22:00:00Z',
      2 + 744 + 1,
      [
        '2026-12 2026-12-31T22:00:00Z 2',
        '2027-01 2027-01-01T00:00:00Z 744',
        '2027-02 2027-02-01T00:00:00Z 1',
      ],
    ],
    ['2026-10-01T00:00:00Z', 0, []],
  ])('from %s for %i hours are its parts', (from, hours, parts) => {
    const told = monthsOfLaunch({ from: at(from), hours });
    expect(
      told.map((part) =>
        [part.period, formatInstant(part.firstHour * HOUR_US), part.hours].join(' '),
      ),
    ).toEqual(parts);
  });
});

describe('the usage of a launch', () => {
  const month = { period: '2026-10', firstHour: 100, hours: 2 } as const;
  const usageOf = (launch: Partial<Launch>, ...byResource: string[]) =>
    [...usageOfLaunch({ ...LAUNCH, ...launch }, month, new Set(byResource))].map(
      ({ measure, class: ofClass, resource = '-', hours, quantities, scale }) => {
        const each = quantities.map((unscaled) => toText(decimal(unscaled, scale)));
        return `${measure} ${ofClass} ${resource}: ${each.join(' ')} in ${hours.join(' ')}`;
      },
    );

  it('is what each instance holds, in every hour', () => {
    expect(usageOf({})).toEqual([
      'cores m1 -: 6 6 in 100 101',
      'ram m1 -: 4.5 4.5 in 100 101',
      'instances m1 -: 3 3 in 100 101',
      'disk m1 -: 60 60 in 100 101',
      'volume ssd -: 15 15 in 100 101',
      'floating_ip  -: 3 3 in 100 101',
    ]);
  });

  it('is of no measure that it has nothing of', () => {
    expect(usageOf({ diskGib: 0, volumeGib: 0, floatingIps: 0, ramMib: 0 })).toEqual([
      'cores m1 -: 6 6 in 100 101',
      'instances m1 -: 3 3 in 100 101',
    ]);
  });

  it('is of each instance where its price asks for that', () => {
    const small = { count: 2, diskGib: 0, volumeGib: 0, floatingIps: 0, ramMib: 1 };
    expect(usageOf(small, 'cores')).toEqual([
      'cores m1 launch-1: 2 2 in 100 101',
      'cores m1 launch-2: 2 2 in 100 101',
      'ram m1 -: 0.001953125 0.001953125 in 100 101',
      'instances m1 -: 2 2 in 100 101',
    ]);
  });
});

describe('the price of a launch', () => {
  const flat = { model: 'flat', amount: '744', per: 'resource-month' } as const;
  const price = (launch: Partial<Launch>, changes: { cards?: object[]; pools?: object[] } = {}) =>
    priceLaunch(
      { ...LAUNCH, ...launch },
      {
        cards: (changes.cards ?? [card()]).map(readRateCard),
        pools: (changes.pools ?? []).map(readCostPool),
        exchangeRates: [],
      },
    );

  it('is that of its months, with what has no price added up', async () => {
    const told = await price({ hours: 3, ramMib: 0, diskGib: 1, volumeGib: 0, floatingIps: 0 });
    expect(told).toEqual({
      ...{ currency: 'EUR', total: '18.00', perHour: '2' },
      ...{ from: '2026-10-31T23:00:00Z', to: '2026-11-01T02:00:00Z' },
      months: [
        {
          ...{ period: '2026-10', total: '6.00', exchangeRates: [] },
          lines: [
            {
              ...{ measure: 'cores', class: 'm1', rule: 'cores', card: 'std', band: 0 },
              ...{ quantity: '6', amount: '6.00' },
            },
          ],
        },
        expect.objectContaining({ period: '2026-11', total: '12.00' }),
      ],
      unrated: [
        { measure: 'disk', class: 'm1', quantity: '9' },
        { measure: 'instances', class: 'm1', quantity: '9' },
      ],
      remarks: [],
    });
  });

  it('is that of the team, or of the project, where rules name them', async () => {
    const unit = (unitPrice: string) => ({ model: 'unit', unitPrice }) as const;
    const rules = [
      rule(),
      rule({ id: 'ours', match: { team: 't' }, price: unit('2') }),
      rule({ id: 'own', match: { project: 'p', team: 't' }, price: unit('3') }),
      rule({ id: 'none', match: { project: 'launch' }, price: unit('4') }),
    ];
    const total = async (launch: Partial<Launch>) =>
      (
        await price(
          { count: 1, hours: 1, ...launch },
          { cards: [card({ rules: rules.slice(0, 3) })] },
        )
      ).total;
    expect(await total({})).toBe('2.00');
    expect(await total({ team: 't' })).toBe('6.00');
    expect(await total({ team: 't', project: '' })).toBe('4.00');
    const named = await price(
      { count: 1, hours: 1, project: '' },
      { cards: [card({ rules: [rule(), ...rules.slice(3)] })] },
    );
    expect(named.total).toBe('8.00');
  });

  it('names the months that a cost pool of the region pays for', async () => {
    const pool = {
      ...{ region: 'west', currency: 'EUR', amount: '1', weights: { cores: '1' }, idle: 'spread' },
    };
    const pools = [
      { ...pool, id: 'a', period: '2026-11' },
      { ...pool, id: 'b', period: '2026-10', region: 'east' },
      { ...pool, id: 'c', period: '2026-12' },
    ];
    expect((await price({}, { pools })).remarks).toEqual([
      'Cost pools pay for region "west" in 2026-11: its bills divide them, and have no prices of cards.',
    ]);
    expect(
      (await price({}, { pools: [...pools, { ...pool, id: 'd', period: '2026-10' }] })).remarks[0],
    ).toContain('in 2026-10, 2026-11:');
  });

  it('is refused for more hours of resources than can be counted, and for no more', async () => {
    const cards = [card({ rules: [rule({ price: flat })] })];
    await expect(price({ count: 500_001, hours: 1 }, { cards })).rejects.toThrow(
      '500001 instances for 1 hours are too many to price one by one: ask for fewer, up to 500000 hours in all',
    );
    await expect(price({ count: 1_000, hours: 501 }, { cards })).rejects.toThrow('too many');
    expect((await price({ count: 500_001, hours: 1 })).total).toBe('1000002.00');
    expect((await price({ count: 2, hours: 2 }, { cards })).total).toBe('4.07');
  });

  it('is in the currency of its rates', async () => {
    const rate = { id: 'r', from: 'USD', to: 'EUR', rate: '0.5', date: '2026-10-01' };
    const told = await priceLaunch(LAUNCH, {
      cards: [readRateCard(card({ currency: 'USD' }))],
      exchangeRates: [readExchangeRate(rate)],
      pools: [],
    });
    expect([told.currency, told.total, told.perHour]).toEqual(['EUR', '6.00', '1']);
    expect(told.months[0]?.exchangeRates).toEqual([
      { from: 'USD', to: 'EUR', rate: '0.5', date: '2026-10-01' },
    ]);
  });
});
