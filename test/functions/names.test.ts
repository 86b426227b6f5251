import { describe, expect, it } from 'vitest';
import { memoryNameStore } from '../../lib/adapters/memory/names.ts';
import type { NameStore } from '../../lib/ports/names.ts';
import { memoryApi, WEST } from './api.ts';
import { monthCloser } from './close-months.ts';
import { closingCloud, PERIOD } from './closing-cloud.ts';

const P1 = { kind: 'project', id: 'p1', name: 'Payments', domain: 'default' };

async function call(names: NameStore, name: string): Promise<void> {
  const change = { kind: 'project' as const, id: 'p1', name, domain: null };
  await names.put([change], { actor: 'ann', at: '2026-11-21T12:00:00Z' });
}

describe('names', () => {
  it('are told in bulk, listed by kind, and who told them is recorded', async () => {
    const { ask, ports } = memoryApi();
    const user = { kind: 'user', id: 'u1', name: 'anna', domain: null };
    const answer = await ask('PUT /v1/names', {
      body: { names: [P1, { kind: 'user', id: 'u1', name: 'anna' }] },
      headers: { 'x-headroom-actor': 'ops' },
    });
    expect(answer).toMatchObject({ status: 200, body: { names: 2 } });
    expect((await ask('GET /v1/names')).body).toEqual({ items: [P1], nextCursor: null });
    const users = await ask('GET /v1/names', { query: { kind: 'user' } });
    expect(users.body).toEqual({ items: [user], nextCursor: null });
    expect(ports.audit.entries).toMatchObject([
      { actor: 'ops', action: 'names.put', subject: 'project,user: 2' },
    ]);
  });

  it('page', async () => {
    const { ask } = memoryApi();
    const names = ['a', 'b', 'c'].map((id) => ({ kind: 'project', id, name: `name of ${id}` }));
    await ask('PUT /v1/names', { body: { names } });
    const first = await ask('GET /v1/names', { query: { limit: '2' } });
    const { items, nextCursor } = first.body as { items: { id: string }[]; nextCursor: string };
    expect(items.map(({ id }) => id)).toEqual(['a', 'b']);
    const rest = await ask('GET /v1/names', { query: { limit: '2', cursor: nextCursor } });
    expect(rest.body).toMatchObject({ items: [{ id: 'c' }], nextCursor: null });
  });

  it('are forgotten when they are null', async () => {
    const { ask } = memoryApi();
    await ask('PUT /v1/names', { body: { names: [P1] } });
    await ask('PUT /v1/names', { body: { names: [{ ...P1, name: null, domain: null }] } });
    expect((await ask('GET /v1/names')).body).toEqual({ items: [], nextCursor: null });
  });

  it.each([
    [{ names: [] }, '/names'],
    [{ names: [{ kind: 'team', id: 'x', name: 'X' }] }, '/names/0/kind'],
    [{ names: [{ kind: 'project', id: '', name: 'X' }] }, '/names/0/id'],
    [{ names: [{ kind: 'project', id: 'x', name: '' }] }, '/names/0/name'],
  ])('are refused where they are wrong: %j', async (body, pointer) => {
    const answer = await memoryApi().ask('PUT /v1/names', { body });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });

  it('stand beside the projects of usage', async () => {
    const { ask, ports } = memoryApi();
    await ports.regions.ensure(WEST, new Date(0));
    await call(ports.names, 'Payments');
    const stamp = { region: WEST, date: '2026-10-01', shard: 0, generation: 1 };
    const hours = { cores: Array(24).fill('0'), ramGib: Array(24).fill('0') };
    const quantities = [{ measure: 'cores', class: '', quantity: '1' }];
    const days = ['p1', 'p2'].map((project) => ({ ...stamp, ...hours, project, quantities }));
    await ports.totals.replace(stamp, 1, days, { ...stamp, ...hours });
    const query = { from: '2026-10-01', to: '2026-10-02', groupBy: 'project' };
    expect((await ask('GET /v1/usage', { query })).body).toMatchObject({
      items: [{ project: 'p1', projectName: 'Payments' }, { project: 'p2' }],
    });
    const byMeasure = await ask('GET /v1/usage', { query: { ...query, groupBy: 'measure' } });
    expect(JSON.stringify(byMeasure.body)).not.toContain('projectName');
  });
});

/** A month that was closed while p1 was called Payments, and its project renamed since. */
async function renamedSince(issue: boolean) {
  const names = memoryNameStore();
  await call(names, 'Payments');
  const cloud = await closingCloud({ names });
  await cloud.close('r1', issue);
  const api = memoryApi();
  const set = await cloud.ports.bills.listBills(PERIOD, 1);
  const period = await cloud.ports.bills.getPeriod(PERIOD);
  if (set === null || period === null) throw new Error('the month was not closed');
  await api.ports.bills.putBills(PERIOD, 1, set.bills, set.extra);
  await api.ports.bills.putPeriod({ ...period, version: 1 }, null);
  await call(api.ports.names, 'Renamed');
  return { cloud, ask: api.ask };
}

describe('a closed bill', () => {
  it.each([false, true])('keeps the names of its close, issued or not: %s', async (issue) => {
    const { ask } = await renamedSince(issue);
    const path = `/v1/bills/${PERIOD}/payments`;
    expect((await ask(`GET ${path}`)).body).toMatchObject({
      lines: [{ project: 'p1', projectName: 'Payments' }],
    });
    const page = await ask(`GET ${path}/lines`);
    expect(page.body).toMatchObject({ items: [{ projectName: 'Payments' }] });
    const { text } = await ask(`GET ${path}`, { query: { format: 'csv' } });
    expect(text).toContain('"p1","Payments","west"');
  });

  it('has the same hash whatever its projects are called', async () => {
    const [unnamed, named] = [await closingCloud(), (await renamedSince(false)).cloud];
    await unnamed.close('r1');
    const [a, b] = await Promise.all(
      [unnamed, named].map(({ ports }) => ports.bills.getPeriod(PERIOD)),
    );
    expect(a?.sha256).toBe(b?.sha256);
  });

  it('has the names in its issued document, beside the hashed bill', async () => {
    const { cloud } = await renamedSince(true);
    const documents = await cloud.documentsUnder(`bills/${PERIOD}/1/`);
    const issued = JSON.parse(documents['payments.issued.json'] ?? '');
    expect(issued).toMatchObject({ projectNames: { p1: 'Payments' } });
    expect(JSON.stringify(issued.bill)).not.toContain('Payments');
    expect(JSON.parse(documents['search.issued.json'] ?? '')).toMatchObject({ projectNames: {} });
  });
});

describe('an issued document', () => {
  it('says whom the bill is for, as the team was at the close, beside the hashed bill', async () => {
    const cloud = await closingCloud();
    const team = { id: 'payments', projects: [{ project: 'p1' }], costCentre: '0400' };
    await cloud.configure('team', { ...team, name: 'Payments & Co' } as never);
    cloud.clock.now = new Date('2027-01-03T02:00:00Z');
    await monthCloser(cloud.ports)(PERIOD, { issue: true });
    const documents = await cloud.documentsUnder(`bills/${PERIOD}/1/`);
    const issued = JSON.parse(documents['payments.issued.json'] ?? '');
    expect(issued.billedTo).toEqual({ name: 'Payments & Co', costCentre: '0400' });
    expect(JSON.stringify(issued.bill)).not.toContain('Payments & Co');
    expect(JSON.parse(documents['unassigned.issued.json'] ?? '')).toMatchObject({ billedTo: {} });
  });
});

describe('an estimate', () => {
  it('shows the names of today', async () => {
    const cloud = await closingCloud();
    await cloud.estimate('2026-10-05');
    const set = await cloud.ports.bills.listBills(PERIOD, 0);
    const { ask, ports } = memoryApi();
    await ports.bills.putBills(PERIOD, 0, set?.bills ?? [], set?.extra);
    for (const name of ['Payments', 'Renamed']) {
      await call(ports.names, name);
      const bill = await ask(`GET /v1/bills/${PERIOD}/payments`);
      expect(bill.body).toMatchObject({ lines: [{ projectName: name }] });
    }
  });
});
