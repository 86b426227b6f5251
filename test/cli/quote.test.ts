import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { quoteCommand } from '../../cli/commands/quote.ts';

interface RatingCase {
  readonly case: string;
  readonly why: string;
  readonly period: string;
  readonly usage: readonly object[];
  readonly cards?: readonly object[];
  readonly teams: readonly object[];
  readonly adjustments?: readonly object[];
  readonly pools?: readonly object[];
  readonly expected: object;
}

const CASES: readonly RatingCase[] = JSON.parse(
  readFileSync(new URL('../cases/rating/cases.json', import.meta.url), 'utf8'),
);
/** Adjustments and cost pools are not given to `quote` yet. */
const SUPPORTED = CASES.filter(
  (one) => one.adjustments === undefined && one.pools === undefined && one.cards !== undefined,
);

const directory = mkdtempSync(join(tmpdir(), 'headroom-quote-'));
afterAll(() => rmSync(directory, { recursive: true }));

const CARD = {
  id: 'std',
  currency: 'EUR',
  effectiveFrom: '2026-01-01',
  rules: [{ id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice: '1' } }],
};
const TEAMS = [{ id: 'payments', projects: [{ project: 'p1' }] }];
const ROW = {
  region: 'west',
  project: 'p1',
  resource: 'r1',
  measure: 'cores',
  class: 'm1.small',
  hour: '2026-10-05T10:00:00Z',
  quantity: '1',
};

async function run(...args: string[]) {
  let out = '';
  let err = '';
  const code = await quoteCommand(args, {
    out: (text) => {
      out += text;
      return Promise.resolve();
    },
    err: (text) => {
      err += text;
    },
    cwd: directory,
  });
  return { code, out, err };
}

function write(name: string, content: unknown): string {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(directory, name), text);
  return name;
}

function lines(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** Writes what differs from a good quote and runs it. */
function quote({
  usage = lines([ROW]),
  cards = [CARD] as unknown,
  teams = TEAMS as unknown,
  period = '2026-10',
}) {
  return run(
    ...['--usage', write('usage.jsonl', usage), '--card', write('card.json', cards)],
    ...['--teams', write('teams.json', teams), '--period', period, '-o', 'json'],
  );
}

describe('headroom quote', () => {
  it('knows the worked cases', () => expect(SUPPORTED.length).toBeGreaterThan(30));

  it.each(SUPPORTED)('gives what is expected of $case: $why', async (one) => {
    const cards = (one.cards ?? []).flatMap((card, index) => [
      '--card',
      write(`${one.case}-card-${index}.json`, card),
    ]);
    const { code, out, err } = await run(
      ...['--usage', write(`${one.case}.jsonl`, lines(one.usage)), ...cards],
      ...['--teams', write(`${one.case}-teams.json`, one.teams)],
      ...['--period', one.period, '-o', 'json'],
    );
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(one.expected);
  });
});
