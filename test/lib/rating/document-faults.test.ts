import { describe, expect, it } from 'vitest';
import { readBillingSettings } from '../../../lib/billing/billing-settings.ts';
import { ProblemError } from '../../../lib/errors.ts';
import { readAdjustment } from '../../../lib/rating/adjustment.ts';
import { readCostPool } from '../../../lib/rating/cost-pool.ts';
import { readExchangeRate } from '../../../lib/rating/exchange-rates.ts';
import { readRateCard } from '../../../lib/rating/rate-card.ts';
import { readTeam } from '../../../lib/rating/team.ts';
import { usageRowSchema } from '../../../lib/rating/usage-row.ts';
import { readDocument } from '../../../lib/rating/validate.ts';
import { card, rule, team, usageRow } from './documents.ts';

/** Every fault as `pointer: message`. */
function faultsOf(read: (document: unknown) => unknown, document: unknown): string[] {
  try {
    read(document);
    return [];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.errors.map(({ pointer, message }) => `${pointer}: ${message}`);
  }
}

const LONGEST = 'é'.repeat(127);
const commitment = {
  ...{ id: 'c', type: 'commitment', team: 't', measure: 'cores', quantityPerHour: '1' },
  unitPrice: '0',
};
const discount = { id: 'd', type: 'discount', percent: '10' };
const credit = { id: 'o', type: 'credit', team: 't', amount: '1', reason: 'outage' };

describe('an adjustment', () => {
  it.each<[string, unknown]>([
    ['commitment', { ...commitment, match: { region: 'west', class: '', project: 'p' } }],
    ['commitment of an hour', { ...commitment, from: '2026-10-01', to: '2026-10-01T01:00:00Z' }],
    ['discount of all', { ...discount, percent: '100' }],
    ['discount of a month', { ...discount, from: '2026-10', to: '2026-11' }],
    ['surcharge of ten times', { id: 's', type: 'surcharge', percent: '1000' }],
    ['credit with its reason', { ...credit, reason: 'x'.repeat(1_000) }],
  ])('may be a %s', (_name, document) => {
    expect(faultsOf(readAdjustment, document)).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, ': must be an object'],
    ['a list', [], ': must be an object'],
    [
      'an unknown kind',
      { ...credit, type: 'gift' },
      '/type: must be one of commitment, discount, minimum, surcharge, charge, credit',
    ],
    [
      'a region that is none',
      { ...commitment, match: { region: 'a b' } },
      '/match/region: must be the name of a region',
    ],
    [
      'a commitment of nothing',
      { ...commitment, quantityPerHour: '0' },
      '/quantityPerHour: must be above 0',
    ],
    [
      'a commitment that ends as it begins',
      { ...commitment, from: '2026-10-01', to: '2026-10-01T00:00:00Z' },
      '/to: must be after from (it is exclusive)',
    ],
    [
      'a month that is none',
      { ...discount, from: '2026-13' },
      '/from: must be a month such as 2026-10',
    ],
    [
      'neither percent nor amount',
      { id: 'd', type: 'discount' },
      ': must have either percent or amount',
    ],
    ['no percentage', { ...discount, percent: '0' }, '/percent: must be above 0'],
    [
      'more than ten times',
      { id: 's', type: 'surcharge', percent: '1000.1' },
      '/percent: must be at most 1000',
    ],
    ['a blank reason', { ...credit, reason: '  ' }, '/reason: must say why'],
  ])('is refused with %s', (_name, document, fault) => {
    expect(faultsOf(readAdjustment, document)).toEqual([fault]);
  });
});

const pool = {
  ...{ id: 'w', region: 'west', period: '2026-10', currency: 'EUR', amount: '0' },
  ...{ weights: { cores: '1', ram: '0' }, idle: 'keep', capacity: {} },
};
const rate = { id: 'r', from: 'USD', to: 'EUR', rate: '0.9', date: '2026-10-31' };

describe('a cost pool', () => {
  it.each<[string, object, string[]]>([
    ['nothing wrong', {}, []],
    ['a month that is none', { period: '2026-1' }, ['/period: must be a month such as 2026-10']],
    [
      'a currency that is none',
      { currency: 'XXX' },
      ['/currency: must be an active ISO 4217 code such as EUR'],
    ],
    [
      'a measure without a name',
      { weights: { '': '1' } },
      ['/weights: has a measure without a name'],
    ],
    ['capacity below 0', { capacity: { cores: '-1' } }, ['/capacity/cores: must not be negative']],
    ['no weight', { weights: {} }, ['/weights: must give at least one measure a weight above 0']],
  ])('is told of %s', (_name, change, faults) => {
    expect(faultsOf(readCostPool, { ...pool, ...change })).toEqual(faults);
  });
});

describe('an exchange rate', () => {
  it.each<[string, object, string[]]>([
    ['nothing wrong', {}, []],
    ['one currency', { from: 'EUR' }, ['/to: must be another currency than from']],
    ['a date that is none', { date: '2026-02-30' }, ['/date: must be a date such as 2026-10-31']],
    ['no rate', { rate: '0' }, ['/rate: must be above 0']],
    [
      'a currency that is none',
      { to: 'EURO' },
      ['/to: must be an active ISO 4217 code such as EUR'],
    ],
  ])('is told of %s', (_name, change, faults) => {
    expect(faultsOf(readExchangeRate, { ...rate, ...change })).toEqual(faults);
  });
});

const budget = { amount: '1000' };
const muted = { until: '2026-12-01', by: 'ann' };

describe('a team', () => {
  it.each<[string, object, string[]]>([
    ['a budget', { budget }, []],
    ['a muted budget', { budget: { ...budget, currency: 'EUR', muted, actual: ['12.5'] } }, []],
    ['ids that are UTF-8 of 255 bytes', { id: `${LONGEST}e` }, []],
    ['longer ids', { id: `${LONGEST}ee` }, ['/id: must be 1 to 255 bytes of UTF-8 text']],
    ['an empty id', { id: '' }, ['/id: must be 1 to 255 bytes of UTF-8 text']],
    [
      'a day that is none',
      { budget: { ...budget, muted: { ...muted, until: '2026-12' } } },
      ['/budget/muted/until: must be a day such as 2026-12-01'],
    ],
    [
      'a mapping without an hour',
      { projects: [{ project: 'p', from: '2026-10-01', to: '2026-10-01' }] },
      ['/projects/0/to: must be after from (it is exclusive)'],
    ],
  ])('is told of %s', (_name, change, faults) => {
    expect(faultsOf(readTeam, { ...team('t', []), ...change })).toEqual(faults);
  });

  it('is told at 50, 80 and 100 %, and projected at 100, where it says nothing else', () => {
    const { actual, projected } = readTeam({ ...team('t', []), budget }).budget ?? {};
    expect([actual, projected].map((of) => of?.map(({ unscaled }) => unscaled))).toEqual([
      [50n, 80n, 100n],
      [100n],
    ]);
  });
});

describe('a usage row', () => {
  it.each<[string, object, string[]]>([
    ['nothing wrong', {}, []],
    ['no class', { class: '' }, []],
    [
      'an hour that is none',
      { hour: '2026-10-05T10:30:00Z' },
      ['/hour: must be the start of a UTC hour, such as 2026-10-05T10:00:00Z'],
    ],
    [
      'a class that is no text',
      { class: '\uD800' },
      ['/class: must be at most 255 bytes of UTF-8 text'],
    ],
    [
      'too long a class',
      { class: `${LONGEST}ee` },
      ['/class: must be at most 255 bytes of UTF-8 text'],
    ],
    ['a region that is none', { region: '' }, ['/region: must be the name of a region']],
  ])('is told of %s', (_name, change, faults) => {
    const read = (row: unknown) => readDocument(usageRowSchema, row, 'The row');
    expect(faultsOf(read, { ...usageRow(), ...change })).toEqual(faults);
  });

  it('has its quantity in plain digits', () => {
    expect(usageRowSchema.parse({ ...usageRow(), quantity: 1.5 }).quantity).toBe('1.5');
    expect(usageRowSchema.parse({ ...usageRow(), quantity: '2.50' }).quantity).toBe('2.5');
  });
});

describe('a rule', () => {
  const hashmap = {
    model: 'hashmap',
    service: 'instance',
    rules: { services: [], fields: [], mappings: [], thresholds: [], groups: [] },
  };
  it.each<[string, object, RegExp]>([
    [
      'a negative price of a band',
      {
        price: { model: 'graduated', bands: [{ upTo: '1', unitPrice: '1' }, { unitPrice: '-1' }] },
      },
      /bands\/1\/unitPrice: must not be negative/,
    ],
    [
      'a negative price of a package',
      { price: { model: 'package', size: '1', packagePrice: '-1' } },
      /packagePrice: must not be/,
    ],
    [
      'a negative flat price',
      { price: { model: 'flat', per: 'month', amount: '-1' } },
      /price\/amount: must not be/,
    ],
    ['a price of nothing', { price: undefined }, /price: is missing/],
    ['no metadata', { match: { metadata: {} } }, /metadata: must name at least one key/],
    [
      'an allowance of a hashmap',
      { price: hashmap, allowance: '1' },
      /allowance: does not go with hashmap/,
    ],
  ])('is refused with %s', (_name, change, fault) => {
    const rules = [{ ...rule(), ...change }];
    expect(faultsOf(readRateCard, { ...card(), rules }).join('\n')).toMatch(fault);
  });

  it('may pay back where it says so, and cost nothing where it does not', () => {
    const price = (unitPrice: string) => ({ model: 'unit', unitPrice }) as const;
    const faults = (changes: object) => faultsOf(readRateCard, card({ rules: [rule(changes)] }));
    expect(faults({ price: price('0') })).toEqual([]);
    expect(faults({ price: price('-1'), allowCredit: true })).toEqual([]);
    expect(faults({ price: price('-1'), allowCredit: false })).toHaveLength(1);
  });
});

describe('the faults of a document', () => {
  it('are told in one sentence, the first three by name', () => {
    const told = (document: unknown) => () => readRateCard(document);
    expect(told({ ...card(), id: '' })).toThrow(
      'The rate card is not valid: /id: must be 1 to 255 bytes of UTF-8 text.',
    );
    expect(told(undefined)).toThrow('The rate card is not valid: is missing.');
    const three = { effectiveFrom: '2026-01-01' };
    expect(told(three)).toThrow(
      'is not valid: /id: is missing; /currency: is missing; /rules: is missing.',
    );
    expect(told({ ...three, 'a/b~c': 1, d: 2 })).toThrow(/; and 2 more faults\.$/);
  });

  it('point to their places, as RFC 6901 writes them', () => {
    expect(faultsOf(readRateCard, { ...card(), 'a/b~c': 1 })).toEqual([
      '/a~1b~0c: is not a known key',
    ]);
  });

  it('name the document', () => {
    const named = [
      [readTeam, 'The team'],
      [readCostPool, 'The cost pool'],
      [readExchangeRate, 'The exchange rate'],
      [readAdjustment, 'The adjustment'],
      [readBillingSettings, 'The billing settings'],
    ] as const;
    for (const [read, name] of named) expect(() => read({})).toThrow(`${name} is not valid: `);
  });
});
