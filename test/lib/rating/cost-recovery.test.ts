import { describe, expect, it } from 'vitest';
import { linesOf } from '../billing/quoted.ts';
import { card, rule, team, usageRow } from './documents.ts';

function pool(changes: object = {}): unknown {
  return {
    id: 'west',
    region: 'west',
    period: '2026-10',
    currency: 'EUR',
    amount: '100',
    weights: { cores: '1' },
    idle: 'spread',
    ...changes,
  };
}

const teams = [team('blue', [{ project: 'b' }]), team('red', [{ project: 'r' }])];
const usage = [
  usageRow({ project: 'r', quantity: '1' }),
  usageRow({ project: 'b', quantity: '2' }),
  usageRow({ project: 'b', quantity: '1', class: 'm1.large', hour: '2026-10-05T11:00:00Z' }),
];

describe('a cost pool', () => {
  it.each<[string, object, readonly object[], string[]]>([
    [
      'is divided by use, over classes and hours',
      {},
      [],
      ['blue: b cores west 3 75.00', 'red: r cores west 1 25.00'],
    ],
    [
      'is divided by weight, then by use',
      { weights: { ram: '0.3', cores: '0.7' } },
      [usageRow({ project: 'b', measure: 'ram', quantity: '5' })],
      ['blue: b cores west 3 52.50', 'blue: b ram west 5 30.00', 'red: r cores west 1 17.50'],
    ],
    [
      'leaves its part of a measure that nobody used idle',
      { weights: { ram: '3', cores: '1' } },
      [],
      [
        'blue: b cores west 3 18.75',
        'red: r cores west 1 6.25',
        'unassigned: ram idle west 0 75.00',
      ],
    ],
    [
      'charges use for its part of the capacity, and keeps the rest',
      { idle: 'keep', capacity: { cores: '10' }, idleTeam: 'cloud' },
      [],
      ['blue: b cores west 3 30.00', 'cloud: cores idle west 0 60.00', 'red: r cores west 1 10.00'],
    ],
    [
      'keeps idle what no team is named for with nobody',
      { idle: 'keep', capacity: { cores: '5' } },
      [],
      [
        'blue: b cores west 3 60.00',
        'red: r cores west 1 20.00',
        'unassigned: cores idle west 0 20.00',
      ],
    ],
    [
      'is spread over use whatever the capacity',
      { capacity: { cores: '10' } },
      [],
      ['blue: b cores west 3 75.00', 'red: r cores west 1 25.00'],
    ],
    [
      'is paid whole where use reaches the capacity',
      { idle: 'keep', capacity: { cores: '4' } },
      [],
      ['blue: b cores west 3 75.00', 'red: r cores west 1 25.00'],
    ],
    [
      'is paid whole where use is beyond the capacity, or none is said',
      { idle: 'keep', capacity: { cores: '3', gpu: '1' } },
      [],
      ['blue: b cores west 3 75.00', 'red: r cores west 1 25.00'],
    ],
    [
      'is paid whole where no capacity is said',
      { idle: 'keep' },
      [],
      ['blue: b cores west 3 75.00', 'red: r cores west 1 25.00'],
    ],
    [
      'of another month pays for nothing',
      { period: '2026-11' },
      [],
      [
        'blue: b cores m1.large cores 1 1.00',
        'blue: b cores m1.small cores 2 2.00',
        'red: r cores m1.small cores 1 1.00',
      ],
    ],
    [
      'pays for what it has a weight for, even 0, and leaves the rest unrated',
      { weights: { cores: '1', ram: '0' } },
      [
        usageRow({ project: 'b', measure: 'ram', quantity: '5' }),
        usageRow({ project: 'b', measure: 'toString', quantity: '7' }),
      ],
      [
        'blue: b cores west 3 75.00',
        'blue: b ram west 5 0.00',
        'red: r cores west 1 25.00',
        'blue: b toString 7 unrated',
      ],
    ],
  ])('%s', async (_name, changes, more, lines) => {
    const cards = [card({ rules: [rule(), rule({ id: 'ram', measure: 'ram' })] })];
    const rows = [...usage, ...(more as typeof usage)];
    expect(await linesOf({ cards, teams, usage: rows, pools: [pool(changes)] })).toEqual(lines);
  });

  it('gives a cent that is over by measure, team and project, whatever the order of the usage', async () => {
    const four = ['p1', 'p2', 'p3'].map((project) => usageRow({ project }));
    const own = [team('blue', [{ project: 'p3' }]), team('red', [{ project: 'p1' }])];
    for (const rows of [four, four.toReversed()]) {
      expect(await linesOf({ cards: [], teams: own, usage: rows, pools: [pool()] })).toEqual([
        'blue: p3 cores west 1 33.34',
        'red: p1 cores west 1 33.33',
        'unassigned: p2 cores west 1 33.33',
      ]);
    }
    const measures = ['ram', 'cores', 'gpu'].map((measure) => usageRow({ measure }));
    const weights = { ram: '1', gpu: '1', cores: '1' };
    expect(await linesOf({ cards: [], usage: measures, pools: [pool({ weights })] })).toEqual([
      'unassigned: p1 cores west 1 33.34',
      'unassigned: p1 gpu west 1 33.33',
      'unassigned: p1 ram west 1 33.33',
    ]);
  });

  it('gives a cent that is over to the greatest remainder, not to the greatest part', async () => {
    const rows = ['4', '2', '1'].map((quantity, index) =>
      usageRow({ project: `p${index}`, quantity }),
    );
    expect(await linesOf({ cards: [], usage: rows, pools: [pool({ amount: '1' })] })).toEqual([
      'unassigned: p0 cores west 4 0.57',
      'unassigned: p1 cores west 2 0.29',
      'unassigned: p2 cores west 1 0.14',
    ]);
  });

  it('is one of several of its region, each divided on its own', async () => {
    const pools = [pool(), pool({ id: 'power', amount: '10', weights: { cores: '1', ram: '1' } })];
    expect(await linesOf({ cards: [], teams, usage, pools })).toEqual([
      'blue: b cores power 3 3.75',
      'blue: b cores west 3 75.00',
      'red: r cores power 1 1.25',
      'red: r cores west 1 25.00',
      'unassigned: ram idle power 0 5.00',
    ]);
  });

  it('pays for a measure that another pool of its region has no weight for', async () => {
    const pools = [pool(), pool({ id: 'memory', amount: '10', weights: { ram: '1' } })];
    const rows = [...usage, usageRow({ project: 'b', measure: 'ram', quantity: '5' })];
    expect(await linesOf({ cards: [], teams, usage: rows, pools })).toEqual([
      'blue: b cores west 3 75.00',
      'blue: b ram memory 5 10.00',
      'red: r cores west 1 25.00',
    ]);
  });

  it('is divided exactly where weights, use and capacity have decimals of their own', async () => {
    const rows = [usageRow({ project: 'b', quantity: '0.125' })];
    const weights = { cores: '0.25', ram: '7.75' };
    const idle = { idle: 'keep', capacity: { cores: '1', ram: '2.5' }, idleTeam: 'red' };
    const pools = [pool({ amount: '3200', weights, ...idle })];
    expect(await linesOf({ cards: [], teams, usage: rows, pools })).toEqual([
      'blue: b cores west 0.125 12.50',
      'red: cores idle west 0 87.50',
      'red: ram idle west 0 3100.00',
    ]);
  });

  it('has an id of its own, in all months', async () => {
    const pools = [pool(), pool({ period: '2026-11' })];
    await expect(linesOf({ cards: [], usage, pools })).rejects.toThrow(
      'Two cost pools have the id "west": give each its own.',
    );
  });
});
