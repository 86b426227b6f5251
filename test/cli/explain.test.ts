import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryRetractions } from '../../lib/adapters/memory/retractions.ts';
import { monthCloser } from '../functions/close-months.ts';
import { CARD, closingCloud, usageRow } from '../functions/closing-cloud.ts';
import { carryOut } from '../functions/exported-job.ts';
import { type Server, serve } from './server.ts';

let server: Server;
let cloud: Awaited<ReturnType<typeof closingCloud>>;
const cwd = mkdtempSync(join(tmpdir(), 'headroom-explain-'));

beforeEach(async () => {
  server = await serve();
  const { bills, configuration, regions } = server.ports;
  cloud = await closingCloud({ bills, now: () => new Date('2026-12-03T02:00:00Z') });
  const close = monthCloser(cloud.ports);
  await close('2026-10', { issue: true });
  await cloud.meter('2026-11-05', [
    usageRow('p1', '2026-11-05T00:00:00Z', '301'),
    { ...usageRow('p1', '2026-11-05T00:00:00Z', '4'), class: 'm1.new' },
  ]);
  await close('2026-11', { issue: false });
  await regions.ensure('west' as never, new Date());
  for (const document of [{ kind: 'rate-card', body: CARD }] as const) {
    await configuration.put({
      ...{ ...document, id: document.body.id, actor: 'ann' },
      ...{ updatedAt: '2026-11-01T00:00:00Z', expectedVersion: 0 },
    });
  }
  carryOutJobs();
});
afterEach(() => server.close());

/** The export function, at once: its results are where the server gives them out. */
function carryOutJobs(): void {
  const results = {
    get: async (key: string) => server.objects.get(key) ?? null,
    put: async (key: string, body: Uint8Array) => {
      server.objects.set(key, Buffer.from(body));
    },
  };
  const deps = {
    ...{ jobs: server.ports.jobs, documents: results, now: cloud.ports.now },
    closing: {
      ...{ ...cloud.ports, documents: cloud.documents, results },
      retractions: memoryRetractions(),
    },
  };
  server.ports.messages.startUsageExport = (jobId: string) => carryOut(deps, jobId);
}

const headroom = (...args: string[]) => server.headroom(args, { cwd });

describe('bill explain', () => {
  it('prints every line of a bill in words, or one', async () => {
    const { code, out } = await headroom('bill', 'explain', '2026-11', 'payments');
    expect(code).toBe(0);
    expect(out).toContain('Bill of "payments" for 2026-11 (draft): 3.81 EUR, 2 lines.');
    expect(out).toContain(
      'Amount: 4 core-hour (units beyond the allowance) x 0.0125 EUR (price of a unit) = 0.05.',
    );
    const { out: one } = await headroom('bill', 'explain', '2026-11', 'payments', '2');
    expect(one).toContain('Line 2 of the bill');
    expect(one).not.toContain('Line 1 of the bill');
  });

  it('prints what the API gives, and says what is not there', async () => {
    const { out } = await headroom('bill', 'explain', '2026-10', 'search', '-o', 'json');
    expect(JSON.parse(out)).toMatchObject({ number: '2026-000002', lines: [{ amount: '0.08' }] });
    const { code, err } = await headroom('bill', 'explain', '2026-10', 'nobody');
    expect(code).toBe(1);
    expect(err).toContain('Team "nobody" has no bill of 2026-10.');
    expect((await headroom('bill', 'explain', '2026-10', 'search', 'first')).code).toBe(2);
    expect((await headroom('bill', 'explain', '2026-12', 'search')).err).toContain(
      'There are no bills of 2026-12.',
    );
  });
});

describe('bill explain of a note', () => {
  it('tells what was billed, what should have been and why, by number or by the month that it corrects', async () => {
    await cloud.meter('2026-10-20', [usageRow('p2', '2026-10-20T00:00:00Z', '100')]);
    await monthCloser(cloud.ports)('2026-11', { issue: false });
    const drafted = await headroom('bill', 'explain', '2026-11', 'search', '--corrects', '2026-10');
    expect(drafted.out).toContain(
      'Debit note to "search" on its bill for 2026-10 (2026-000002), with 2026-11 (draft): 0.74 EUR, 1 lines.',
    );
    await monthCloser(cloud.ports)('2026-11', { issue: true });
    const { code, out } = await headroom('bill', 'explain', 'N2026-000001', '1');
    expect(code).toBe(0);
    expect(out).toContain(
      'It corrects line 1 of bill 2026-000002: billed 0.08 EUR for 6 core-hours.',
    );
    expect(out).toContain('It should have been 0.82 EUR for 66 core-hours');
    const { out: json } = await headroom('bill', 'explain', 'N2026-000001', '-o', 'json');
    expect(JSON.parse(json)).toMatchObject({
      corrects: { number: '2026-000002' },
      lines: [{ amount: '0.74', due: { calculation: { working: { exact: '0.825' } } } }],
    });
  });

  it('says which note there is not, and what goes with a number', async () => {
    expect((await headroom('bill', 'explain', 'N2026-000009')).err).toContain('N2026-000009');
    const { code, err } = await headroom('bill', 'explain', 'N2026-000001', '1', '2');
    expect([code, err]).toEqual([2, expect.stringContaining('no team and no --corrects')]);
    const none = await headroom('bill', 'explain', '2026-11', 'search', '--corrects', '2026-10');
    expect(none.err).toContain('No note that corrects 2026-10 goes out to "search" with 2026-11.');
    expect((await headroom('bill', 'explain', '2026-11')).err).toContain('Name the team.');
    const month = await headroom('bill', 'explain', '2026-11', 'x', '--corrects', 'May');
    expect(month.err).toContain('--corrects takes a month such as 2026-10, not "May".');
  });
});

describe('bill changes', () => {
  it('prints effects that add up, by team or by project', async () => {
    const { out } = await headroom('bill', 'changes', '2026-11');
    expect(out).toContain('2026-11 against 2026-10: 1.80 EUR');
    expect(out).toMatch(/^payments +1.88 +3.81 +1.93 +1.88 +0.05 +0.00$/m);
    expect(out).toMatch(/^all +2.01 +3.81 +1.80 +1.88 +0.05 +-0.13$/m);
    const { out: one } = await headroom('bill', 'changes', '2026-11', '--team', 'payments');
    expect(one).toMatch(/^p1 +cores +1.88 +3.81 +1.93/m);
  });

  it('says which month has no bills, and which team has none', async () => {
    const { err } = await headroom('bill', 'changes', '2026-11', '--since', '2025-11');
    expect(err).toContain('There are no bills of 2025-11');
    expect((await headroom('bill', 'changes', '2026-11', '--team', 'x')).err).toContain(
      'Team "x" has no bill of 2026-11 and none of 2026-10.',
    );
  });
});

describe('bill compare', () => {
  it('prints the bills beside another card', async () => {
    const rules = [{ ...CARD.rules[0], price: { model: 'unit', unitPrice: '0.02' } }];
    writeFileSync(join(cwd, 'public.json'), JSON.stringify({ ...CARD, id: 'public', rules }));
    const { code, out } = await headroom('bill', 'compare', '2026-11', '--card', 'public.json');
    expect(code).toBe(0);
    expect(out).toContain(
      'the bills come to 3.81 EUR, on public, without cost pools and adjustments it is 6.10.',
    );
    expect(out).toMatch(/^payments +cores +305 +3.81 +6.10 +2.29$/m);
  });

  it('tells a card that is none, with its fault', async () => {
    writeFileSync(join(cwd, 'bad.json'), JSON.stringify({ ...CARD, currency: 'XYZ' }));
    const { code, err } = await headroom('bill', 'compare', '2026-11', '--card', 'bad.json');
    expect(code).toBe(1);
    expect(err).toContain('/cards/0/currency');
  });
});

describe('bill pools', () => {
  it('prints what a unit came to', async () => {
    expect((await headroom('bill', 'pools', '2026-10')).out).toBe(
      'No cost pool pays for a region in 2026-10.\n',
    );
    await cloud.configure(
      'cost-pool' as never,
      {
        ...{ id: 'pool', region: 'west', period: '2026-11', currency: 'EUR', amount: '61' },
        ...{ weights: { cores: '1' }, idle: 'spread' },
      } as never,
    );
    await monthCloser(cloud.ports)('2026-11', { issue: false });
    const { out } = await headroom('bill', 'pools', '2026-11');
    expect(out).toMatch(/^west +pool +cores +305 +61.00 +0.00 +0.2 +0.2 +EUR per core-hour$/m);
  });
});

describe('bill labels', () => {
  it('prints what each value of a label costs, and what is of no resource', async () => {
    const row = { ...usageRow('p1', '2026-11-05T00:00:00Z', '60'), resource: 'r' };
    await cloud.meter('2026-11-05', [
      { ...row, metadata: { environment: 'prod' } },
      { ...row, resource: 's', quantity: '20' },
    ]);
    await cloud.configure('adjustment' as never, {
      ...{ id: 'setup', type: 'charge', team: 'payments', amount: '25', reason: 'racks' },
    });
    await monthCloser(cloud.ports)('2026-11', { issue: false });
    const by = ['--label', 'environment'];
    const labels = await headroom('bill', 'labels', '2026-11', ...by, '--team', 'payments');
    const { code, out } = labels;
    expect(code).toBe(0);
    expect(labels.err).not.toContain('No usage');
    expect(out).toContain('2026-11 draft by environment, EUR:');
    expect(out).toMatch(/^payments +cores +prod +60 +0.75$/m);
    expect(out).toMatch(/^payments +cores +\(none\) +20 +0.25$/m);
    expect(out).toMatch(/^payments +\(of no resource\) +25.00$/m);
    expect(out).toMatch(/^all +26.00$/m);
    const { out: all } = await headroom('bill', 'labels', '2026-11', ...by, '-o', 'json');
    expect(JSON.parse(all)).toMatchObject({ team: null, state: 'draft', total: '26.00' });
    const typo = await headroom('bill', 'labels', '2026-11', '--label', 'enviroment');
    expect(typo.err).toContain('No usage of 2026-11 has the label "enviroment".');
    const none = await headroom('bill', 'labels', '2026-11', ...by, '--team', 'nobody');
    expect(none.err).toContain('Team "nobody" has no bill of 2026-11.');
  });
});

describe('price', () => {
  it('prints what instances will cost, by sizes or by a flavor that the region knows', async () => {
    const sizes = ['--vcpus', '4', '--ram', '8', '--hours', '100', '--from', '2026-12-01'];
    const { code, out } = await headroom('price', ...sizes);
    expect(code).toBe(0);
    expect(out).toContain('5.00 EUR, 0.05 for an instance and hour');
    expect(out).toContain('No rule prices 800 of ram: it is not in the total.');
    const { err } = await headroom('price', '--flavor', 'm1.huge', '--hours', '1');
    expect(err).toContain('No flavor "m1.huge" is known in "west".');
    await server.ports.configuration.put({
      ...{ kind: 'region-settings', id: 'west', actor: 'ann', expectedVersion: 0 },
      ...{ updatedAt: '2026-11-01T00:00:00Z' },
      body: { region: 'west', flavors: [{ name: 'm1.huge', vcpus: 64, ramMib: 262_144 }] },
    });
    const flavor = ['price', '--flavor', 'm1.huge', '--hours', '10', '-o', 'json'];
    expect(JSON.parse((await headroom(...flavor)).out)).toMatchObject({
      ...{ region: 'west', total: '8.00', currency: 'EUR', from: '2026-11-21T12:00:00Z' },
      flavor: { name: 'm1.huge', origin: 'settings', vcpus: 64 },
      months: [{ lines: [{ measure: 'cores', class: 'm1.huge', rule: 'cores', card: 'std' }] }],
    });
  });

  it('says what is missing', async () => {
    expect((await headroom('price', '--hours', '5')).err).toContain('give ?flavor=');
    expect((await headroom('price', '--vcpus', '1', '--ram', 'x', '--hours', '5')).code).toBe(2);
  });
});
