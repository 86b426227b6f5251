import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { headroom } from './server.ts';

interface RatingCase {
  readonly case: string;
  readonly period: string;
  readonly usage: readonly object[];
  readonly cards?: readonly object[];
  readonly teams: readonly object[];
  readonly adjustments?: readonly object[];
  readonly pools?: readonly object[];
  readonly expected: { readonly bills: readonly { readonly lines: readonly object[] }[] };
}
const CASES: readonly RatingCase[] = JSON.parse(
  readFileSync(new URL('../cases/rating/cases.json', import.meta.url), 'utf8'),
);

const cwd = mkdtempSync(join(tmpdir(), 'headroom-quote-explain-'));
afterAll(() => rmSync(cwd, { recursive: true }));

function write(name: string, content: unknown): string {
  writeFileSync(join(cwd, name), typeof content === 'string' ? content : JSON.stringify(content));
  return name;
}

/** The files of a month as options of the command. */
function files(one: Omit<RatingCase, 'expected'>): string[] {
  const usage = one.usage.map((row) => JSON.stringify(row)).join('\n');
  const option = (flag: string, documents: readonly object[] | undefined) =>
    documents ? [`--${flag}`, write(`${one.case}-${flag}.json`, documents)] : [];
  return [
    ...['--usage', write(`${one.case}.jsonl`, usage), '--period', one.period],
    ...option('card', one.cards),
    ...option('teams', one.teams),
    ...option('adjustments', one.adjustments),
    ...option('pool', one.pools),
  ];
}

const quote = (...args: string[]) => headroom(['quote', ...args], { cwd });

const HOUR = { region: 'west', project: 'p1', measure: 'cores', hour: '2026-10-05T10:00:00Z' };
const CARD = {
  ...{ id: 'std', currency: 'EUR', effectiveFrom: '2026-01-01' },
  rules: [{ id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice: '1.5' } }],
};
const MONTH = files({
  ...{ case: 'month', period: '2026-10', cards: [CARD] },
  usage: [
    { ...HOUR, quantity: '2.5' },
    { ...HOUR, measure: 'ram', quantity: '7' },
  ],
  teams: [{ id: 'payments', projects: [{ project: 'p1' }] }],
  adjustments: [{ id: 'credit', type: 'credit', team: 'payments', amount: '1', reason: 'outage' }],
});

describe('headroom quote --explain', () => {
  it('leaves every worked case as it is, and explains each of its lines beside it', async () => {
    for (const one of CASES) {
      const { code, out } = await quote(...files(one), '--explain', '-o', 'json');
      expect(code).toBe(0);
      const { explanations, ...bills } = JSON.parse(out);
      expect(bills).toEqual(one.expected);
      for (const [index, { lines }] of one.expected.bills.entries()) {
        expect(explanations[index].lines).toMatchObject(lines);
      }
    }
  });

  it('prints words, with what no rule prices and without commands of a server', async () => {
    const { out } = await quote(...MONTH, '--explain');
    expect(out).toBe(
      `Bill of "payments" for 2026-10 (quoted): 2.75 EUR, 2 lines.

Line 1 of the bill of "payments" for 2026-10: 3.75 EUR, cores in region west, project p1.
Usage: 2.5 core-hours of the project from 2026-10-05T10:00:00Z to 2026-10-05T11:00:00Z, of which the team bears 100 %: 2.5.
On this line: 2.5 core-hours.
Price: rule "cores" of card "std", unit.
Amount: 2.5 core-hour (units beyond the allowance) x 1.5 EUR (price of a unit) = 3.75.
Rounded once, half-even, to 0.01.
Result: 3.75 EUR.

Line 2 of the bill of "payments" for 2026-10: -1.00 EUR, a credit ("credit").
By adjustment "credit".
Reason: outage
Amount: 1 EUR (amount) = 1.
Rounded once, half-even, to 0.01.
Given back: -1.00 EUR.

Not priced by any rule: 7 of ram in region west, project p1, of "payments".
`,
    );
  });

  it('is of a month, and of one quote', async () => {
    const rules = ['--hashmap', 'rules.json', '--points', 'points.json'];
    expect((await quote(...rules, '--explain')).err).toContain('--explain does not go with');
    const both = await quote(...MONTH, '--explain', '--compare', 'card.json');
    expect([both.code, both.err]).toEqual([2, expect.stringContaining('one at a time')]);
    expect((await quote(...MONTH, '--with-adjustments')).err).toContain('says how to --compare');
  });
});

describe('headroom quote --compare', () => {
  const rules = [
    { id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice: '2' } },
    { id: 'ram', measure: 'ram', price: { model: 'unit', unitPrice: '0.1' } },
  ];
  const cloud = write('cloud.json', { ...CARD, id: 'cloud', effectiveFrom: '2030-01-01', rules });

  it('prices the same usage twice, side by side, whatever the date of the other card', async () => {
    const { code, out } = await quote(...MONTH, '--compare', cloud);
    expect(code).toBe(0);
    expect(out).toContain(
      '2026-10 quoted: the bills come to 2.75 EUR, on cloud, without cost pools and adjustments it is 5.70.',
    );
    expect(out).toMatch(/^payments +cores +2.5 +3.75 +5.00 +1.25$/m);
    expect(out).toMatch(/^west +ram +7 +0 +0.1$/m);
  });

  it('gives the same as JSON, with adjustments where that is asked for', async () => {
    const { out } = await quote(...MONTH, '--compare', cloud, '--with-adjustments', '-o', 'json');
    expect(JSON.parse(out)).toMatchObject({
      ...{ period: '2026-10', own: '2.75', other: '4.70', difference: '1.95' },
      ...{ otherCards: ['cloud'], withAdjustments: true, unrated: [] },
    });
  });

  it('says which usage the other card does not price, and refuses another currency', async () => {
    const ramless = write('ramless.json', { ...CARD, id: 'ramless' });
    expect((await quote(...MONTH, '--compare', ramless)).out).toMatch(/^payments +p1 +west +ram/m);
    const dollars = write('usd.json', { ...CARD, id: 'usd', currency: 'USD' });
    const { code, err } = await quote(...MONTH, '--compare', dollars);
    expect([code, err]).toEqual([1, expect.stringContaining('the other card in USD')]);
  });
});
