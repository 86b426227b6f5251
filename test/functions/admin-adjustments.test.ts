import { describe, expect, it } from 'vitest';
import { memoryApi } from './api.ts';

const DISCOUNT = { id: 'd', type: 'discount', team: 'payments', percent: '12.5' };
const POOL = {
  id: 'west-2026-10',
  region: 'west',
  period: '2026-10',
  currency: 'EUR',
  amount: '100.00',
  weights: { cores: '70', ram: '30' },
  idle: 'spread',
};

describe.each([
  ['an adjustment', 'adjustments', DISCOUNT, { ...DISCOUNT, percent: '10' }, 'adjustment'],
  ['a cost pool', 'cost-pools', POOL, { ...POOL, amount: '90.00' }, 'cost-pool'],
] as const)('%s', (_name, path, first, second, kind) => {
  it('is created, replaced by whoever has seen it, listed and taken away, each with its author', async () => {
    const { ask, ports } = memoryApi();
    const url = `/v1/${path}/${first.id}`;
    const headers = { 'x-headroom-actor': 'ada' };
    const created = await ask(`PUT ${url}`, { body: first, headers });
    expect(created).toMatchObject({ status: 201, headers: { etag: '"1"' }, body: first });
    expect((await ask(`PUT ${url}`, { body: second, headers })).status).toBe(428);
    const seen = { ...headers, 'if-match': '"1"' };
    expect((await ask(`PUT ${url}`, { body: second, headers: seen })).status).toBe(200);
    expect((await ask(`GET ${url}`)).body).toEqual(second);
    const { body } = await ask(`GET /v1/${path}`);
    expect(body).toMatchObject({ items: [{ id: first.id, actor: 'ada', document: second }] });
    const gone = await ask(`DELETE ${url}`, { headers: { ...headers, 'if-match': '"2"' } });
    expect(gone.status).toBe(204);
    expect((await ask(`GET ${url}`)).status).toBe(404);
    expect(ports.audit.entries.map(({ action }) => action)).toEqual([
      `${kind}.put`,
      `${kind}.put`,
      `${kind}.delete`,
    ]);
  });

  it('must have the id of its path', async () => {
    const answer = await memoryApi().ask(`PUT /v1/${path}/other`, { body: first });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/id' }] } });
  });

  it('is refused with the place of its fault', async () => {
    const body = { ...first, surprise: 1 };
    const answer = await memoryApi().ask(`PUT /v1/${path}/${first.id}`, { body });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain('surprise');
  });
});
