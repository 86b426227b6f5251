import { expect, it } from 'vitest';
import type { CloseInput } from '../../../lib/billing/close-input.ts';
import { comparePricing } from '../../../lib/billing/compare-pricing.ts';
import { card, rule, team, usageRow } from '../rating/documents.ts';
import { priced } from './quoted.ts';

const teams = [team('red', [{ project: 'p1' }]), team('blue', [{ project: 'p2' }])];
const usage = [
  usageRow({ quantity: '10' }),
  usageRow({ project: 'p2', quantity: '3', region: 'east' }),
  usageRow({ project: 'p2', quantity: '4', measure: 'ram' }),
  usageRow({ project: 'p2', quantity: '5', measure: 'disk' }),
];
const ram = rule({ id: 'ram', measure: 'ram' });
const unit = (unitPrice: string) => rule({ price: { model: 'unit', unitPrice } });

async function compared(own: Partial<CloseInput>, other: Partial<CloseInput>) {
  const [one, two] = [
    { teams, usage, ...own },
    { teams, usage, ...other },
  ];
  const told = comparePricing(await priced(one), await priced(two));
  const text = (row: object) => Object.values(row).join(' ');
  return {
    all: [told.currency, told.own, told.other, told.difference].join(' '),
    measures: told.measures.map(({ team: of, measure, ...row }) => `${of} ${measure} ${text(row)}`),
    unitCosts: told.unitCosts.map(text),
    unrated: told.unrated.map(({ measure, quantity }) => `${measure} ${quantity}`),
  };
}

it('puts usage, amounts and what a unit comes to side by side', async () => {
  const dear = card({ id: 'dear', rules: [unit('1.5')] });
  expect(await compared({ cards: [card({ rules: [rule(), ram] })] }, { cards: [dear] })).toEqual({
    all: 'EUR 17.00 19.50 2.50',
    measures: [
      'blue cores 3 3.00 4.50 1.50',
      'blue disk 5 0.00 0.00 0.00',
      'blue ram 4 4.00 0.00 -4.00',
      'red cores 10 10.00 15.00 5.00',
    ],
    unitCosts: [
      'east cores 3 3.00 4.50 1.50 1 1.5',
      'west cores 10 10.00 15.00 5.00 1 1.5',
      'west disk 5 0.00 0.00 0.00 0 0',
      'west ram 4 4.00 0.00 -4.00 1 0',
    ],
    unrated: ['disk 5', 'ram 4'],
  });
});

it('counts adjustments and commitments in amounts, and in no unit cost', async () => {
  const adjustments = [
    {
      ...{ id: 'c', type: 'commitment', team: 'red', measure: 'cores', quantityPerHour: '4' },
      ...{ unitPrice: '0.5', from: '2026-10-05', to: '2026-10-06' },
    },
    { id: 'd', type: 'discount', team: 'red', percent: '50' },
  ];
  const { all, measures, unitCosts } = await compared({ adjustments }, {});
  expect(all).toBe('EUR 30.00 13.00 -17.00');
  expect(measures).toEqual([
    'blue cores 3 3.00 3.00 0.00',
    'blue disk 5 0.00 0.00 0.00',
    'blue ram 4 0.00 0.00 0.00',
    'red  0 -27.00 0.00 27.00',
    'red cores 6 54.00 10.00 -44.00',
  ]);
  expect(unitCosts).toEqual([
    'east cores 3 3.00 3.00 0.00 1 1',
    'west cores 6 6.00 10.00 4.00 1 1.66666667',
    'west disk 5 0.00 0.00 0.00 0 0',
    'west ram 4 0.00 0.00 0.00 0 0',
  ]);
});

it('counts what pools pay for, where a unit cost is that of the region', async () => {
  const pool = {
    ...{ id: 'w', region: 'west', period: '2026-10', currency: 'EUR', amount: '20' },
    ...{ weights: { cores: '1', gpu: '1' }, idle: 'spread' },
  };
  const { all, unitCosts } = await compared({ pools: [pool] }, {});
  expect(all).toBe('EUR 23.00 13.00 -10.00');
  expect(unitCosts).toEqual([
    'east cores 3 3.00 3.00 0.00 1 1',
    'west cores 10 10.00 10.00 0.00 1 1',
    'west disk 5 0.00 0.00 0.00 0 0',
    'west gpu 0 10.00 0.00 -10.00  ',
    'west ram 4 0.00 0.00 0.00 0 0',
  ]);
});

it('is of nothing where nothing was used', async () => {
  expect(await compared({ usage: [] }, { usage: [] })).toEqual({
    ...{ all: 'EUR 0.00 0.00 0.00', measures: [], unitCosts: [], unrated: [] },
  });
});

it('is not of two currencies', async () => {
  const dollars = { cards: [card({ currency: 'USD' })] };
  await expect(compared({}, dollars)).rejects.toThrow('two currencies cannot be compared');
});
