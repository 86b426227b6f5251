import { beforeEach, describe, expect, it } from 'vitest';
import { parseRegion } from '../../lib/identifiers.ts';
import { memoryApi, NOW, WEST } from './api.ts';

const EAST = parseRegion('east');
const HOURS = Array<string>(24).fill('0');

let api: ReturnType<typeof memoryApi>;

async function meter(
  where: { region: typeof WEST; date: string; shard?: number },
  projects: Record<string, Record<string, string>>,
): Promise<void> {
  const key = { shard: 0, ...where };
  await api.ports.regions.ensure(where.region, NOW);
  await api.ports.totals.replace(
    key,
    1,
    Object.entries(projects).map(([project, quantities]) => ({
      ...key,
      project,
      generation: 1,
      quantities: Object.entries(quantities).map(([name, quantity]) => {
        const [measure = '', flavor = ''] = name.split('/');
        return { measure, class: flavor, quantity };
      }),
      cores: HOURS,
      ramGib: HOURS,
    })),
    { ...key, generation: 1, cores: HOURS, ramGib: HOURS },
  );
}

async function usage(query: Record<string, string>): Promise<unknown> {
  const days = { from: '2026-10-01', to: '2026-11-01' };
  const answer = await api.ask('GET /v1/usage', { query: { ...days, ...query } });
  expect(answer.status, answer.text).toBe(200);
  return (answer.body as { items: unknown }).items;
}

beforeEach(async () => {
  api = memoryApi();
  await meter({ region: WEST, date: '2026-10-01' }, { p1: { 'cores/m1': '0.1', ram: '2' } });
  await meter({ region: WEST, date: '2026-10-01', shard: 1 }, { p1: { 'cores/m1': '0.2' } });
  await meter({ region: WEST, date: '2026-10-31' }, { p1: { 'cores/m2': '1' } });
  await meter({ region: EAST, date: '2026-10-31' }, { p2: { 'cores/m1': '5' } });
  await meter({ region: WEST, date: '2026-11-01' }, { p1: { 'cores/m1': '1000' } });
});

describe('usage', () => {
  it('is summed exactly over shards and days, by region, project and measure', async () => {
    expect(await usage({})).toEqual([
      { region: 'east', project: 'p2', measure: 'cores', quantity: '5', unit: 'core-hour' },
      { region: 'west', project: 'p1', measure: 'cores', quantity: '1.3', unit: 'core-hour' },
      { region: 'west', project: 'p1', measure: 'ram', quantity: '2', unit: 'GiB-hour' },
    ]);
  });

  it('does not count the day that it ends on', async () => {
    const query = { region: 'west', groupBy: 'day', measure: 'cores' };
    expect(await usage(query)).toEqual([
      { day: '2026-10-01', quantity: '0.3', unit: 'core-hour' },
      { day: '2026-10-31', quantity: '1', unit: 'core-hour' },
    ]);
  });

  it('has no unit where measures are added up', async () => {
    expect(await usage({ groupBy: 'project', region: 'west' })).toEqual([
      { project: 'p1', quantity: '3.3', unit: null },
    ]);
  });

  it('can be asked of one project', async () => {
    expect(await usage({ project: 'p2', groupBy: 'class,day' })).toEqual([
      { class: 'm1', day: '2026-10-31', quantity: '5', unit: 'core-hour' },
    ]);
  });

  it('by team splits a shared project by its shares of each day', async () => {
    await api.ask('PUT /v1/teams', {
      body: [
        { id: 'a', projects: [{ project: 'p1', share: '33.3' }] },
        { id: 'b', projects: [{ project: 'p1', share: 50, to: '2026-10-15' }] },
      ],
    });
    expect(await usage({ groupBy: 'team', measure: 'cores', region: 'west' })).toEqual([
      { team: 'a', quantity: '0.4329', unit: 'core-hour' },
      { team: 'b', quantity: '0.15', unit: 'core-hour' },
      { team: 'unassigned', quantity: '0.7171', unit: 'core-hour' },
    ]);
  });

  it('by team is refused on a day within which a project changes hands', async () => {
    await api.ask('PUT /v1/teams/a', {
      body: { id: 'a', projects: [{ project: 'p1', from: '2026-10-31T08:00:00Z' }] },
    });
    const query = { from: '2026-10-01', to: '2026-11-01', groupBy: 'team' };
    const answer = await api.ask('GET /v1/usage', { query });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ detail: expect.stringContaining('2026-10-31') });
  });

  it('comes page by page', async () => {
    const query = { from: '2026-10-01', to: '2026-11-01', limit: '2' };
    const first = await api.ask('GET /v1/usage', { query });
    const { nextCursor: cursor, items } = first.body as { nextCursor: string; items: unknown[] };
    const second = await api.ask('GET /v1/usage', { query: { ...query, cursor } });
    const rest = second.body as { nextCursor: null; items: unknown[] };
    expect([...items, ...rest.items]).toEqual(await usage({}));
    const other = await api.ask('GET /v1/usage', { query: { ...query, cursor, project: 'p1' } });
    expect(other.status).toBe(400);
  });

  it.each([
    { query: { region: 'north' }, status: 404, says: 'Regions with data: east, west' },
    { query: { to: '2026-10-01' }, status: 400, says: 'exclusive' },
    { query: { from: '2025-01-01' }, status: 422, says: 'POST /v1/usage/exports' },
    { query: { groupBy: 'hour' }, status: 400, says: 'POST /v1/usage/exports' },
    { query: { from: '2026-13-01' }, status: 400, says: '2026-10-05' },
  ])('is refused with $status for $query', async ({ query, status, says }) => {
    const days = { from: '2026-10-01', to: '2026-11-01' };
    const answer = await api.ask('GET /v1/usage', { query: { ...days, ...query } });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(says);
  });

  it('of a month without data is empty', async () => {
    expect(await usage({ from: '2026-08-01', to: '2026-09-01' })).toEqual([]);
  });
});
