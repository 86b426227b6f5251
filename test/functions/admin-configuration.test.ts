import { describe, expect, it } from 'vitest';
import { memoryApi } from './api.ts';

const card = (id: string, unitPrice: unknown = '0.0125', effectiveFrom = '2026-10-01') => ({
  id,
  currency: 'EUR',
  effectiveFrom,
  rules: [{ id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice } }],
});
const team = (id: string, ...projects: object[]) => ({ id, projects });

describe('a rate card', () => {
  it('is created once and then replaced by whoever has seen it', async () => {
    const { ask, ports } = memoryApi();
    const headers = { 'x-headroom-actor': 'ada' };
    const created = await ask('PUT /v1/rate-cards/std', { body: card('std'), headers });
    expect(created).toMatchObject({ status: 201, headers: { etag: '"1"' }, body: card('std') });
    const blind = await ask('PUT /v1/rate-cards/std', { body: card('std', '0.02') });
    expect(blind.status).toBe(428);
    const seen = await ask('PUT /v1/rate-cards/std', {
      body: card('std', '0.02'),
      headers: { ...headers, 'if-match': '"1"' },
    });
    expect(seen).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    const stale = await ask('PUT /v1/rate-cards/std', {
      body: card('std', '0.03'),
      headers: { 'if-match': '"1"' },
    });
    expect(stale.status).toBe(412);
    expect(stale.body).toMatchObject({ detail: expect.stringContaining('"2"') });
    const present = await ask('GET /v1/rate-cards/std');
    expect(present).toMatchObject({ headers: { etag: '"2"' }, body: card('std', '0.02') });
    expect(ports.audit.entries.map(({ actor, action }) => [actor, action])).toEqual([
      ['ada', 'rate-card.put'],
      ['ada', 'rate-card.put'],
    ]);
  });

  it('is not created over one that is there', async () => {
    const { ask } = memoryApi();
    const headers = { 'if-none-match': '*' };
    expect((await ask('PUT /v1/rate-cards/std', { body: card('std'), headers })).status).toBe(201);
    expect((await ask('PUT /v1/rate-cards/std', { body: card('std'), headers })).status).toBe(412);
  });

  it('that is missing cannot be matched', async () => {
    const headers = { 'if-match': '"1"' };
    const answer = await memoryApi().ask('PUT /v1/rate-cards/std', { body: card('std'), headers });
    expect(answer.status).toBe(412);
  });

  it.each(['1', 'W/"1"', '*', '"1", "2"'])('takes no If-Match of %s', async (tag) => {
    const headers = { 'if-match': tag };
    const answer = await memoryApi().ask('PUT /v1/rate-cards/std', { body: card('std'), headers });
    expect(answer.status).toBe(400);
  });

  it('stays at its version when the same is written again', async () => {
    const { ask, ports } = memoryApi();
    await ask('PUT /v1/rate-cards/std', { body: card('std') });
    const { rules, ...rest } = card('std');
    const again = await ask('PUT /v1/rate-cards/std', {
      body: { rules, ...rest },
      headers: { 'if-match': '"1"' },
    });
    expect(again).toMatchObject({ status: 200, headers: { etag: '"1"' } });
    expect(ports.audit.entries).toHaveLength(1);
  });

  it('keeps every digit of a price that was written as a number', async () => {
    const { ask } = memoryApi();
    const text = JSON.stringify(card('std', 'PRICE')).replace(
      '"PRICE"',
      '0.12345678901234567890123',
    );
    expect((await ask('PUT /v1/rate-cards/std', { text })).status).toBe(201);
    expect((await ask('GET /v1/rate-cards/std')).text).toContain('0.12345678901234567890123');
  });

  it('must have the id of its path', async () => {
    const answer = await memoryApi().ask('PUT /v1/rate-cards/std', { body: card('other') });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/id' }] } });
  });

  it('is refused when another is effective from the same instant', async () => {
    const { ask } = memoryApi();
    await ask('PUT /v1/rate-cards/std', { body: card('std') });
    const answer = await ask('PUT /v1/rate-cards/new', {
      body: card('new', '1', '2026-10-01T00:00:00Z'),
    });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ detail: expect.stringContaining('"std" and "new"') });
  });

  it('is taken away by whoever has seen it, and a new one under its id has another ETag', async () => {
    const { ask } = memoryApi();
    await ask('PUT /v1/rate-cards/std', { body: card('std') });
    expect((await ask('DELETE /v1/rate-cards/std')).status).toBe(428);
    const headers = { 'if-match': '"1"' };
    expect((await ask('DELETE /v1/rate-cards/std', { headers })).status).toBe(204);
    expect((await ask('DELETE /v1/rate-cards/std', { headers })).status).toBe(404);
    expect((await ask('GET /v1/rate-cards/std')).status).toBe(404);
    const anew = await ask('PUT /v1/rate-cards/std', { body: card('std') });
    expect(anew.status).toBe(201);
    expect(anew.headers['etag']).not.toBe('"1"');
  });

  it('that is not there is told with those that are', async () => {
    const { ask } = memoryApi();
    await ask('PUT /v1/rate-cards/std', { body: card('std') });
    const answer = await ask('GET /v1/rate-cards/sdt');
    expect(answer.body).toMatchObject({ detail: 'There is no rate card "sdt"; there are: std.' });
  });
});

describe('a team', () => {
  it('is refused when a project would be given away twice', async () => {
    const { ask } = memoryApi();
    await ask('PUT /v1/teams/a', { body: team('a', { project: 'p', share: 60 }) });
    const rest = { project: 'p', share: 40 };
    expect((await ask('PUT /v1/teams/b', { body: team('b', rest) })).status).toBe(201);
    const answer = await ask('PUT /v1/teams/c', { body: team('c', { project: 'p', share: 0.5 }) });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ detail: expect.stringContaining('100.5 %') });
  });

  it('with an id that is no word is written and read under its encoded path', async () => {
    const { ask } = memoryApi();
    const id = 'R&D / Zürich';
    const path = `/v1/teams/${encodeURIComponent(id)}`;
    expect((await ask(`PUT ${path}`, { body: team(id) })).status).toBe(201);
    expect((await ask(`GET ${path}`)).body).toEqual(team(id));
  });
});

describe('the list of teams', () => {
  it('is written as a whole: what is not in it goes', async () => {
    const { ask } = memoryApi();
    const first = [team('a', { project: 'p' }), team('b', { project: 'q' })];
    const created = await ask('PUT /v1/teams', { body: first });
    expect(created.body).toEqual({
      created: ['a', 'b'],
      updated: [],
      unchanged: [],
      removed: [],
    });
    expect((await ask('PUT /v1/teams', { body: first })).status).toBe(428);
    const etag = created.headers['etag'] ?? '';
    // p moves from a to the new team c: only the list as a whole adds up.
    const second = [team('a'), team('c', { project: 'p' })];
    const answer = await ask('PUT /v1/teams', { body: second, headers: { 'if-match': etag } });
    expect(answer.body).toEqual({
      created: ['c'],
      updated: ['a'],
      unchanged: [],
      removed: ['b'],
    });
    const list = await ask('GET /v1/teams');
    expect(list.headers['etag']).toBe(answer.headers['etag']);
    expect(list.body).toMatchObject({ items: [{ id: 'a', etag: '"2"' }, { id: 'c' }] });
  });

  it('has an ETag while it is empty, which a first write may send or not', async () => {
    for (const precondition of ['if-match', 'if-none-match', null]) {
      const { ask } = memoryApi();
      const tag = (await ask('GET /v1/teams')).headers['etag'] ?? '';
      const value = precondition === 'if-match' ? tag : '*';
      const headers = precondition === null ? {} : { [precondition]: value };
      expect((await ask('PUT /v1/teams', { body: [team('a')], headers })).status).toBe(200);
    }
  });

  it('changes nothing when it is written again', async () => {
    const { ask, ports } = memoryApi();
    const teams = [team('a', { project: 'p' })];
    const created = await ask('PUT /v1/teams', { body: teams });
    const headers = { 'if-match': created.headers['etag'] ?? '' };
    const again = await ask('PUT /v1/teams', { body: teams, headers });
    expect(again.body).toMatchObject({ unchanged: ['a'], updated: [] });
    expect(again.headers['etag']).toBe(created.headers['etag']);
    expect(ports.audit.entries).toHaveLength(1);
  });

  it.each([
    { teams: [team('a', { project: 'p' }), team('b', { project: 'p' })], status: 422 },
    { teams: [team('a'), team('a')], status: 422 },
    { teams: [team('unassigned')], status: 400 },
    { teams: team('a'), status: 400 },
  ])('is refused with $status when it contradicts itself', async ({ teams, status }) => {
    const { ask, ports } = memoryApi();
    expect((await ask('PUT /v1/teams', { body: teams })).status).toBe(status);
    expect(await ports.configuration.list('team')).toEqual([]);
  });
});
