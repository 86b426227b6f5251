import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { headroom } from './server.ts';

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

const run = (...args: string[]) => headroom(['quote', ...args], { cwd: directory });

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
  it('knows the worked cases', () => expect(CASES.length).toBeGreaterThan(40));

  it.each(CASES)('gives what is expected of $case: $why', async (one) => {
    const cards = (one.cards ?? []).flatMap((card, index) => [
      '--card',
      write(`${one.case}-card-${index}.json`, card),
    ]);
    const { code, out, err } = await run(
      ...['--usage', write(`${one.case}.jsonl`, lines(one.usage)), ...cards],
      ...['--teams', write(`${one.case}-teams.json`, one.teams)],
      ...(one.adjustments
        ? ['--adjustments', write(`${one.case}-adjustments.json`, one.adjustments)]
        : []),
      ...(one.pools ? ['--pool', write(`${one.case}-pools.json`, one.pools)] : []),
      ...['--period', one.period, '-o', 'json'],
    );
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(one.expected);
  });

  it('prints the same bytes whatever the order of rows, cards and teams', async () => {
    const rows = [1, 2, 3].map((hour) => ({ ...ROW, hour: `2026-10-05T0${hour}:00:00Z` }));
    const cards = [CARD, { ...CARD, id: 'new', effectiveFrom: '2026-10-05T02:00:00Z' }];
    const teams = [...TEAMS, { id: 'search', projects: [{ project: 'p2' }] }];
    const one = await quote({ usage: lines(rows), cards, teams });
    const other = await quote({
      usage: lines(rows.toReversed()),
      cards: cards.toReversed(),
      teams: teams.toReversed(),
    });
    expect(one.code).toBe(0);
    expect(other.out).toBe(one.out);
  });

  it('takes every digit of decimals that stand as JSON numbers', async () => {
    const text = '0.1234567890123456789';
    const usage = JSON.stringify(ROW).replace('"quantity":"1"', '"quantity":100000000000000.5');
    const card = JSON.stringify(CARD).replace('"unitPrice":"1"', `"unitPrice":${text}`);
    const { out } = await quote({ usage, cards: card });
    // 0.1234567890123456789 x 100000000000000.5 = 12345678901234.62961728...
    expect(JSON.parse(out).bills[0].total).toBe('12345678901234.63');
  });

  it('reads usage with a byte order mark, CRLF, blank lines and no last line end', async () => {
    const text = `\uFEFF${JSON.stringify(ROW)}\r\n\r\n\n${JSON.stringify(ROW)}`;
    const { out } = await quote({ usage: text });
    expect(JSON.parse(out).bills[0].total).toBe('2.00');
  });

  it('reads usage longer than one read of the disk, from several files', async () => {
    const usage = write('long.jsonl', lines(Array(8_000).fill(ROW)));
    const more = write('more.jsonl', lines([ROW]));
    const { out } = await run(
      ...['--usage', usage, '--usage', more, '--card', write('card.json', CARD)],
      ...['--teams', write('teams.json', TEAMS), '--period', '2026-10'],
    );
    expect(JSON.parse(out).bills[0].total).toBe('8001.00');
  });

  it('takes usage without resource and without class', async () => {
    const { resource: _resource, class: _class, ...row } = ROW;
    const { out } = await quote({ usage: lines([row]) });
    expect(JSON.parse(out).bills[0].lines[0]).toMatchObject({ class: '', quantity: '1' });
  });

  it('prints its help', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    expect(out).toContain('headroom quote --usage FILE.jsonl --card FILE.json');
  });
});

describe('headroom quote refuses', () => {
  const { region: _region, ...withoutRegion } = ROW;
  const rows = (second: unknown) => `${JSON.stringify(ROW)}\n${JSON.stringify(second)}\n`;

  it.each<[string, Parameters<typeof quote>[0], string]>([
    ['usage without region', { usage: rows(withoutRegion) }, 'usage.jsonl:2: /region: is missing.'],
    [
      'usage with an unknown key',
      { usage: rows({ ...ROW, clas: 'x' }) },
      'usage.jsonl:2: /clas: is not a known key.',
    ],
    [
      'usage within an hour',
      { usage: rows({ ...ROW, hour: '2026-10-05T10:30:00Z' }) },
      'usage.jsonl:2: /hour: must be the start of a UTC hour, such as 2026-10-05T10:00:00Z.',
    ],
    [
      'a negative quantity',
      { usage: rows({ ...ROW, quantity: '-1' }) },
      'usage.jsonl:2: /quantity: must not be negative.',
    ],
    ['a row that is a list', { usage: rows([ROW]) }, 'usage.jsonl:2: must be an object.'],
    ['a row that is cut', { usage: rows(ROW).slice(0, -3) }, 'usage.jsonl:2: is not JSON: '],
    [
      'a line without end',
      { usage: `${' '.repeat(3_000_000)}` },
      'usage.jsonl: a line is longer than 1 MiB',
    ],
    [
      'a card with a fault, by its place in the file',
      { cards: [CARD, { ...CARD, id: 'b', rules: [{ id: 'r', measure: 'cores' }] }] },
      'card.json: /1/rules/0/price: is missing.',
    ],
    ['a file that is not JSON', { cards: '{"id": ' }, 'card.json: is not JSON: '],
    ['a team with a fault', { teams: [{ id: 't' }] }, 'teams.json: /0/projects: is missing.'],
    [
      'two cards from the same hour',
      { cards: [CARD, { ...CARD, id: 'b', effectiveFrom: '2026-01-01T00:00:00Z' }] },
      'Rate cards "std" and "b" are both effective from 2026-01-01T00:00:00Z',
    ],
    [
      'two currencies',
      { cards: [CARD, { ...CARD, id: 'b', currency: 'USD', effectiveFrom: '2025-01-01' }] },
      'bills in two currencies need exchange rates',
    ],
    ['no card', { cards: [] }, 'There is no rate card'],
    [
      'more than all of a project',
      { teams: [...TEAMS, { id: 'b', projects: [{ project: 'p1', share: 1 }] }] },
      '101 % of project "p1" is given away',
    ],
  ])('%s', async (_name, input, message) => {
    const { code, out, err } = await quote(input);
    expect(err).toContain(message);
    expect(out).toBe('');
    expect(code).toBe(1);
  });

  it('usage that is not UTF-8', async () => {
    writeFileSync(
      join(directory, 'latin1.jsonl'),
      Buffer.from(`${JSON.stringify(ROW)}\n\xff\n`, 'latin1'),
    );
    const { code, err } = await run(
      ...['--usage', 'latin1.jsonl', '--card', write('card.json', CARD)],
      ...['--teams', write('teams.json', TEAMS), '--period', '2026-10'],
    );
    expect(err).toBe('latin1.jsonl:2: is not UTF-8 text.\n');
    expect(code).toBe(1);
  });

  it.each(['--usage', '--card', '--teams'])('a %s that is not there', async (flag) => {
    const files = {
      '--usage': write('usage.jsonl', ''),
      '--card': write('card.json', CARD),
      '--teams': write('teams.json', TEAMS),
    };
    const args = Object.entries({ ...files, [flag]: 'absent' }).flat();
    const { code, err } = await run(...args, '--period', '2026-10');
    expect(err).toBe('absent: there is no such file.\n');
    expect(code).toBe(1);
  });

  it.each([
    ['nothing given', [], '--usage FILE and --card FILE and --teams FILE and --period YYYY-MM'],
    ['an unknown option', ['--cards', 'x'], 'There is no option --cards.'],
    ['an operand', ['usage.jsonl'], 'usage.jsonl'],
  ])('a command line with %s, and exits with 2', async (_name, args, message) => {
    const { code, out, err } = await run(...args);
    expect(err).toContain(message);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  it('a period that is no month, and a format that it does not print', async () => {
    const { code, err } = await quote({ period: '2026-13' });
    expect([code, err]).toEqual([
      2,
      '--period takes a month such as 2026-10, not "2026-13". See "headroom quote --help".\n',
    ]);
    expect((await run('-o', 'xml')).code).toBe(2);
  });
});
