import { describe, expect, it } from 'vitest';
import type { BillLine } from '../../../lib/billing/bill.ts';
import { billChanges } from '../../../lib/billing/bill-changes.ts';
import type { ComparedBill } from '../../../lib/billing/compared-amounts.ts';

function line(quantity: string, amount: string, changes: Partial<BillLine> = {}): BillLine {
  return {
    project: 'p1',
    region: 'west',
    measure: 'cores',
    class: '',
    rule: 'cores',
    card: 'std',
    band: 0,
    quantity,
    amount,
    ...changes,
  };
}

const pool = (amount: string) => line('3', amount, { card: '' });
const idle = (amount: string) => line('0', amount, { card: '', project: '', class: 'idle' });
const unbilled = { project: '', region: '', card: '' };
const commitment = (amount: string) => line('744', amount, unbilled);
const minimum = (amount: string) => line('0', amount, { ...unbilled, rule: 'cores:minimum' });
const rebate = (amount: string) => line('0', amount, { ...unbilled, measure: '', rule: 'rebate' });

/** Each row as `team project measure: before -> after`, and what of it is not 0. */
function rowsOf(before: readonly ComparedBill[], after: readonly ComparedBill[]): string[] {
  return billChanges(before, after, 'EUR').teams.flatMap(({ team, rows }) =>
    rows.map(({ project, measure, before: then, after: now, effects }) => {
      const causes = Object.entries(effects).filter(([, amount]) => amount !== '0.00');
      const why = causes.map(([effect, amount]) => `${effect} ${amount}`).join(', ');
      return `${team} ${project} ${measure}: ${then} -> ${now} ${why}`.trim();
    }),
  );
}

const ofT = (...lines: BillLine[]): ComparedBill[] => [{ team: 't', lines }];

describe('a row of what changed', () => {
  it.each<[string, BillLine[], BillLine[], string[]]>([
    ['tells pools', [pool('4.00')], [pool('5.00')], ['t p1 cores: 4.00 -> 5.00 pools 1.00']],
    ['tells idle pools', [idle('4.00')], [], ['t  cores: 4.00 -> 0.00 pools -4.00']],
    ['tells commitments', [], [commitment('7.00')], ['t  cores: 0.00 -> 7.00 commitments 7.00']],
    [
      'tells minimums',
      [minimum('2.00')],
      [minimum('1.00')],
      ['t  cores: 2.00 -> 1.00 minimums -1.00'],
    ],
    [
      'tells the rest',
      [rebate('-2.00')],
      [rebate('-3.00')],
      ['t  : -2.00 -> -3.00 adjustments -1.00'],
    ],
    [
      'adds up rules, cards and bands of one usage',
      [line('10', '10.00'), line('10', '5.00', { band: 1 })],
      [line('10', '10.00', { card: 'new' }), line('20', '20.00', { rule: 'other' })],
      ['t p1 cores: 15.00 -> 30.00 price 7.50, volume 7.50'],
    ],
    [
      'keeps regions and classes apart, whose prices differ',
      [line('10', '10.00'), line('10', '100.00', { region: 'east' })],
      [
        line('20', '20.00'),
        line('5', '50.00', { region: 'east' }),
        line('1', '3.00', { class: 'a' }),
      ],
      ['t p1 cores: 110.00 -> 73.00 volume -40.00, new 3.00'],
    ],
    [
      'holds quantities of any decimals against each other',
      [line('1.5', '3.00')],
      [line('2.25', '4.00')],
      ['t p1 cores: 3.00 -> 4.00 price -0.50, volume 1.50'],
    ],
    [
      'rounds the volume half-even, below 0 too',
      [line('8', '0.12')],
      [line('7', '0.12')],
      ['t p1 cores: 0.12 -> 0.12 price 0.02, volume -0.02'],
    ],
    [
      'has parts of several kinds, told one by one',
      [line('1', '1.00'), pool('4.00'), { ...commitment('7.00'), project: 'p1' }],
      [line('2', '2.00'), pool('6.00')],
      ['t p1 cores: 12.00 -> 8.00 volume 1.00, pools 2.00, commitments -7.00'],
    ],
    [
      'keeps pools of several projects apart',
      [pool('4.00'), { ...pool('2.00'), project: 'p2' }],
      [pool('5.00'), { ...pool('4.00'), project: 'p2' }],
      ['t p1 cores: 4.00 -> 5.00 pools 1.00', 't p2 cores: 2.00 -> 4.00 pools 2.00'],
    ],
    [
      'is of one project and measure, in their order',
      [line('1', '1.00', { project: 'p2' }), line('1', '1.00', { measure: 'ram' })],
      [rebate('-1.00'), line('1', '1.00')],
      [
        't  : 0.00 -> -1.00 adjustments -1.00',
        't p1 cores: 0.00 -> 1.00 new 1.00',
        't p1 ram: 1.00 -> 0.00 gone -1.00',
        't p2 cores: 1.00 -> 0.00 gone -1.00',
      ],
    ],
  ])('%s', (_name, before, after, rows) => {
    expect(rowsOf(ofT(...before), ofT(...after))).toEqual(rows);
  });

  it('is of each team with a bill in one of the months, in their order', () => {
    const bill = (team: string): ComparedBill => ({ team, lines: [line('1', '1.00')] });
    expect(rowsOf([bill('c'), bill('b')], [bill('a'), bill('b')])).toEqual([
      'a p1 cores: 0.00 -> 1.00 new 1.00',
      'b p1 cores: 1.00 -> 1.00',
      'c p1 cores: 1.00 -> 0.00 gone -1.00',
    ]);
  });
});
