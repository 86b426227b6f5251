import { describe, expect, it } from 'vitest';
import { closeFindings } from '../../../lib/billing/close-checks.ts';
import { decimalOf } from '../../../lib/decimal/decimal.ts';

type Input = Parameters<typeof closeFindings>[0];

function line(project: string, amount: string, rule = 'cores') {
  const key = { region: 'west', measure: 'cores', class: '', card: 'std', band: 0 };
  return { ...key, project, rule, quantity: '1', amount };
}

function bill(team: string, total: string, lines: readonly ReturnType<typeof line>[]) {
  return { bill: { currency: 'EUR', period: '2026-10', team, total, lines }, sha256: '' };
}

function findings(
  closed: Partial<Input['closed']>,
  rest: Partial<Omit<Input, 'closed'>> = {},
): string[] {
  const month = { period: '2026-10', currency: 'EUR', bills: [], unrated: [], hoursWithoutCard: 0 };
  const input = { closed: { ...month, ...closed }, previous: null, settings: {}, ...rest };
  return closeFindings(input).map(
    ({ check, message, refuses }) => `${check}: ${message}${refuses ? ' !' : ''}`,
  );
}

describe('the checks of a close', () => {
  it('find nothing in a month without bills, or in order', () => {
    expect(findings({})).toEqual([]);
    expect(findings({ bills: [bill('a', '1.00', [line('p', '1.00')])] })).toEqual([]);
  });

  it('name projects without a team, the dearest first, and not lines of no project', () => {
    const projects = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7'];
    const lines = [
      ...projects.map((project) => line(project, '1.00')),
      line('p7', '0.50'),
      line('', '9.00', 'support'),
    ];
    expect(findings({ bills: [bill('unassigned', '16.50', lines)] })).toEqual([
      'unmapped: 7 projects have no team, or not in full: 7.50 EUR ("p7" 1.50, "p1" 1.00, "p2" 1.00, "p3" 1.00, "p4" 1.00 and 2 more)',
    ]);
  });

  it('list what has no price by measure, once each', () => {
    const row = (measure: string) => ({
      ...{ team: 'a', project: 'p', region: 'west', measure, class: '', quantity: '1' },
    });
    expect(findings({ unrated: [row('ram')] })).toEqual([
      'unrated: 1 row of usage has no price: ram',
    ]);
    expect(findings({ unrated: ['ram', 'image', 'ram'].map(row) })).toEqual([
      'unrated: 3 rows of usage have no price: image, ram',
    ]);
  });

  it('find lines of usage and bills below 0, and mean discounts to be so', () => {
    const usage = bill('a', '-1.00', [line('p', '-2.00'), line('q', '3.00'), line('', '-2.00')]);
    expect(findings({ bills: [usage, bill('b', '1.00', [line('', '-1.00')])] })).toEqual([
      'negative: 1 line is negative: a, project "p", rule "cores": -2.00',
      'negative: the bill of a is negative: -1.00 EUR',
    ]);
    const two = bill('a', '1.00', [line('p', '-2.00'), line('q', '-3.00')]);
    expect(findings({ bills: [two] })).toEqual([
      'negative: 2 lines are negative: a, project "p", rule "cores": -2.00, a, project "q", rule "cores": -3.00',
    ]);
  });

  it.each([
    ['100.00', '150.00', false],
    ['100.00', '150.01', true],
    ['100.00', '49.99', true],
    ['100.00', '50.00', false],
    ['10.00', '19.99', false],
    ['10.00', '20.00', true],
    ['-100.00', '-160.00', true],
    ['-100.00', '-140.00', false],
  ])('tell a jump from %s to %s: %s', (before, after, isTold) => {
    const bills = [bill('a', after, [])];
    const found = findings({ bills }, { previous: [{ team: 'a', total: before }] });
    expect(found.filter((text) => text.startsWith('jump'))).toEqual(
      isTold ? [`jump: a: ${before} EUR last month, ${after} EUR now`] : [],
    );
  });

  it('tell teams that came and went, in their order', () => {
    const bills = [bill('new', '30.00', [])];
    expect(findings({ bills }, { previous: [{ team: 'gone', total: '20.00' }] })).toEqual([
      'jump: gone: 20.00 EUR last month, 0 EUR now',
      'jump: new: 0 EUR last month, 30.00 EUR now',
    ]);
    expect(findings({ bills })).toEqual([]);
  });

  it('take percent, amount and what refuses from the settings', () => {
    const bills = [bill('a', '112.00', [])];
    const previous = [{ team: 'a', total: '100.00' }];
    const of = (jumpPercent: string, jumpAmount: string) =>
      findings(
        { bills },
        {
          previous,
          settings: {
            ...{ jumpPercent: decimalOf(jumpPercent), jumpAmount: decimalOf(jumpAmount) },
            refuse: ['jump'],
          },
        },
      );
    expect(of('10', '5')).toEqual(['jump: a: 100.00 EUR last month, 112.00 EUR now !']);
    expect(of('12', '5')).toEqual([]);
    expect(of('10', '12.01')).toEqual([]);
  });

  it('tell until when no card is in force', () => {
    expect(findings({ hoursWithoutCard: 25 })).toEqual([
      "card-gap: no rate card is in force in the month's first 25 hours, until 2026-10-02T01:00:00Z",
    ]);
  });
});
