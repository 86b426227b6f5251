import { describe, expect, it } from 'vitest';
import { linesOf, priced } from '../billing/quoted.ts';
import { card, octoberHour, rule, team, usageRow } from './documents.ts';

type Changes = NonNullable<Parameters<typeof rule>[0]>;

/** Projects fill in the order of their names; hours before that. */
const usage = [
  usageRow({ project: 'a', quantity: '6', resource: 'r1' }),
  usageRow({ project: 'b', quantity: '6', resource: 'r2' }),
  usageRow({ project: 'c', quantity: '8', resource: 'r3' }),
];
const bands = [
  { upTo: '6', unitPrice: '1' },
  { upTo: '15', unitPrice: '10' },
  { unitPrice: '100.5' },
];
const teams = [
  team(
    't',
    ['a', 'b', 'c'].map((project) => ({ project })),
  ),
];
const cardOf = (changes: Changes) => card({ rules: [rule(changes)] });

/** Lines as `project quantity amount`. */
async function linesWith(changes: Changes, rows = usage): Promise<string[]> {
  const lines = await linesOf({ cards: [cardOf(changes)], teams, usage: rows });
  return lines.map((line) => line.replace(/^t: (\w+) cores m1\.small cores/, '$1'));
}

describe('a price', () => {
  it.each<[string, Changes, string[]]>([
    ['per unit', {}, ['a 6 6.00', 'b 6 6.00', 'c 8 8.00']],
    ['per unit beyond an allowance', { allowance: '8' }, ['a 6 0.00', 'b 6 4.00', 'c 8 8.00']],
    [
      'per unit with decimals of its own',
      { allowance: '5.5', price: { model: 'unit', unitPrice: '0.125' } },
      ['a 6 0.06', 'b 6 0.75', 'c 8 1.00'],
    ],
    [
      'by bands, that fill one after the other',
      { price: { model: 'graduated', bands } },
      ['a 6 6.00', 'b 6 60.00', 'c 3 30.00', 'c 5 502.50'],
    ],
    [
      'by bands, beyond an allowance that is used on the first',
      { allowance: '8', price: { model: 'graduated', bands } },
      ['a 6 0.00', 'b 6 4.00', 'c 2 2.00', 'c 6 60.00'],
    ],
    [
      'by bands, beyond an allowance within a line',
      { allowance: '4.5', price: { model: 'graduated', bands } },
      ['a 6 1.50', 'b 4.5 4.50', 'b 1.5 15.00', 'c 7.5 75.00', 'c 0.5 50.25'],
    ],
    [
      'by the band that all comes to',
      { price: { model: 'volume', bands } },
      ['a 6 603.00', 'b 6 603.00', 'c 8 804.00'],
    ],
    [
      'by the band that is reached beyond an allowance',
      { allowance: '5', price: { model: 'volume', bands } },
      ['a 6 10.00', 'b 6 60.00', 'c 8 80.00'],
    ],
    [
      'of packages, each paid where it is opened',
      { price: { model: 'package', size: '7', packagePrice: '2.5' } },
      ['a 6 2.50', 'b 6 2.50', 'c 8 2.50'],
    ],
    [
      'of packages beyond an allowance, which they may fill exactly',
      { allowance: '6', price: { model: 'package', size: '6', packagePrice: '2.5' } },
      ['a 6 0.00', 'b 6 2.50', 'c 8 5.00'],
    ],
    [
      'of a month, once',
      { allowance: '100', price: { model: 'flat', amount: '9', per: 'month' } },
      ['a 6 9.00', 'b 6 0.00', 'c 8 0.00'],
    ],
    [
      'of the hours of each resource',
      { allowance: '100', price: { model: 'flat', amount: '7440', per: 'resource-month' } },
      ['a 6 10.00', 'b 6 10.00', 'c 8 10.00'],
    ],
  ])('%s', async (_name, changes, lines) => {
    expect(await linesWith(changes)).toEqual(lines);
  });

  it('of the hours of a resource counts each hour once, whatever its usage', async () => {
    const price = { model: 'flat', amount: '744', per: 'resource-month' } as const;
    const rows = [0, 0, 1, 0].map((hour, index) =>
      usageRow({ project: 'a', resource: index === 3 ? 'r2' : 'r1', hour: octoberHour(hour) }),
    );
    expect(await linesWith({ price }, rows)).toEqual(['a 4 3.00']);
    const twice = ['a', 'b'].flatMap((project) =>
      [0, 1].map((hour) => usageRow({ project, resource: 'r', hour: octoberHour(hour) })),
    );
    expect(await linesWith({ price }, twice)).toEqual(['a 2 2.00', 'b 2 0.00']);
    const places = twice.map((row) => ({ ...row, region: row.project === 'a' ? 'west' : 'east' }));
    expect(await linesWith({ price }, places)).toEqual(['a 2 2.00', 'b 2 2.00']);
  });

  it.each<[Changes['price'], boolean]>([
    [{ model: 'unit', unitPrice: '1' }, true],
    [{ model: 'graduated', bands }, true],
    [{ model: 'volume', bands }, true],
    [{ model: 'package', size: '1', packagePrice: '1' }, true],
    [{ model: 'flat', amount: '1', per: 'resource-month' }, true],
    [{ model: 'flat', amount: '1', per: 'month' }, false],
  ])('%j grows with use: %s', async (price, growsWithUse) => {
    const { rated } = await priced({
      cards: [cardOf(price === undefined ? {} : { price })],
      usage,
    });
    expect(new Set(rated.lines.map((line) => line.growsWithUse))).toEqual(new Set([growsWithUse]));
  });
});

describe('a month', () => {
  it('has no line of what a commitment took whole', async () => {
    const commitment = {
      ...{ id: 'c', type: 'commitment', team: 't', measure: 'cores', unitPrice: '0' },
      ...{ quantityPerHour: '12', from: '2026-10-05', to: '2026-10-05T11:00:00Z' },
    };
    const adjustments = [{ ...commitment, from: '2026-10-05T10:00:00Z' }];
    expect(await linesOf({ cards: [card()], teams, usage, adjustments })).toEqual([
      't: cores c 12 0.00',
      't: c cores m1.small cores 8 8.00',
    ]);
  });

  it('lists what has no price by team, project, region, measure and class', async () => {
    const rows = [
      usageRow({ measure: 'x', project: 'b' }),
      usageRow({ measure: 'x', project: 'a', region: 'west', class: '2' }),
      usageRow({ measure: 'x', project: 'a', region: 'west', class: '1' }),
      usageRow({ measure: 'w', project: 'a', region: 'west' }),
      usageRow({ measure: 'y', project: 'a', region: 'east' }),
      usageRow({ measure: 'x', project: '0' }),
    ];
    const owners = [team('y', [{ project: '0' }]), team('z', [{ project: 'a' }])];
    const { rated } = await priced({ teams: owners, usage: rows });
    const keys = rated.unrated.map((one) =>
      [one.team, one.project, one.region, one.measure, one.class].join(' '),
    );
    expect(keys).toEqual([
      'unassigned b west x m1.small',
      'y 0 west x m1.small',
      'z a east y m1.small',
      'z a west w m1.small',
      'z a west x 1',
      'z a west x 2',
    ]);
  });

  it('lists lines by the same, then by rule, card and band', async () => {
    const price = { model: 'graduated', bands } as const;
    const late = { id: 'a', effectiveFrom: '2026-10-06' };
    const cards = [
      card({ id: 'b', rules: [rule({ price })] }),
      card({ ...late, rules: [rule({ price })] }),
      card({ id: 'c', effectiveFrom: '2026-10-07', rules: [rule({ id: 'aaa' })] }),
    ];
    const rows = ['06', '07'].map((day) => usageRow({ hour: `2026-10-${day}T00:00:00Z` }));
    const { rated } = await priced({ cards, usage: [...rows, usageRow({ quantity: '7' })] });
    expect(rated.lines.map(({ rule: id, card: of, band }) => `${id} ${of} ${band}`)).toEqual([
      'aaa c 0',
      'cores a 1',
      'cores b 0',
      'cores b 1',
    ]);
  });
});
