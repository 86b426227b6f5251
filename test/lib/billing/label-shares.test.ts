import { expect, it } from 'vitest';
import { type CloseInput, readInputs } from '../../../lib/billing/close-input.ts';
import { costsByLabel } from '../../../lib/billing/label-costs.ts';
import { card, rule, team, usageRow } from '../rating/documents.ts';

const unit = (unitPrice: string) => ({ model: 'unit', unitPrice }) as const;
const env = (value: string, quantity: string, changes: object = {}) =>
  usageRow({ quantity, metadata: { env: value }, ...changes });

/** Each value's cost as `team measure value quantity amount`, then what is of no resource. */
async function told(changes: Partial<CloseInput>): Promise<string[]> {
  const nothing = { teams: [], adjustments: [], pools: [], exchangeRates: [] };
  const input = readInputs({
    period: '2026-10',
    cards: [card()],
    usage: [],
    ...nothing,
    ...changes,
  });
  const { costs, shared } = await costsByLabel(input, { label: 'env', team: null });
  return [
    ...costs.map((one) =>
      [one.team, one.measure, one.value ?? 'none', one.quantity, one.amount].join(' '),
    ),
    ...shared.map((one) => `${one.team} shared ${one.amount}`),
  ];
}

it('what has no price or pays back is divided by what it costs, else by what was used', async () => {
  const usage = [env('dev', '1'), env('prod', '3')];
  const by = (unitPrice: string, more: object = {}) =>
    told({ usage, cards: [card({ rules: [rule({ price: unit(unitPrice), ...more })] })] });
  expect(await by('0')).toEqual(['unassigned cores dev 1 0.00', 'unassigned cores prod 3 0.00']);
  expect(await by('-2', { allowCredit: true })).toEqual([
    'unassigned cores dev 1 -2.00',
    'unassigned cores prod 3 -6.00',
  ]);
});

it('a line whose prices go both ways is divided by what was used', async () => {
  const price = {
    model: 'hashmap',
    service: 's',
    rules: {
      mappings: [
        { service: 's', type: 'flat', cost: '4' },
        { service: 's', field: 'env', value: 'dev', type: 'rate', cost: '-2' },
      ],
    },
    labels: ['env'],
  };
  const cards = [{ ...card(), rules: [{ ...rule(), price }] }];
  expect(await told({ usage: [env('dev', '1'), env('prod', '3')], cards })).toEqual([
    'unassigned cores dev 1 1.00',
    'unassigned cores prod 3 3.00',
  ]);
});

it('an allowance is free for those who used it first', async () => {
  const usage = [
    env('dev', '4', { hour: '2026-10-05T10:00:00Z' }),
    env('prod', '4', { hour: '2026-10-05T11:00:00Z' }),
  ];
  const cards = [card({ rules: [rule({ allowance: '4' })] })];
  expect(await told({ usage, cards })).toEqual([
    'unassigned cores dev 4 0.00',
    'unassigned cores prod 4 4.00',
  ]);
});

it('values stand by team and measure, and those without one last', async () => {
  const usage = [
    usageRow({ project: 'r' }),
    usageRow({ project: 'b', measure: 'ram', metadata: { env: 'x' } }),
    usageRow({ project: 'b' }),
    env('z', '1', { project: 'b' }),
    env('a', '1', { project: 'b' }),
    env('=', '1', { project: 'b' }),
  ];
  const teams = [team('red', [{ project: 'r' }]), team('blue', [{ project: 'b' }])];
  const cards = [card({ rules: [rule(), rule({ id: 'ram', measure: 'ram' })] })];
  const adjustments = ['red', 'blue'].map((of) => ({
    id: of,
    type: 'discount',
    percent: '50',
    team: of,
  }));
  expect(await told({ usage, teams, cards, adjustments })).toEqual([
    'blue cores = 1 1.00',
    'blue cores a 1 1.00',
    'blue cores z 1 1.00',
    'blue cores none 1 1.00',
    'blue ram x 1 1.00',
    'red cores none 1 1.00',
    'blue shared -2.50',
    'red shared -0.50',
  ]);
});
