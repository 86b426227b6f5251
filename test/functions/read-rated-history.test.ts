import { beforeEach, describe, expect, it } from 'vitest';
import { parseRegion } from '../../lib/identifiers.ts';
import type { RatedSum } from '../../lib/ports/rated-history.ts';
import { memoryApi, NOW, WEST } from './api.ts';

const EAST = parseRegion('east');
const SUM: RatedSum = {
  project: 'p1',
  type: 'volume.size',
  unit: 'GiB',
  source: 'dataframes',
  groupedBy: [],
  windowSeconds: null,
  quantity: '0.1',
  price: '0.2',
  rows: 1,
};

let api: ReturnType<typeof memoryApi>;
beforeEach(async () => {
  api = memoryApi();
  for (const region of [WEST, EAST]) await api.ports.regions.ensure(region, NOW);
  for (const date of ['2026-08-31', '2026-09-01', '2026-09-30']) {
    await api.ports.rated.replace({ region: WEST, date, sums: [SUM] }, 0);
  }
  await api.ports.rated.replace({ region: EAST, date: '2026-09-01', sums: [SUM] }, 0);
});

async function items(query: Record<string, string>): Promise<unknown> {
  const { body, status, text } = await api.ask('GET /v1/rated-history', { query });
  expect(status, text).toBe(200);
  return (body as { items: unknown }).items;
}

describe('GET /v1/rated-history', () => {
  it('adds the days of a month up exactly, for every region apart', async () => {
    expect(await items({ period: '2026-09' })).toEqual([
      { ...SUM, region: 'east', period: '2026-09' },
      { ...SUM, region: 'west', period: '2026-09', quantity: '0.2', price: '0.4', rows: 2 },
    ]);
    expect(await items({ region: 'west' })).toMatchObject([
      { period: '2026-08', quantity: '0.1' },
      { period: '2026-09', quantity: '0.2' },
    ]);
  });

  it('gives pages that neither skip nor repeat', async () => {
    const first = await api.ask('GET /v1/rated-history', { query: { limit: '2' } });
    const { nextCursor } = first.body as { nextCursor: string };
    const second = await api.ask('GET /v1/rated-history', {
      query: { limit: '2', cursor: nextCursor },
    });
    const pages = [first, second].flatMap(({ body }) => (body as { items: object[] }).items);
    expect(pages).toMatchObject([
      { region: 'east' },
      { region: 'west', period: '2026-08' },
      { region: 'west', period: '2026-09' },
    ]);
  });

  it.each([
    { query: { region: 'nowhere' }, status: 404 },
    { query: { period: '2026-13' }, status: 400 },
    { query: { month: '2026-09' }, status: 400 },
  ])('refuses $query', async ({ query, status }) => {
    expect((await api.ask('GET /v1/rated-history', { query })).status).toBe(status);
  });
});
