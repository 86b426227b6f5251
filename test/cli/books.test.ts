import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeMonth } from '../../lib/billing/close-month.ts';
import { readTeam } from '../../lib/rating/team.ts';
import { billedTo } from '../../lib/teams/billed-to.ts';
import { type Server, serve } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'headroom-books-'));
afterAll(() => rmSync(folder, { recursive: true }));

let server: Server;
beforeEach(async () => {
  server = await serve();
});
afterEach(() => server.close());

const headroom = (...args: string[]) => server.headroom(args, { cwd: folder });

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

const TEAMS =
  'id,name,cost_centre,gl_account,budget_amount,project,share,from\n' +
  'a,=SUM(A1),0420,6400,2.50,p1,60,2026-10-01\n' +
  'a,,,,,p2,,\n';
const CARD = {
  id: 'std',
  currency: 'EUR',
  effectiveFrom: '2026-10-01',
  rules: [{ id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice: '0.5' } }],
};

/** What the close's functions would do, of three core-hours for each project. */
async function close(projects: readonly string[]): Promise<void> {
  const documents = await server.ports.configuration.list('team');
  const teams = documents.map(({ body }) => body);
  const closed = await closeMonth({
    period: '2026-10',
    cards: [CARD],
    teams,
    adjustments: [],
    pools: [],
    exchangeRates: [],
    usage: projects.map((project) => ({
      region: 'west' as never,
      project,
      resource: 'r',
      measure: 'cores',
      class: 'm1',
      hour: '2026-10-05T10:00:00Z',
      quantity: '3',
    })),
  });
  const byId = new Map(teams.map(readTeam).map((team) => [team.id, team]));
  const { currency, unrated, sha256 } = closed;
  const bills = closed.bills.map(({ bill, sha256: ofBill }) => ({
    period: '2026-10',
    revision: 1,
    team: bill.team,
    state: 'draft' as const,
    number: null,
    sha256: ofBill,
    currency,
    total: bill.total,
    body: bill,
    billedTo: billedTo(byId.get(bill.team)),
    generatedAt: '2026-11-03T00:00:00Z',
  }));
  await server.ports.bills.putBills('2026-10', 1, bills, { currency, unrated });
  const lastStep = await server.ports.audit.prepare({
    at: '2026-11-03T00:00:00Z',
    actor: 'ada',
    action: 'period.closed',
    subject: '2026-10 close-1',
    version: 1,
    before: null,
    after: null,
  });
  await server.ports.bills.putPeriod(
    {
      period: '2026-10',
      state: 'draft',
      revision: 1,
      sha256,
      manifestKey: null,
      closedBy: 'ada',
      issuedBy: null,
      updatedAt: '2026-11-03T00:00:00Z',
      lastStep,
    },
    null,
  );
  await server.ports.audit.tell(lastStep);
}

describe('headroom teams', () => {
  it('takes a table in, gives the same out, and leaves other teams', async () => {
    file('other.yaml', '- id: other\n  projects: []\n');
    await headroom('teams', 'import', 'other.yaml');
    const imported = await headroom('teams', 'import', file('teams.csv', TEAMS), '--as', 'ann');
    expect(imported).toMatchObject({ code: 0, out: 'team a created\n', err: '' });
    const exported = await headroom('teams', 'export', '-o', 'csv');
    expect(exported.out).toContain(`"a","'=SUM(A1)","0420","6400"`);
    expect(exported.out).toContain('"other"');
    expect((await headroom('teams', 'import', file('again.csv', exported.out))).out).toContain(
      'team a ',
    );
    expect((await headroom('teams', 'export')).out).toBe(exported.out);
    const yaml = (await headroom('teams', 'export', '-o', 'yaml')).out;
    await headroom('teams', 'import', file('again.yaml', yaml), '--replace');
    expect((await headroom('teams', 'export')).out).toBe(exported.out);
  });

  it('writes nothing when a line is wrong', async () => {
    const faulty = await headroom('teams', 'import', file('bad.csv', `${TEAMS}b,,,,,p3,200,\n`));
    expect(faulty.code).toBe(1);
    expect(faulty.err).toContain('bad.csv: line 4: team "b": share must be at most 100');
    expect(await server.ports.configuration.list('team')).toEqual([]);
  });

  it('lists what no team has, with its cost', async () => {
    await headroom('teams', 'import', file('teams.csv', TEAMS));
    await close(['p1', 'p3']);
    const { out } = await headroom('teams', 'unmapped', '--period', '2026-10', '-o', 'json');
    expect(JSON.parse(out)).toEqual([
      { project: 'p1', currency: 'EUR', amount: '0.60', regions: ['west'], isPartlyUnrated: false },
      { project: 'p3', currency: 'EUR', amount: '1.50', regions: ['west'], isPartlyUnrated: false },
    ]);
  });
});

describe('headroom budgets', () => {
  it('tells how far each is used, and mutes one by whom and until when', async () => {
    await headroom('teams', 'import', file('teams.csv', TEAMS));
    await close(['p1', 'p2']);
    const muted = await headroom('budgets', 'mute', 'a', '--until', '2026-12-01', '--as', 'ann');
    expect(muted).toMatchObject({ code: 0, out: 'budget of a muted\n' });
    const { out } = await headroom('budgets', '--period', '2026-10', '-o', 'json');
    expect(JSON.parse(out)).toMatchObject([
      {
        team: 'a',
        budget: '2.5',
        actual: '2.40',
        actualPercent: '96.0',
        muted: { until: '2026-12-01', by: 'ann' },
        thresholds: [
          { kind: 'actual', percent: '50', isReached: true, toldAt: null },
          { kind: 'actual', percent: '80', isReached: true },
          { kind: 'actual', percent: '100', isReached: false },
          { kind: 'projected', percent: '100', isReached: false },
        ],
      },
    ]);
    const { out: table } = await headroom('budgets', '--period', '2026-10', '-o', 'table');
    expect(table).toMatch(/^team +budget +actual +% +projected +% +P90 +% +currency +reached$/m);
    expect(table).toMatch(/^a +2\.5 +2\.40 +96\.0 +2\.40 +96\.0 +2\.40 +96\.0 +EUR +actual 50 %/m);
    await headroom('budgets', 'unmute', 'a');
    const again = await headroom('budgets', '--period', '2026-10', '-o', 'json');
    expect(JSON.parse(again.out)).toMatchObject([{ muted: null }]);
  });
});

describe('headroom bill export --format journal', () => {
  it('books what the bills come to, under what the team was called at the close', async () => {
    await headroom('teams', 'import', file('teams.csv', TEAMS));
    await close(['p1', 'p2', 'p3']);
    await headroom('teams', 'import', file('renamed.csv', TEAMS.replace('0420', '9999')));
    file('map.yml', 'accounts:\n  expense: 6999\n  recovery: 8400\n');
    const args = [
      'bill',
      'export',
      '--period',
      '2026-10',
      '--format',
      'journal',
      '--mapping',
      'map.yml',
    ];
    const { out, code } = await headroom(...args);
    expect(code).toBe(0);
    expect(
      out
        .split('\r\n')
        .slice(1, 5)
        .map((row) => row.split(',').slice(5, 9)),
    ).toEqual([
      ['"0420"', '"6400"', '2.40', ''],
      ['""', '"8400"', '', '2.40'],
      ['""', '"6999"', '2.10', ''],
      ['""', '"8400"', '', '2.10'],
    ]);
    expect((await headroom(...args)).out).toBe(out);
  });
});

describe('headroom audit', () => {
  it('lists entries, verifies them, and names the entry that was cut off', async () => {
    await headroom('teams', 'import', file('teams.csv', TEAMS), '--as', 'ann');
    await close(['p1']);
    const { out } = await headroom('audit', 'list', '--subject', 'a', '-o', 'json');
    expect(JSON.parse(out)).toMatchObject([
      { seq: 1, actor: 'ann', action: 'team.put', version: 1 },
    ]);
    const verified = await headroom('audit', 'verify');
    expect(verified).toMatchObject({ code: 0 });
    expect(verified.out).toMatch(/^ok entries=2 anchors=1 head=2:[0-9a-f]{64}\n$/);
    const head = verified.out.trim().split('head=')[1] ?? '';
    expect((await headroom('audit', 'verify', '--head', head)).code).toBe(0);
    const gone = await headroom('audit', 'verify', '--head', head.replace('2:', '3:'));
    expect(gone.code).toBe(1);
    expect(gone.err).toContain('entry 3 is bad');
  });
});
