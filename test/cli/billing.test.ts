import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeMonth } from '../../lib/billing/close-month.ts';
import { type Server, serve } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'headroom-billing-'));
afterAll(() => rmSync(folder, { recursive: true }));

let server: Server;
beforeEach(async () => {
  server = await serve();
});
afterEach(() => server.close());

const headroom = (...args: string[]) => server.headroom(args, { cwd: folder });

function file(name: string, content: unknown): string {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(folder, name), text);
  return name;
}

const card = (id: string, effectiveFrom: string) => ({
  id,
  currency: 'EUR',
  effectiveFrom,
  rules: [{ id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice: '0.5' } }],
});
const TEAMS = [{ id: 'a', projects: [{ project: 'p1' }] }];

/** What the close's functions would do: bills of one row of usage for each project. */
async function close(projects: readonly string[], unrated: readonly string[] = []): Promise<void> {
  const usage = projects.map((project) => ({
    region: 'west' as never,
    project,
    resource: 'r',
    measure: unrated.includes(project) ? 'image' : 'cores',
    class: 'm1',
    hour: '2026-10-05T10:00:00Z',
    quantity: '3',
  }));
  const closed = await closeMonth({
    adjustments: [],
    pools: [],
    exchangeRates: [],
    period: '2026-10',
    usage: usage as never,
    cards: [card('std', '2026-10-01')],
    teams: TEAMS,
  });
  const { currency, unrated: none } = closed;
  const bills = closed.bills.map(({ bill, sha256 }) => ({
    period: '2026-10',
    revision: 1,
    team: bill.team,
    state: 'draft' as const,
    number: null,
    sha256,
    currency,
    total: bill.total,
    body: bill,
    generatedAt: '2026-11-03T00:00:00Z',
  }));
  await server.ports.bills.putBills('2026-10', 1, bills, { currency, unrated: none });
  await server.ports.bills.putPeriod(
    {
      period: '2026-10',
      state: 'draft',
      revision: 1,
      sha256: closed.sha256,
      manifestKey: null,
      closedBy: 'ada',
      issuedBy: null,
      updatedAt: '2026-11-03T00:00:00Z',
    },
    null,
  );
}

/** Ends the run that `headroom close` starts, as soon as it looks at it. */
function whenClosing(end: (name: string) => Promise<void>): void {
  const { describe: look } = server.ports.closeRuns;
  server.ports.closeRuns.describe = async (name) => {
    const run = await look(name);
    if (run?.status === 'RUNNING') await end(name);
    return run;
  };
}

describe('apply', () => {
  it('loads adjustments and cost pools', async () => {
    const adjustments = [
      { id: 'd', type: 'discount', percent: '10' },
      { id: 'x', type: 'credit', team: 'payments', amount: '1.00', reason: 'outage' },
    ];
    const pool = {
      id: 'w',
      region: 'west',
      period: '2026-10',
      currency: 'EUR',
      amount: '1',
      weights: { cores: '1' },
      idle: 'spread',
    };
    const files = ['-f', file('adjust.json', adjustments), '-f', file('pool.json', pool)];
    const { out, code } = await headroom('apply', ...files);
    expect(code).toBe(0);
    expect(out).toBe('adjustment d created\nadjustment x created\ncost pool w created\n');
  });

  it('says for each document what became of it, and again that nothing changed', async () => {
    const files = [
      '-f',
      file('cards.json', [card('std', '2026-01-01'), card('new', '2026-10-01')]),
      '-f',
      file('teams.json', TEAMS),
      '-f',
      file('west.json', { region: 'west', metering: [{ from: '2026-10-01' }] }),
    ];
    const first = await headroom('apply', ...files);
    expect(first).toEqual({
      code: 0,
      err: '',
      out: 'settings west created\nrate card std created\nrate card new created\nteam a created\n',
    });
    const again = await headroom('apply', ...files);
    expect(again.out).toBe(first.out.replaceAll('created', 'unchanged'));
    file('cards.json', [card('std', '2026-02-01')]);
    file('teams.json', [{ id: 'b', projects: [] }]);
    const changed = await headroom('apply', ...files, '--as', 'ada');
    expect(changed.out).toBe(
      'settings west unchanged\nrate card std updated\nteam b created\nteam a removed\n',
    );
    expect(server.ports.audit.entries.at(-1)).toMatchObject({ actor: 'ada' });
  });

  it('takes one team and leaves the others, and files without -f', async () => {
    await headroom('apply', '-f', file('teams.json', TEAMS));
    const one = await headroom('apply', file('b.json', { id: 'b', projects: [] }));
    expect(one.out).toBe('team b created\n');
    expect((await server.ports.configuration.list('team')).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('keeps every digit of a price', async () => {
    const text = JSON.stringify(card('std', '2026-01-01')).replace(
      '"0.5"',
      '0.1234567890123456789',
    );
    await headroom('apply', '-f', file('card.json', text));
    const stored = await server.ports.configuration.get('rate-card', 'std');
    expect(JSON.stringify(stored?.body)).toContain('0.1234567890123456789');
  });

  it('tells the fault of a document by its file and place, and applies the others', async () => {
    const bad = { ...card('bad', '2026-02-01'), currency: 'EURO' };
    const { code, out, err } = await headroom(
      'apply',
      file('bad.json', bad),
      file('teams.json', TEAMS),
    );
    expect(code).toBe(1);
    expect(out).toBe('team a created\n');
    expect(err).toMatch(/^bad\.json: /);
    expect(err).toContain('/currency: must be an active ISO 4217 code');
  });

  it.each([
    { content: '{"id":', says: 'x.json: is not JSON' },
    { content: '{"id":"x"}', says: 'x.json: is none of what can be applied' },
    { content: '[1]', says: 'x.json: is none of what can be applied' },
  ])('writes nothing when a file is $content', async ({ content, says }) => {
    const { code, err } = await headroom('apply', file('t.json', TEAMS), file('x.json', content));
    expect(code).toBe(1);
    expect(err).toContain(says);
    expect(await server.ports.configuration.list('team')).toEqual([]);
  });

  it('of a file that is not there says so', async () => {
    const { code, err } = await headroom('apply', '-f', 'nowhere.json');
    expect({ code, err }).toEqual({ code: 1, err: 'nowhere.json: cannot be read (ENOENT).\n' });
  });
});

describe('close', () => {
  it('waits for the run and tells totals and hash', async () => {
    whenClosing(async (name) => {
      await close(['p1', 'p2']);
      server.ports.closing.finish(name, { status: 'SUCCEEDED' });
    });
    const { code, out, err } = await headroom('close', '2026-10');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const sha256 = (await server.ports.bills.getPeriod('2026-10'))?.sha256;
    expect(out).toBe(
      `2026-10 draft, revision 1: 2 bills, total 3.00 EUR\n  a  1.50 EUR\n  unassigned  1.50 EUR\nsha256 ${sha256}\n`,
    );
  });

  it('tells why it was refused', async () => {
    whenClosing(async (name) => {
      const errorMessage = '2026-10 cannot be closed: region west: 1 ingest is running.';
      const cause = JSON.stringify({ errorType: 'ProblemError', errorMessage });
      server.ports.closing.finish(name, { status: 'FAILED', error: 'ProblemError', cause });
    });
    const { code, out, err } = await headroom('close', '2026-10', '--issue');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('region west: 1 ingest is running');
    expect(server.ports.closing.runs[0]?.input).toMatchObject({ issue: true });
  });

  it('is refused while another runs', async () => {
    await server.ports.closing.start('close-2026-10-1', {});
    const { code, err } = await headroom('close', '2026-10');
    expect(code).toBe(1);
    expect(err).toContain('close-2026-10-1');
  });
});

describe('bill', () => {
  it('prints the bills with their lines as JSON', async () => {
    await close(['p1', 'p2', 'p3'], ['p3']);
    const { code, out } = await headroom('bill', '2026-10', '-o', 'json');
    expect(code).toBe(0);
    const line = { region: 'west', measure: 'cores', class: 'm1', amount: '1.50', quantity: '3' };
    expect(JSON.parse(out)).toMatchObject({
      currency: 'EUR',
      period: '2026-10',
      state: 'draft',
      revision: 1,
      total: '3.00',
      bills: [
        { team: 'a', total: '1.50', number: null, lines: [{ project: 'p1', ...line }] },
        { team: 'unassigned', lines: [{ project: 'p2', ...line }] },
      ],
      unrated: [{ team: 'unassigned', project: 'p3', measure: 'image', quantity: '3' }],
    });
  });

  it('of one team has its total and lines alone', async () => {
    await close(['p1', 'p2', 'p3'], ['p3']);
    const { out } = await headroom('bill', '2026-10', '--team', 'a', '-o', 'json');
    expect(JSON.parse(out)).toMatchObject({ total: '1.50', bills: [{ team: 'a' }], unrated: [] });
    const { code, err } = await headroom('bill', '2026-10', '--team', 'z');
    expect(code).toBe(1);
    expect(err).toContain('Teams that have: a, unassigned.');
  });

  it('prints the lines as CSV', async () => {
    await close(['p1', 'p2']);
    const { out } = await headroom('bill', '2026-10', '-o', 'csv');
    const [header, ...rows] = out.trimEnd().split('\r\n');
    expect(header).toMatch(
      /team,project,project_name,region,measure,class,rule,card,band,quantity,unused_quantity,amount$/,
    );
    expect(rows).toHaveLength(2);
    const one = await headroom('bill', '2026-10', '--team', 'a', '-o', 'csv');
    expect(one.out).toBe(`${header}\r\n${rows[0]}\r\n`);
  });

  it('prints a table on a terminal', async () => {
    await close(['p1', 'p3'], ['p3']);
    const { out } = await server.headroom(['bill', '2026-10'], { outIsTerminal: true });
    expect(out).toMatch(/^2026-10 {2}draft, revision 1 {2}total 1\.50 EUR\n/);
    expect(out).toMatch(/team +number +lines +EUR\na +- +1 +1\.50\n/);
    expect(out).toContain('Unrated: no rule of a card prices this usage.');
  });

  it('of a month without bills says what to do', async () => {
    const { code, err } = await headroom('bill', '2026-09');
    expect(code).toBe(1);
    expect(err).toContain('"headroom close 2026-09" makes them');
  });
});
