import { describe, expect, it } from 'vitest';
import { toText } from '../../../lib/decimal/decimal.ts';
import { readAdjustment } from '../../../lib/rating/adjustment.ts';
import { cardCalendar, requireOneCurrency } from '../../../lib/rating/card-calendar.ts';
import { readCostPool } from '../../../lib/rating/cost-pool.ts';
import { readExchangeRate } from '../../../lib/rating/exchange-rates.ts';
import { readRateCard } from '../../../lib/rating/rate-card.ts';
import { UsageMonth } from '../../../lib/rating/usage-month.ts';
import { UsageOrigins } from '../../../lib/rating/usage-origins.ts';
import { priced } from '../billing/quoted.ts';
import { card, octoberHour, rule, team, usageRow } from './documents.ts';

const pool = (id: string, currency = 'EUR') => ({
  ...{ id, region: 'west', period: '2026-10', currency, amount: '1', idle: 'spread' },
  weights: { cores: '1' },
});
const rate = (id: string, from: string, to = 'EUR', date = '2026-10-01') => ({
  ...{ id, from, to, rate: '0.5', date },
});

describe('the usage of an hour', () => {
  const texts = (rows: Parameters<typeof usageRow>[0][]) => {
    const month = new UsageMonth('2026-10', () => false);
    for (const row of rows) month.add(usageRow({ hour: octoberHour(0), ...row }));
    return month
      .usageOf(0)
      .map(({ series, quantity }) => `${month.lineOf(series).project} ${quantity}`);
  };
  const unit = 10n ** 18n;

  it('has room for as many as there are, and adds up what comes again', () => {
    const projects = Array.from(
      { length: 100 },
      (_, index) => `p${String(index).padStart(3, '0')}`,
    );
    const rows = [...projects, ...projects.toReversed()].map((project) => ({ project }));
    expect(texts(rows)).toEqual(projects.map((project) => `${project} ${2n * unit}`));
    expect(texts(projects.map((project) => ({ project })))).toHaveLength(100);
  });

  it('adds up exactly beyond 64 bits, beside others that do not reach them', () => {
    // 2^63 units of 10^-12 are the first that do not fit.
    const half = { project: 'b', quantity: '4611686.018427387904' };
    const rest = [{ project: 'a' }, { project: 'c', quantity: '0.0000000000001' }];
    const twice = 2n ** 63n * 10n ** 6n;
    for (const rows of [
      [half, half, ...rest],
      [...rest, half, half],
    ]) {
      expect(texts(rows)).toEqual([`a ${unit}`, `b ${twice}`, 'c 100000']);
    }
    const many = Array.from({ length: 40 }, () => half);
    expect(texts([...many, ...rest])).toEqual([`a ${unit}`, `b ${20n * twice}`, 'c 100000']);
    expect(texts([half, half, { ...half, quantity: '0.000000000000000001' }])).toEqual([
      `b ${twice + 1n}`,
    ]);
  });

  it('is of the hours of the month alone', () => {
    const month = new UsageMonth('2026-10', () => false);
    for (const hour of [-1, 744]) month.add(usageRow({ hour: octoberHour(hour) }));
    expect([-1, 744].map((hour) => month.usageOf(hour))).toEqual([[], []]);
  });
});

describe('the calendar of a month', () => {
  it('has as many hours as the month', () => {
    expect(cardCalendar([readRateCard(card())], '2026-10').cardOfHour).toHaveLength(744);
    expect(cardCalendar([readRateCard(card())], '2026-11').cardOfHour).toHaveLength(720);
  });

  it('takes no two cards of one id or one start', () => {
    const cards = [card(), card({ id: 'twin' })].map(readRateCard);
    expect(() => cardCalendar(cards, '2026-10')).toThrow(
      'both effective from 2026-01-01T00:00:00Z',
    );
  });

  it('is in the currency of its pools where no card is in force', () => {
    const later = card({ effectiveFrom: '2026-11-01', currency: 'USD' });
    const pools = [readCostPool(pool('p'))];
    expect(cardCalendar([readRateCard(later)], '2026-10', pools).currency).toBe('EUR');
  });

  it('is in the currency of the first card where none is in force yet', () => {
    const cards = [
      card({ id: 'b', effectiveFrom: '2027-01-01', currency: 'USD' }),
      card({ id: 'a', effectiveFrom: '2026-11-01' }),
    ];
    expect(cardCalendar(cards.map(readRateCard), '2026-10').currency).toBe('EUR');
  });

  it('is of one currency, cards and pools together', () => {
    const pools = [pool('p'), pool('q', 'USD')].map(readCostPool);
    expect(() => requireOneCurrency([], pools)).toThrow(
      'Cost pool "p" is in EUR and Cost pool "q" in USD',
    );
    const [usd] = [readCostPool(pool('q', 'USD'))];
    expect(() =>
      requireOneCurrency([readRateCard(card())], usd === undefined ? [] : [usd]),
    ).toThrow('Rate card "std" is in EUR and Cost pool "q" in USD');
    expect(requireOneCurrency([], pools.slice(0, 1))).toBe('EUR');
  });

  it('has its conversions by currency, in their order', () => {
    const rates = [rate('u', 'USD'), rate('g', 'GBP'), rate('c', 'CHF')].map(readExchangeRate);
    const pools = [pool('p', 'USD'), pool('q', 'CHF'), pool('r', 'GBP')].map(readCostPool);
    const { conversions } = cardCalendar([readRateCard(card())], '2026-10', pools, rates);
    expect([...conversions.keys()]).toEqual(['CHF', 'GBP', 'USD']);
  });
});

describe('a commitment', () => {
  it('is bought for its hours of the month, and tells what of them was used', async () => {
    const commitment = {
      ...{ id: 'c', type: 'commitment', team: 't', measure: 'cores', unitPrice: '0.5' },
      ...{ quantityPerHour: '2', from: '2026-10-30', to: '2026-12-01' },
    };
    const { rated } = await priced({
      teams: [team('t', [{ project: 'p1' }])],
      usage: [usageRow({ hour: '2026-10-31T00:00:00Z', quantity: '5' })],
      adjustments: [commitment],
    });
    const told = rated.commitments.map(({ id, team: of, committed, used, unused }) =>
      [id, of, ...[committed, used, unused].map(toText)].join(' '),
    );
    expect(told).toEqual(['c t 96 2 94']);
    const line = rated.lines.find((one) => one.rule === 'c');
    expect(line).toMatchObject({ growsWithUse: false, basis: { hours: 48 } });
    expect([line?.quantity, line?.amount.minor]).toEqual([{ unscaled: 96n, scale: 0 }, 4_800n]);
  });

  it('takes nothing more of an hour once it is used up', async () => {
    const commitment = {
      ...{ type: 'commitment', team: 't', measure: 'cores', unitPrice: '0', quantityPerHour: '2' },
    };
    const { rated } = await priced({
      teams: [team('t', [{ project: 'a' }, { project: 'b' }])],
      usage: ['a', 'b'].map((project) => usageRow({ project, quantity: '2' })),
      adjustments: ['c', 'd'].map((id) => ({ ...commitment, id })),
    });
    expect(rated.commitments.map(({ id, used }) => `${id} ${toText(used)}`)).toEqual([
      'c 2',
      'd 2',
    ]);
  });

  it('is noted with all that it took, by its id', () => {
    const origins = new UsageOrigins();
    const key = { region: 'west', project: 'p', measure: 'cores', class: '' };
    origins.cover('t', key, new Map([['d', 2n]]));
    origins.cover(
      't',
      key,
      new Map([
        ['c', 1n],
        ['d', 3n],
      ]),
    );
    const [origin] = origins.list({ usageScale: 0, addedScale: 2 });
    expect(origin?.covered).toEqual([
      { commitment: 'c', quantity: { unscaled: 1n, scale: 2 } },
      { commitment: 'd', quantity: { unscaled: 5n, scale: 2 } },
    ]);
  });
});

describe('what cards, rates and adjustments cannot be together', () => {
  const unit = (id: string) => card({ id, effectiveFrom: `2026-0${id}-01` });
  it.each<[string, Parameters<typeof priced>[0]]>([
    ['cards of one id', { cards: [card(), card({ effectiveFrom: '2026-02-01' })] }],
    ['cards of one start', { cards: [card(), card({ id: 'b' })] }],
    ['no card at all', { cards: [] }],
    [
      'cards of two currencies',
      { cards: [card(), card({ id: 'b', currency: 'USD', effectiveFrom: '2026-10-02' })] },
    ],
    ['rates to two currencies', { exchangeRates: [rate('a', 'USD'), rate('b', 'EUR', 'USD')] }],
    [
      'no rate from a currency',
      {
        cards: [unit('1'), card({ currency: 'CHF', effectiveFrom: '2026-10-02' })],
        exchangeRates: [rate('a', 'USD')],
      },
    ],
    [
      'two rates of a day',
      { cards: [card({ currency: 'USD' })], exchangeRates: [rate('a', 'USD'), rate('b', 'USD')] },
    ],
    [
      'adjustments of one id',
      { adjustments: ['1', '2'].map((percent) => ({ id: 'd', type: 'discount', percent })) },
    ],
    ['pools of one id', { pools: [pool('p'), pool('p')] }],
    ['teams of one id', { teams: [team('t', []), team('t', [])] }],
    ['shares above 100', { teams: ['a', 'b'].map((id) => team(id, [{ project: 'p' }])) }],
    [
      'resources that no usage names',
      {
        usage: [usageRow()],
        cards: [
          card({ rules: [rule({ price: { model: 'flat', amount: '1', per: 'resource-month' } })] }),
        ],
      },
    ],
  ])('is refused: %s', async (_name, input) => {
    const told = await priced(input).catch((error: unknown) => error);
    expect(told).toMatchObject({ name: 'ProblemError', kind: 'refused' });
  });

  it('is invalid where a document is, with what was written cut short', () => {
    const from = 'x'.repeat(50);
    const told = () =>
      readAdjustment({
        id: 'c',
        type: 'commitment',
        team: 't',
        measure: 'm',
        quantityPerHour: '1',
        unitPrice: '1',
        from,
      });
    expect(told).toThrow(`"${'x'.repeat(40)}" is neither a date`);
    expect(told).toThrow(expect.objectContaining({ kind: 'invalid' }));
    expect(() => readRateCard({ a: 1, b: 2, c: 3, d: 4 })).toThrow(
      /^The rate card is not valid: (?:\/\w+: is \w+(?: \w+)*; ){3}and 5 more faults\.$/,
    );
  });
});
