import { expect, it } from 'vitest';
import { closeMonth } from '../../../lib/billing/close-month.ts';
import { octoberHour } from '../rating/documents.ts';

const COMMITMENT = {
  ...{ id: 'c', type: 'commitment', team: 'blue', measure: 'cores' },
  ...{ quantityPerHour: '2', unitPrice: '0.5' },
};

/** Three units of each kind of usage in the third hour of October, at 1 each beside a commitment of 2 units an hour. */
async function billed(commitment: object) {
  const kinds = [
    ['west', 'p1', 'cores', 'm1'],
    ['east', 'p2', 'cores', 'm2'],
    ['west', 'p3', 'ram', 'm1'],
  ] as const;
  const usage = kinds.map(([region, project, measure, name]) => ({
    ...{ region, project, measure, class: name, hour: octoberHour(2), quantity: '3' },
  }));
  const price = { model: 'unit', unitPrice: '1' };
  const rules = ['cores', 'ram'].map((measure) => ({ id: measure, measure, price }));
  const projects = ['p1', 'p2', 'p3'].map((project) => ({ project }));
  const { bills } = await closeMonth({
    ...{ period: '2026-10', usage, pools: [], exchangeRates: [] },
    cards: [{ id: 'std', currency: 'EUR', effectiveFrom: '2026-01-01', rules }],
    teams: [{ id: 'blue', projects }],
    adjustments: [{ ...COMMITMENT, ...commitment }],
  });
  const lines = bills[0]?.bill.lines ?? [];
  const of = (wanted: string) => lines.find(({ project }) => project === wanted)?.quantity;
  const paid = lines.find(({ rule }) => rule === 'c');
  return { left: ['p1', 'p2', 'p3'].map(of), paid: paid && `${paid.quantity} ${paid.amount}` };
}

const ALL = '1488 744.00';

it.each([
  // East comes before west: it is covered first.
  { name: 'anything of its measure', change: {}, left: ['3', '1', '3'], paid: ALL },
  { name: 'a region', change: { match: { region: 'west' } }, left: ['1', '3', '3'], paid: ALL },
  { name: 'a class', change: { match: { class: 'm1' } }, left: ['1', '3', '3'], paid: ALL },
  { name: 'a project', change: { match: { project: 'p1' } }, left: ['1', '3', '3'], paid: ALL },
  {
    name: 'a region and a class that no usage has both of',
    change: { match: { region: 'west', class: 'm2' } },
    ...{ left: ['3', '3', '3'], paid: ALL },
  },
  { name: 'another measure', change: { measure: 'ram' }, left: ['3', '3', '1'], paid: ALL },
  {
    name: 'more than is used',
    change: { quantityPerHour: '5' },
    left: ['1', undefined, '3'],
    paid: '3720 1860.00',
  },
  {
    name: 'all that is used',
    change: { quantityPerHour: '6' },
    left: [undefined, undefined, '3'],
    paid: '4464 2232.00',
  },
  {
    name: 'from the hour on',
    change: { from: octoberHour(2) },
    left: ['3', '1', '3'],
    paid: '1484 742.00',
  },
  { name: 'up to the hour', change: { to: octoberHour(2) }, left: ['3', '3', '3'], paid: '4 2.00' },
  {
    name: 'one hour',
    change: { from: octoberHour(2), to: octoberHour(3) },
    left: ['3', '1', '3'],
    paid: '2 1.00',
  },
  {
    name: 'nothing, before its time',
    change: { from: '2026-11-01' },
    left: ['3', '3', '3'],
    paid: undefined,
  },
  {
    name: 'nothing, after its time',
    change: { to: '2026-10-01' },
    left: ['3', '3', '3'],
    paid: undefined,
  },
])('a commitment covers $name', async ({ change, left, paid }) => {
  expect(await billed(change)).toEqual({ left, paid });
});
