import { describe, expect, it } from 'vitest';
import { billsOf } from '../../../lib/billing/bill.ts';
import { priceMonth } from '../../../lib/billing/price-month.ts';
import { readRateCard } from '../../../lib/rating/rate-card.ts';
import { card, octoberHour, rule, usageRow } from './documents.ts';

const RULES = {
  mappings: [
    { service: 'instance', field: 'flavor_name', value: 'm1.small', type: 'flat', cost: '0.5' },
    {
      service: 'instance',
      field: 'flavor_name',
      value: 'm1.small',
      type: 'flat',
      cost: '0.4',
      tenant: 'p2',
      start: '2026-10-16T00:00:00',
    },
  ],
  thresholds: [{ service: 'instance', level: '3', type: 'rate', cost: '0.9' }],
};

function hashmapRule(change: object = {}) {
  const price = { model: 'hashmap', service: 'instance', rules: RULES, ...change };
  return { id: 'ck', measure: 'instances', price };
}

async function linesOf(usage: ReturnType<typeof usageRow>[], priced = hashmapRule()) {
  const { rated, adjustments } = await priceMonth({
    period: '2026-10',
    usage,
    cards: [readRateCard({ ...card(), rules: [priced] })],
    teams: [],
    adjustments: [],
    pools: [],
    exchangeRates: [],
  });
  return billsOf(rated, adjustments).bills[0]?.lines.map(({ project, quantity, amount }) => [
    project,
    quantity,
    amount,
  ]);
}

const instance = { measure: 'instances', class: 'm1.small' };

describe('a rule with a hashmap price', () => {
  it('prices each hour of a resource as a data point', async () => {
    const rows = [
      usageRow({ ...instance, project: 'p1', quantity: '2', hour: octoberHour(0) }),
      usageRow({ ...instance, project: 'p1', quantity: '4', hour: octoberHour(1) }),
    ];
    // 2 x 0.5, and 4 x 0.5 at nine tenths
    expect(await linesOf(rows)).toEqual([['p1', '6', '2.80']]);
  });

  it('takes the rules of the scope, from when they are active', async () => {
    const rows = [0, 360].map((hour) =>
      usageRow({ ...instance, project: 'p2', quantity: '1', hour: octoberHour(hour) }),
    );
    expect(await linesOf(rows)).toEqual([['p2', '2', '0.90']]);
  });

  it('charges what no mapping names at nothing, in sight', async () => {
    const row = usageRow({ ...instance, class: 'm1.huge', project: 'p1', quantity: '1' });
    expect(await linesOf([row])).toEqual([['p1', '1', '0.00']]);
  });

  it('takes labels as fields, where the price names them, and their numbers as levels', async () => {
    const labelled = hashmapRule({
      labels: ['image_ref', 'vcpus'],
      rules: {
        mappings: [
          { service: 'instance', field: 'flavor_name', value: 'm1.small', type: 'flat', cost: '1' },
          { service: 'instance', field: 'image_ref', value: 'windows', type: 'rate', cost: '1.5' },
        ],
        thresholds: [{ service: 'instance', field: 'vcpus', level: '4', type: 'rate', cost: '2' }],
      },
    });
    const rows = [
      {},
      { image_ref: 'windows' },
      { image_ref: 'linux', vcpus: '4.0' },
      { image_ref: 'windows', vcpus: '3.9' },
      { vcpus: 'many' },
    ].map((metadata, index) =>
      usageRow({ ...instance, project: `p${index}`, quantity: '1', metadata }),
    );
    expect(await linesOf(rows, labelled)).toEqual([
      ['p0', '1', '1.00'],
      ['p1', '1', '1.50'],
      ['p2', '1', '2.00'],
      ['p3', '1', '1.50'],
      ['p4', '1', '1.00'],
    ]);
  });

  it.each([
    ['a label that all usage has', { labels: ['class'] }, 'is a field that all usage has'],
    ['a label that cannot be kept', { labels: ['a/b'] }, 'must be 1 to 64 letters'],
    ['a service without rules', { service: 'volume' }, 'there are rules of: instance'],
    [
      'a field that usage does not have',
      { rules: { mappings: [{ service: 'instance', field: 'image', value: 'x', cost: '1' }] } },
      'the field "image", which usage does not have: it has class, flavor, flavor_name, volume_type, project_id, region, and labels that regions keep and that the price names ("labels": ["image"])',
    ],
    ['a cost that is none', { rules: { mappings: [{ service: 'instance', cost: 'x' }] } }, '/cost'],
    ['no rules at all', { rules: undefined }, 'missing'],
  ])('is refused with %s', (_name, change, message) => {
    expect(() => readRateCard({ ...card(), rules: [hashmapRule(change)] })).toThrow(message);
  });
});

describe('a rule that may pay back', () => {
  const credit = rule({ price: { model: 'unit', unitPrice: '-0.5' } });

  it('has to say so', () => {
    expect(() => readRateCard(card({ rules: [credit] }))).toThrow('"allowCredit": true');
    expect(() => readRateCard(card({ rules: [{ ...credit, allowCredit: true }] }))).not.toThrow();
  });

  it('gives lines below 0', async () => {
    const { rated } = await priceMonth({
      period: '2026-10',
      usage: [usageRow({ quantity: '3' })],
      cards: [readRateCard(card({ rules: [{ ...credit, allowCredit: true }] }))],
      teams: [],
      adjustments: [],
      pools: [],
      exchangeRates: [],
    });
    expect(billsOf(rated, []).bills[0]?.total).toBe('-1.50');
  });
});
