import { describe, expect, it } from 'vitest';
import type { ReclaimItem } from '../../lib/capacity/survey-answer.ts';
import { memoryApi, NOW, WEST } from './api.ts';
import { survey } from './surveyed-regions.ts';

async function surveyed() {
  const api = memoryApi();
  await survey(api.ports);
  return api;
}

const resources = (answer: unknown) =>
  (answer as { items: { resource: string }[] }).items.map(({ resource }) => resource);

describe('what could be given back', () => {
  it('of a region is told with its evidence and its sums by kind, the costliest first', async () => {
    const { ask } = await surveyed();
    const { body: answer } = await ask('GET /v1/regions/west/reclaim');
    expect(resources(answer)).toEqual(['vm-1', 'vol', 'vm-2', 'vm-3']);
    expect(answer).toMatchObject({
      surveys: [{ region: 'west', day: '2026-11-20', days: 7, leftOut: 0 }],
      totals: [
        { kind: 'idle', count: 2, currency: 'EUR', costPerMonth: '37.50' },
        { kind: 'idle', count: 1, currency: null, costPerMonth: '0' },
        { kind: 'unattached-volume', count: 1, currency: 'EUR', costPerMonth: '20.00' },
      ],
    });
  });

  it.each([
    { query: { team: 'b' }, expected: ['vol'] },
    { query: { kind: 'idle' }, expected: ['vm-1', 'vm-2', 'vm-3'] },
    { query: { confidence: 'medium' }, expected: ['vm-1', 'vol', 'vm-3'] },
  ])('is told for $query alone', async ({ query, expected }) => {
    const { ask } = await surveyed();
    const { body: answer } = await ask('GET /v1/regions/west/reclaim', { query });
    expect(resources(answer)).toEqual(expected);
  });

  it('of a team is told over all regions, with what that team pays', async () => {
    const { ask } = await surveyed();
    const { body: answer } = await ask('GET /v1/teams/a/reclaim');
    const { items } = answer as { items: ReclaimItem[] };
    expect(items.map(({ resource, costPerMonth }) => [resource, costPerMonth])).toEqual([
      ['vm-1', '30.00'],
      ['vm-2', '30.00'],
      ['vm-e', '30.00'],
      ['vol', '5.00'],
    ]);
    expect((await ask('GET /v1/teams/nobody/reclaim')).body).toMatchObject({
      items: [],
      totals: [],
    });
  });

  it('comes in pages that neither skip nor repeat', async () => {
    const { ask } = await surveyed();
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query = { limit: '3', ...(cursor === '' ? {} : { cursor }) };
      const { body: answer } = await ask('GET /v1/regions/west/reclaim', { query });
      seen.push(...resources(answer));
      cursor = (answer as { nextCursor: string | null }).nextCursor;
    }
    expect(seen).toEqual(['vm-1', 'vol', 'vm-2', 'vm-3']);
  });

  it('is not known of a region that was never surveyed', async () => {
    const api = memoryApi();
    await api.ports.regions.ensure(WEST, NOW);
    for (const what of ['reclaim', 'overcommit']) {
      const { status, body: problem } = await api.ask(`GET /v1/regions/west/${what}`);
      expect(status).toBe(404);
      expect((problem as { detail: string }).detail).toContain('POST /v1/forecasts');
    }
  });
});

describe('overcommitment', () => {
  it('is told with its evidence', async () => {
    const { ask } = await surveyed();
    expect((await ask('GET /v1/regions/west/overcommit')).body).toMatchObject({
      cpu: { status: 'measured', ratio: 5, presentRatio: 4, evidence: { p99: 0.2, hosts: 3 } },
      ram: { status: 'not_measured', ratio: 1 },
    });
  });
});

describe('packing the present mix', () => {
  it('takes the instances that stood at the last survey, and their sizes', async () => {
    const { ask } = await surveyed();
    const { body: answer } = await ask('GET /v1/regions/west/packing');
    // 64 GiB are free on each of three hosts, and 100 cores: RAM binds.
    expect(answer).toMatchObject({
      mixFrom: 'metered',
      mix: [{ flavor: 'm1.large', instances: 30 }, { flavor: 'm1.small' }],
      bindingResource: 'MEMORY_MB',
      reserveHosts: 1,
    });
    expect((await ask('GET /v1/regions/west/packing')).body).toEqual(answer);
  });

  it('takes another mix, of flavors that are known', async () => {
    const { ask } = await surveyed();
    const asked = async (mix: string) =>
      await ask('GET /v1/regions/west/packing', { query: { mix } });
    expect((await asked('m1.large:1')).body).toMatchObject({
      mixFrom: 'request',
      fitsInFree: { low: 24, middle: 24, high: 24 },
      heldInReserve: 16,
      fits: 8,
      refused: 'm1.large',
    });
    expect((await asked('m1.large:1,other:2')).status).toBe(422);
    expect((await asked('m1.large')).status).toBe(400);
  });

  it('is not known without hosts', async () => {
    const { ask } = await surveyed();
    expect((await ask('GET /v1/regions/east/packing')).status).toBe(404);
  });
});
