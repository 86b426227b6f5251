import { describe, expect, it } from 'vitest';
import { parseExactJson } from '../../../lib/decimal/exact-json.ts';
import { ProblemError } from '../../../lib/errors.ts';
import {
  cardCalendar,
  requireDistinctCards,
  requireOneCurrency,
} from '../../../lib/rating/card-calendar.ts';
import { readRateCard } from '../../../lib/rating/rate-card.ts';
import { findOverlaps } from '../../../lib/rating/rule-overlap.ts';
import { card, rule } from './documents.ts';

/** Every fault as `pointer: message`. */
function faultsOf(document: unknown): string[] {
  try {
    readRateCard(document);
    return [];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.errors.map(({ pointer, message }) => `${pointer}: ${message}`);
  }
}

function cardWithPrice(price: unknown, changes: object = {}): unknown {
  return { ...card(), rules: [{ id: 'r', measure: 'cores', price, ...changes }] };
}

describe('a rate card', () => {
  it('takes decimals as text and as numbers, with every digit', () => {
    const text = JSON.stringify(card()).replace('"1"', '0.000000000000000000123');
    const [first] = readRateCard(parseExactJson(text)).rules;
    const price = { unscaled: 123n, scale: 21 };
    expect(first?.price).toEqual({ model: 'unit', unitPrice: price });
  });

  it('starts at a date or a whole UTC hour', () => {
    expect(faultsOf(card({ effectiveFrom: '2026-10-15T07:00:00Z' }))).toEqual([]);
    expect(faultsOf(card({ effectiveFrom: '2026-10-15T07:30:00Z' }))).toEqual([
      '/effectiveFrom: "2026-10-15T07:30:00Z" is neither a date (2026-10-01) nor a whole UTC hour (2026-10-01T07:00:00Z)',
    ]);
  });

  it.each<[string, unknown, string[]]>([
    ['nothing', undefined, [': is missing']],
    ['a list', [], [': must be an object']],
    [
      'an empty object',
      {},
      [
        '/id: is missing',
        '/currency: is missing',
        '/effectiveFrom: is missing',
        '/rules: is missing',
      ],
    ],
    ['an unknown key', { ...card(), valid: true }, ['/valid: is not a known key']],
    [
      'a prototype for a key',
      parseExactJson(JSON.stringify(card()).replace('{', '{"__proto__":{"x":1},')),
      ['/__proto__: is not a known key'],
    ],
    [
      'an unknown currency',
      card({ currency: 'eur' }),
      ['/currency: must be an active ISO 4217 code such as EUR'],
    ],
    [
      'an id that is not UTF-8',
      card({ id: '\uD800' }),
      ['/id: must be 1 to 255 bytes of UTF-8 text'],
    ],
    [
      'an unknown matcher',
      { ...card(), rules: [{ ...rule(), match: { flavour: 'x' } }] },
      ['/rules/0/match/flavour: is not a known key'],
    ],
    [
      'a rule without price',
      { ...card(), rules: [{ id: 'r', measure: 'cores' }] },
      ['/rules/0/price: is missing'],
    ],
    [
      'an unknown model',
      cardWithPrice({ model: 'spot' }),
      [
        '/rules/0/price/model: must be a price with the model unit, graduated, volume, package, flat or hashmap',
      ],
    ],
    [
      'a price of two models',
      cardWithPrice({ model: 'unit', unitPrice: '1', size: '5' }),
      ['/rules/0/price/size: is not a known key'],
    ],
    [
      'a negative price',
      cardWithPrice({ model: 'unit', unitPrice: '-1' }),
      ['/rules/0/price/unitPrice: must not be negative, unless the rule says "allowCredit": true'],
    ],
    [
      'a price that is no decimal',
      cardWithPrice({ model: 'unit', unitPrice: '1,5' }),
      ['/rules/0/price/unitPrice: "1,5" is not a decimal: write it as 12.5'],
    ],
    [
      'no band',
      cardWithPrice({ model: 'graduated', bands: [] }),
      ['/rules/0/price/bands: must have at least one band'],
    ],
    [
      'a last band with upTo',
      cardWithPrice({ model: 'volume', bands: [{ upTo: '10', unitPrice: '1' }] }),
      [
        '/rules/0/price/bands/0/upTo: must not stand in the last band: it would leave usage beyond it without a price',
      ],
    ],
    [
      'a band without upTo before the last',
      cardWithPrice({ model: 'graduated', bands: [{ unitPrice: '1' }, { unitPrice: '2' }] }),
      ['/rules/0/price/bands/0: needs upTo: only the last band goes without'],
    ],
    [
      'bands that do not ascend',
      cardWithPrice({
        model: 'graduated',
        bands: [
          { upTo: '10', unitPrice: '1' },
          { upTo: '10.0', unitPrice: '1' },
          { unitPrice: '2' },
        ],
      }),
      ['/rules/0/price/bands/1/upTo: must be above the upTo of the band before it'],
    ],
    [
      'a band that ends at 0',
      cardWithPrice({ model: 'graduated', bands: [{ upTo: 0, unitPrice: 1 }, { unitPrice: 2 }] }),
      ['/rules/0/price/bands/0/upTo: must be above 0'],
    ],
    [
      'a package of nothing',
      cardWithPrice({ model: 'package', size: '0', packagePrice: '1' }),
      ['/rules/0/price/size: must be above 0'],
    ],
    [
      'a flat price per day',
      cardWithPrice({ model: 'flat', amount: '1', per: 'day' }),
      ['/rules/0/price/per: must be month or resource-month'],
    ],
    [
      'a negative allowance',
      cardWithPrice({ model: 'unit', unitPrice: '1' }, { allowance: '-5' }),
      ['/rules/0/allowance: must not be negative'],
    ],
    [
      'two rules of one id',
      card({ rules: [rule(), rule({ measure: 'ram' })] }),
      ['/rules/1: has the id "cores" of /rules/0: counts and lines go by it'],
    ],
  ])('is refused with %s', (_name, document, faults) => {
    expect(faultsOf(document)).toEqual(faults);
  });
});

describe('rules that tie', () => {
  const anything = rule({ id: 'a' });
  it.each([
    ['two without matchers', {}, {}],
    ['two of one class', { class: 'gpu' }, { class: 'gpu' }],
    ['two of the empty class', { class: '' }, { class: '' }],
    ['a class and a region', { class: 'gpu' }, { region: 'west' }],
    ['a project and a team, which may have it', { project: 'p1' }, { team: 'payments' }],
    ['pairs that share what they name', { class: 'a', region: 'w' }, { class: 'a', team: 't' }],
  ])('are refused: %s', (_name, first, second) => {
    const rules = [rule({ id: 'a', match: first }), rule({ id: 'b', match: second })];
    expect(faultsOf(card({ rules }))).toEqual([
      '/rules/1: and /rules/0 have equally many matchers and can match the same usage: add a matcher to one of them',
    ]);
  });

  it.each([
    ['different measures', rule({ id: 'b', measure: 'ram' })],
    ['more matchers', rule({ id: 'b', match: { class: 'gpu' } })],
  ])('are told apart by %s', (_name, other) => {
    expect(faultsOf(card({ rules: [anything, other] }))).toEqual([]);
  });

  it.each([
    ['different classes', { class: 'a' }, { class: 'b' }],
    ['a common matcher that differs', { class: 'a', region: 'w' }, { class: 'b', team: 't' }],
  ])('are told apart by %s', (_name, first, second) => {
    const rules = [rule({ id: 'a', match: first }), rule({ id: 'b', match: second })];
    expect(faultsOf(card({ rules }))).toEqual([]);
  });

  it('are found among all pairs, as by comparing each with each', () => {
    const values = [undefined, 'a', 'b'];
    const rules = values.flatMap((region) =>
      values.flatMap((project) =>
        values.map((team) => ({ measure: 'cores', match: { region, project, team } })),
      ),
    );
    const clash = (i: number, j: number) => {
      const [a, b] = [rules[i]?.match, rules[j]?.match];
      if (a === undefined || b === undefined) return false;
      const keys = ['region', 'project', 'team'] as const;
      const count = (match: typeof a) => keys.filter((key) => match[key] !== undefined).length;
      const differs = keys.some((key) => a[key] && b[key] && a[key] !== b[key]);
      return count(a) === count(b) && !differs;
    };
    for (let i = 0; i < rules.length; i += 1) {
      for (let j = 0; j < i; j += 1) {
        const pair = [rules[j], rules[i]].filter((one) => one !== undefined);
        expect([...findOverlaps(pair)].length > 0, `${j} and ${i}`).toBe(clash(i, j));
      }
    }
  });
});

describe('cards side by side', () => {
  const january = readRateCard(card());
  const october = readRateCard(card({ id: 'new', effectiveFrom: '2026-10-15' }));

  it('must not start at the same instant, however it is written', () => {
    const twin = readRateCard(card({ id: 'twin', effectiveFrom: '2026-10-15T00:00:00Z' }));
    expect(() => requireDistinctCards([january, october, twin])).toThrow(
      'Rate cards "new" and "twin" are both effective from 2026-10-15T00:00:00Z',
    );
  });

  it('must have ids of their own', () => {
    const twin = readRateCard(card({ effectiveFrom: '2026-10-15' }));
    expect(() => requireDistinctCards([january, twin])).toThrow('Two rate cards have the id "std"');
  });

  it('must be in one currency, and there must be one', () => {
    const dollars = readRateCard(card({ id: 'usd', currency: 'USD' }));
    expect(() => requireOneCurrency([january, dollars])).toThrow(
      '"std" is in EUR and Rate card "usd" in USD: bills in two currencies need exchange rates',
    );
    expect(() => requireOneCurrency([])).toThrow('There is no rate card');
  });

  it('are in force from their hour until the next starts, in whatever order they come', () => {
    const calendar = cardCalendar([october, january], '2026-10');
    expect(calendar.cards.map(({ id }) => id)).toEqual(['std', 'new']);
    expect([0, 335, 336, 743].map((hour) => calendar.cardOfHour[hour])).toEqual([0, 0, 1, 1]);
  });

  it('leave out those that another took over from before the month', () => {
    const old = readRateCard(card({ id: 'old', effectiveFrom: '2025-01-01', currency: 'USD' }));
    const calendar = cardCalendar([old, january, october], '2026-09');
    expect(calendar.cards.map(({ id }) => id)).toEqual(['std']);
    expect(calendar.currency).toBe('EUR');
    const november = readRateCard(card({ id: 'nov', effectiveFrom: '2026-11-01' }));
    expect(cardCalendar([january, november], '2026-11').cards.map(({ id }) => id)).toEqual(['nov']);
    expect(cardCalendar([january, november], '2026-10').cards.map(({ id }) => id)).toEqual(['std']);
  });

  it('leave the hours before the first without a card', () => {
    const calendar = cardCalendar([october], '2026-10');
    expect([335, 336].map((hour) => calendar.cardOfHour[hour])).toEqual([-1, 0]);
    expect(cardCalendar([october], '2026-09')).toMatchObject({ currency: 'EUR', cards: [] });
  });
});
