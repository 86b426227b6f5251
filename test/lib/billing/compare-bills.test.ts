import { expect, it } from 'vitest';
import { compareBills } from '../../../lib/billing/compare-bills.ts';

function line(project: string, quantity: string, amount: string) {
  const key = { region: 'west', measure: 'cores', class: '', rule: 'cores', card: 'std', band: 0 };
  return { ...key, project, quantity, amount };
}
const bill = (team: string, total: string, ...lines: ReturnType<typeof line>[]) => ({
  ...{ team, total, lines },
});
const told = (...[before, after]: Parameters<typeof compareBills>) =>
  compareBills(before, after).map(({ team, before: was, after: is, change, lines }) => [
    `${team} ${was} ${is} ${change}`,
    ...lines.map((one) => `${one.project} ${one.before} ${one.after}`),
  ]);

it('says nothing of what is equal, however it is written', () => {
  const [one, same] = [line('p', '1', '1.00'), line('p', '1.0', '1.00')];
  expect(told([bill('a', '1.00', one)], [bill('a', '1.00', same)])).toEqual([]);
  expect(told([], [])).toEqual([]);
});

it('tells bills that came, went and changed, by team, and their lines', () => {
  const before = [
    bill('gone', '2.00', line('p', '2', '2.00')),
    bill('kept', '1.00', line('q', '1', '1.00')),
  ];
  const after = [
    bill('kept', '3.00', line('q', '1', '1.00'), line('r', '2', '2.00')),
    bill('came', '4.00', line('p', '4', '4.00')),
  ];
  expect(told(before, after)).toEqual([
    ['came 0.00 4.00 4.00', 'p null 4.00'],
    ['gone 2.00 0.00 -2.00', 'p 2.00 null'],
    ['kept 1.00 3.00 2.00', 'r null 2.00'],
  ]);
});

it('tells a line of another quantity at the same amount, and the other way round', () => {
  const before = [bill('a', '1.00', line('p', '1', '1.00'), line('q', '1', '0.00'))];
  const after = [bill('a', '1.50', line('p', '1', '1.50'), line('q', '2', '0.00'))];
  expect(told(before, after)).toEqual([['a 1.00 1.50 0.50', 'p 1.00 1.50', 'q 0.00 0.00']]);
});
