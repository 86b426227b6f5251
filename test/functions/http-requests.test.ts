import { describe, expect, it } from 'vitest';
import { memoryApi, WEST } from './api.ts';

const CARD = {
  id: 'std',
  currency: 'EUR',
  effectiveFrom: '2026-10-01',
  rules: [{ id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice: '0.0125' } }],
};

describe('a request that cannot be served', () => {
  it('is told that there is no such path', async () => {
    const { askRaw } = memoryApi();
    const answer = await askRaw('GET /v1/invoices');
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      type: 'urn:headroom:problem:not-found',
      status: 404,
      detail: 'There is no /v1/invoices here: /v1/openapi.json lists what there is.',
      instance: 'urn:headroom:request:request-1',
      requestId: 'request-1',
    });
  });

  it.each([
    { text: 'id=std', type: 'application/x-www-form-urlencoded', status: 415 },
    { text: '{}', type: 'text/plain', status: 415 },
    { text: '{"id":', type: 'application/json', status: 400 },
    { text: '\u0000', type: 'application/json', status: 400 },
    { text: '[', type: 'application/json', status: 400, times: 200_000 },
    { text: '', type: 'application/json', status: 400 },
    { text: ' ', type: 'application/json', status: 413, times: 1_048_577 },
  ])('answers $status to a body of $type "$text"', async ({ text, type, status, times = 1 }) => {
    const { ask } = memoryApi();
    const answer = await ask('PUT /v1/rate-cards/std', {
      text: text.repeat(times),
      headers: { 'content-type': type },
    });
    expect(answer.status).toBe(status);
  });

  it('refuses a compressed body of configuration', async () => {
    const { ask } = memoryApi();
    const headers = { 'content-encoding': 'gzip' };
    expect((await ask('PUT /v1/rate-cards/std', { body: CARD, headers })).status).toBe(415);
  });

  it('points to every fault of the body', async () => {
    const { ask } = memoryApi();
    const rule = { id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice: '1,5' } };
    const body = { ...CARD, currency: 'EURO', rules: [rule], colour: 'red' };
    const answer = await ask('PUT /v1/rate-cards/std', { body });
    expect(answer.status).toBe(400);
    const { errors } = answer.body as { errors: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer).toSorted()).toEqual([
      '/colour',
      '/currency',
      '/rules/0/price/unitPrice',
    ]);
  });

  it('points to a query parameter and to a variable of the path', async () => {
    const { ask } = memoryApi();
    const wrong = await ask('GET /v1/regions', { query: { limit: '0', page: '2' } });
    expect(wrong.status).toBe(400);
    expect(wrong.body).toMatchObject({
      errors: [
        { pointer: '/query/limit' },
        { pointer: '/query/page', message: 'There is no such query parameter.' },
      ],
    });
    const path = await ask('GET /v1/regions/_west/capacity');
    expect(path.body).toMatchObject({ status: 400, errors: [{ pointer: '/path/region' }] });
  });

  it('does not take keys that reach into objects', async () => {
    const { ask } = memoryApi();
    const answer = await ask('PUT /v1/rate-cards/std', {
      text: JSON.stringify(CARD).replace('{', '{"__proto__":{"admin":true},'),
    });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ pointer: '/__proto__' }] });
  });

  it('refuses an actor that is no name', async () => {
    const { ask } = memoryApi();
    const headers = { 'x-headroom-actor': 'a'.repeat(256) };
    expect((await ask('PUT /v1/rate-cards/std', { body: CARD, headers })).status).toBe(400);
  });
});

describe('a fault of ours', () => {
  it('tells the caller nothing but the request id, and the log everything', async () => {
    const api = memoryApi();
    api.ports.regions.list = async () => {
      throw new Error('table headroom-prod is on fire');
    };
    const answer = await api.ask('GET /v1/regions');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('fire');
    expect(answer.body).toMatchObject({ requestId: 'request-1', errors: [] });
    expect(api.faults.map(({ error }) => error.message)).toEqual([
      'table headroom-prod is on fire',
    ]);
  });

  it('refuses to send more than a function may return', async () => {
    const api = memoryApi();
    const id = 'x'.repeat(200);
    const quantities = [{ measure: 'cores', class: id, quantity: '1' }];
    const hours = Array<string>(24).fill('1');
    api.ports.totals.listProjectDays = async (region, date) =>
      Array.from({ length: 200 }, (_, index) => ({
        region,
        date,
        project: `p${index}${'y'.repeat(40_000)}`,
        shard: 0,
        generation: 1,
        quantities,
        cores: hours,
        ramGib: hours,
      }));
    await api.ports.regions.ensure(WEST, new Date(0));
    const query = { from: '2026-10-01', to: '2026-10-02', limit: '200' };
    const answer = await api.ask('GET /v1/usage', { query });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ detail: expect.stringContaining('5500000') });
  });
});

describe('the health of the service', () => {
  it('is told with its version', async () => {
    const answer = await memoryApi().ask('GET /v1/health');
    expect(answer).toMatchObject({ status: 200, body: { status: 'ok', version: 'test' } });
  });
});
