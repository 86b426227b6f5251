import { describe, expect, it } from 'vitest';
import { card, rule, team, usageRow } from '../rating/documents.ts';
import { linesOf } from './quoted.ts';

const teams = [
  team('blue', [{ project: 'b1' }, { project: 'b2' }]),
  team('red', [{ project: 'r' }]),
];
const usage = [
  usageRow({ project: 'r', quantity: '10' }),
  usageRow({ project: 'b1', quantity: '100' }),
  usageRow({ project: 'b1', quantity: '20', measure: 'ram' }),
  usageRow({ project: 'b2', quantity: '30', measure: 'ram' }),
];
const ram = rule({ id: 'ram', measure: 'ram' });

/** What follows the usage lines. */
async function adjusted(adjustments: readonly object[], rules = [rule(), ram]): Promise<string[]> {
  const cards = [card({ rules })];
  const own = new Set(await linesOf({ cards, teams, usage }));
  const lines = await linesOf({
    ...{ cards, teams, usage },
    adjustments: adjustments.map((one, index) => ({ id: `a${index}`, ...one })),
  });
  return lines.filter((line) => !own.has(line));
}

const off = { type: 'discount', percent: '10' };
const more = { type: 'surcharge', percent: '10' };
const floor = { type: 'minimum', team: 'red', amount: '25' };
const charge = { type: 'charge', team: 'red', amount: '5', reason: 'setup' };
const credit = { ...charge, type: 'credit' };

describe('an adjustment', () => {
  it.each<[string, readonly object[], string[]]>([
    ['of all teams is on the bill of each', [off], ['blue: a0 0 -15.00', 'red: a0 0 -1.00']],
    ['of one team is on its bill alone', [{ ...off, team: 'red' }], ['red: a0 0 -1.00']],
    ['of a project is of its lines', [{ ...off, project: 'b1' }], ['blue: a0 0 -12.00']],
    ['of a measure is of its lines', [{ ...off, measure: 'ram' }], ['blue: ram a0 0 -5.00']],
    [
      'of a project and a measure is of the lines of both',
      [{ ...off, project: 'b2', measure: 'ram' }],
      ['blue: ram a0 0 -3.00'],
    ],
    ['of what is on no bill is none', [{ ...off, project: 'b2', measure: 'cores' }], []],
    [
      'by an amount takes no more than the lines that it is of',
      [
        { type: 'discount', amount: '40', measure: 'ram' },
        { type: 'discount', amount: '40' },
      ],
      ['blue: ram a0 0 -40.00', 'blue: a1 0 -40.00', 'red: a1 0 -10.00'],
    ],
    [
      'takes no more than what is left of the bill',
      [
        { type: 'discount', amount: '145' },
        { ...off, measure: 'cores' },
      ],
      ['blue: a0 0 -145.00', 'blue: cores a1 0 -5.00', 'red: a0 0 -10.00'],
    ],
    ['tops a bill up to a minimum', [floor], ['red: a0 0 15.00']],
    ['tops a bill up that has no lines', [{ ...floor, team: 'green' }], ['green: a0 0 25.00']],
    ['tops nothing up that is there', [{ ...floor, amount: '10' }], []],
    ['tops nothing up that is above', [{ ...floor, team: 'blue' }], []],
    ['adds a percentage to each bill', [more], ['blue: a0 0 15.00', 'red: a0 0 1.00']],
    [
      'counts after discounts, then minimums, then surcharges, whatever their order',
      [credit, charge, more, floor, { ...off, team: 'red' }],
      [
        'blue: a2 0 15.00',
        'red: a4 0 -1.00',
        'red: a3 0 16.00',
        'red: a2 0 2.50',
        'red: a0 0 -5.00',
        'red: a1 0 5.00',
      ],
    ],
    ['may owe a team something', [{ ...credit, amount: '12.5' }], ['red: a0 0 -12.50']],
    [
      'bills a team that used nothing, and what is on all bills follows',
      [{ ...floor, team: 'green' }, more],
      ['blue: a1 0 15.00', 'green: a0 0 25.00', 'green: a1 0 2.50', 'red: a1 0 1.00'],
    ],
    ['is not listed when it comes to nothing', [{ ...charge, amount: '0.005' }], []],
    [
      'is rounded half-even, once',
      [
        { ...charge, amount: '0.015' },
        { ...more, percent: '0.25', team: 'red' },
      ],
      ['red: a1 0 0.02', 'red: a0 0 0.02'],
    ],
    ['counts in its first month', [{ ...off, team: 'red', from: '2026-10' }], ['red: a0 0 -1.00']],
    ['does not count before it', [{ ...off, team: 'red', from: '2026-11' }], []],
    ['does not count in the month of its end', [{ ...off, team: 'red', to: '2026-10' }], []],
    [
      'counts until then',
      [{ ...off, team: 'red', from: '2026-09', to: '2026-11' }],
      ['red: a0 0 -1.00'],
    ],
  ])('%s', async (_name, adjustments, lines) => {
    expect(await adjusted(adjustments)).toEqual(lines);
  });

  it('comes after the minimums of rules: discounts are of usage, surcharges of all', async () => {
    const rules = [rule({ minimum: '50' }), { ...ram, minimum: '50' }];
    expect(await adjusted([off, more], rules)).toEqual([
      'blue: a0 0 -15.00',
      'blue: a1 0 13.50',
      'red: a0 0 -1.00',
      'red: a1 0 4.90',
    ]);
  });

  it('takes nothing off what is paid back', async () => {
    const price = { model: 'unit', unitPrice: '-1' } as const;
    const rules = [rule({ price, allowCredit: true }), ram];
    expect(await adjusted([{ ...off, measure: 'cores' }, off], rules)).toEqual([]);
  });
});

describe('a rule minimum', () => {
  const minimums = (cards: readonly unknown[], rows = usage) =>
    linesOf({ cards, teams, usage: rows }).then((lines) =>
      lines.filter((line) => line.includes(':minimum')),
    );

  it('is owed by each team with a line of the rule, over its projects', async () => {
    const rules = [rule(), { ...ram, minimum: '60' }];
    expect(await minimums([card({ rules })])).toEqual(['blue: ram ram:minimum 0 10.00']);
    const both = [rule({ minimum: '100.01' }), { ...ram, minimum: '60' }];
    expect(await minimums([card({ rules: both })])).toEqual([
      'blue: cores cores:minimum 0 0.01',
      'blue: ram ram:minimum 0 10.00',
      'red: cores cores:minimum 0 90.01',
    ]);
  });

  it('is that of the latest card that gives the rule one', async () => {
    const cards = [
      card({ id: 'c', effectiveFrom: '2026-10-20', rules: [rule()] }),
      card({ id: 'b', effectiveFrom: '2026-10-10', rules: [rule({ minimum: '12' })] }),
      card({ id: 'a', rules: [rule({ minimum: '500' })] }),
    ];
    expect(await minimums(cards)).toEqual(['red: cores cores:minimum 0 2.00']);
  });
});
