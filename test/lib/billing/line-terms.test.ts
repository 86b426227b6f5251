import { expect, it } from 'vitest';
import type { CloseInput } from '../../../lib/billing/close-input.ts';
import {
  type LineTerms,
  signedTerms,
  termsByTeam,
  termsToldOf,
} from '../../../lib/billing/line-terms.ts';
import { card, rule, team, usageRow } from '../rating/documents.ts';
import { priced } from './quoted.ts';

const bands = [{ upTo: '2', unitPrice: '3' }, { unitPrice: '0.50' }];
const flat = (per: 'month' | 'resource-month') =>
  ({ model: 'flat', amount: '7.440', per }) as const;
const used = { kind: 'rule', currency: 'EUR' };

async function termsOf(changes: Partial<CloseInput>) {
  const teams = [team('blue', [{ project: 'p1' }])];
  const usage = [usageRow({ quantity: '3', resource: 'r1' })];
  const month = await priced({ teams, usage, ...changes });
  return Object.fromEntries(termsByTeam(month));
}

it.each<[string, Parameters<typeof rule>[0], object[]]>([
  [
    'units beyond the allowance',
    { allowance: '1', price: { model: 'unit', unitPrice: '0.10' } },
    [{ model: 'unit', priced: '2', unitPrice: '0.1' }],
  ],
  [
    'the price of each band',
    { price: { model: 'graduated', bands } },
    [
      { model: 'graduated', priced: '2', unitPrice: '3' },
      { model: 'graduated', priced: '1', unitPrice: '0.5' },
    ],
  ],
  [
    'the price of the band that was reached',
    { price: { model: 'volume', bands } },
    [{ model: 'volume', priced: '3', unitPrice: '0.5' }],
  ],
  [
    'packages',
    { price: { model: 'package', size: '2', packagePrice: '5' } },
    [{ model: 'package', priced: '2', unitPrice: '5' }],
  ],
  ['a month', { price: flat('month') }, [{ model: 'flat', priced: '1', unitPrice: '7.44' }]],
  [
    'hours of a month',
    { price: flat('resource-month') },
    [{ model: 'flat', priced: '1', perHoursOfMonth: true, unitPrice: '7.44' }],
  ],
])('a line tells %s', async (_name, changes, terms) => {
  expect(await termsOf({ cards: [card({ rules: [rule(changes)] })] })).toStrictEqual({
    blue: terms.map((one) => ({ ...used, ...one })),
  });
});

it('a line tells the currency that it was priced in, and the rate', async () => {
  const rate = { id: 'r', from: 'USD', to: 'EUR', rate: '0.90', date: '2026-10-01' };
  expect(
    await termsOf({ cards: [card({ currency: 'USD' })], exchangeRates: [rate] }),
  ).toStrictEqual({
    blue: [
      { kind: 'rule', model: 'unit', priced: '3', unitPrice: '1', currency: 'USD', rate: '0.9' },
    ],
  });
});

it('lines of pools are used or idle', async () => {
  const pool = {
    ...{ id: 'w', region: 'west', period: '2026-10', currency: 'EUR', amount: '10' },
    ...{ weights: { cores: '1' }, idle: 'keep', capacity: { cores: '30' }, idleTeam: 'cloud' },
  };
  expect(await termsOf({ pools: [pool] })).toStrictEqual({
    blue: [{ kind: 'pool', currency: 'EUR' }],
    cloud: [{ kind: 'idle', currency: 'EUR' }],
  });
});

it('lines of commitments tell what was used of them, and adjustments why they are', async () => {
  const month = { from: '2026-10-01', to: '2026-10-02' };
  const commitment = { type: 'commitment', team: 'blue', measure: 'cores', quantityPerHour: '2' };
  const adjustments = [
    { id: 'c', ...commitment, ...month, from: '2026-10-05', to: '2026-10-06', unitPrice: '0.50' },
    { id: 'd', type: 'discount', percent: '1' },
    { id: 'f', type: 'minimum', team: 'blue', amount: '100' },
    { id: 's', type: 'surcharge', percent: '1' },
    { id: 'o', type: 'charge', team: 'blue', amount: '1', reason: 'setup' },
    { id: 'b', type: 'credit', team: 'blue', amount: '1', reason: 'outage' },
  ];
  const cards = [card({ rules: [rule({ minimum: '5' })] })];
  expect(await termsOf({ cards, adjustments })).toStrictEqual({
    blue: [
      { kind: 'commitment', unitPrice: '0.5', used: '2' },
      { ...used, model: 'unit', priced: '1', unitPrice: '1' },
      { kind: 'rule-minimum' },
      { kind: 'discount' },
      { kind: 'minimum' },
      { kind: 'surcharge' },
      { kind: 'charge', reason: 'setup' },
      { kind: 'credit', reason: 'outage' },
    ],
  });
});

it('a line of hours with prices of their own has no price of one', async () => {
  const rules = { mappings: [{ service: 's', type: 'flat', cost: '0.5' }] };
  const price = { model: 'hashmap', service: 's', rules };
  const cards = [{ ...card(), rules: [{ ...rule(), price }] }];
  expect(await termsOf({ cards })).toStrictEqual({
    blue: [{ ...used, model: 'hashmap', priced: '1.5', unitPrice: null }],
  });
});

it.each<[string, LineTerms | undefined, object]>([
  [
    'what of a commitment was not used',
    { kind: 'commitment', unitPrice: '1', used: '1.5' },
    { unusedQuantity: '1.5' },
  ],
  ['why a charge is there', { kind: 'charge', reason: 'setup' }, { oneOff: { reason: 'setup' } }],
  ['why a credit is there', { kind: 'credit', reason: 'outage' }, { oneOff: { reason: 'outage' } }],
  ['nothing of a discount', { kind: 'discount' }, {}],
  ['nothing where terms were not kept', undefined, {}],
])('documents tell %s', (_name, terms, told) => {
  expect(termsToldOf({ quantity: '3' }, terms)).toStrictEqual(told);
});

it('charges and credits are signed by who wrote them, where that is known', () => {
  const charge = { kind: 'charge', reason: 'setup' } as const;
  const credit = { kind: 'credit', reason: 'outage' } as const;
  const author = { by: 'ann', at: '2026-10-01T00:00:00Z' } as never;
  const authors = new Map([
    ['a', author],
    ['d', author],
  ]);
  const terms: LineTerms[] = [charge, credit, { kind: 'discount' }, credit];
  const lines = ['a', 'b', 'd', 'd'].map((id) => ({ rule: id }));
  expect(signedTerms(terms, lines, authors)).toStrictEqual([
    { ...charge, author },
    credit,
    { kind: 'discount' },
    { ...credit, author },
  ]);
});
