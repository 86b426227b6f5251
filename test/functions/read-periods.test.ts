import { describe, expect, it } from 'vitest';
import { daysOfMonth } from '../../lib/period/calendar.ts';
import type { Ingest } from '../../lib/ports/ledger.ts';
import { memoryApi, NOW, WEST } from './api.ts';

function ingest(id: string, more: Partial<Ingest> = {}): Ingest {
  return {
    id: id.padStart(32, '0'),
    region: WEST,
    key: `region=west/2026-11-21/upload/u/${id}.jsonl`,
    sha256: id,
    sizeBytes: 10,
    format: 'ceilometer-json-lines',
    state: 'ingested',
    counts: { read: 2, accepted: 1, duplicate: 0, conflict: 0, quarantined: 1, unmetered: 0 },
    reasons: [{ code: 'no_project', count: 1, example: 'line 2' }],
    problem: null,
    touched: [],
    quarantineKey: null,
    receivedAt: NOW.toISOString(),
    finishedAt: NOW.toISOString(),
    actor: 'anonymous',
    ...more,
  };
}

/** A region of which every day of the month was ingested, and all but `behind` are metered. */
async function filledMonth(period: string, behind: readonly string[] = []) {
  const api = memoryApi();
  await api.ports.regions.ensure(WEST, NOW);
  for (const date of daysOfMonth(period)) {
    const key = { region: WEST, date, shard: 0 };
    await api.ports.lakeIndex.add([{ region: WEST, date, key: `samples/${date}`, rows: 1 }]);
    await api.ports.partitions.touch(key, { now: NOW, delaySeconds: 0 });
    if (behind.includes(date)) continue;
    const lease = await api.ports.partitions.lease(key, { now: NOW, seconds: 10 });
    if (lease !== null) await api.ports.partitions.complete(lease);
  }
  return api;
}

describe('a month', () => {
  it('that is over and metered is complete', async () => {
    const { ask } = await filledMonth('2026-10');
    expect((await ask('GET /v1/periods/2026-10')).body).toMatchObject({
      period: '2026-10',
      state: 'open',
      complete: true,
      obstacles: [],
      regions: [{ region: 'west', daysWithData: 31, daysWithoutData: [], daysNotMetered: [] }],
    });
  });

  it('is not complete while days of it wait to be metered, or an ingest runs', async () => {
    const { ask, ports } = await filledMonth('2026-10', ['2026-10-07']);
    await ports.ledger.put(ingest('1', { state: 'running' }));
    const { body } = await ask('GET /v1/periods/2026-10');
    expect(body).toMatchObject({
      complete: false,
      regions: [{ daysNotMetered: ['2026-10-07'], ingestsRunning: 1 }],
    });
    expect((body as { obstacles: string[] }).obstacles.join()).toMatch(/2026-10-07/);
  });

  it('that still runs says when it ends', async () => {
    const { ask } = await filledMonth('2026-11');
    expect((await ask('GET /v1/periods/2026-11')).body).toMatchObject({
      complete: false,
      obstacles: ['the month ends on 2026-12-01'],
    });
  });

  it('without any data says so', async () => {
    const { ask } = await filledMonth('2026-10');
    expect((await ask('GET /v1/periods/2026-08')).body).toMatchObject({
      state: 'open',
      updatedAt: null,
      obstacles: ['no region has data of 2026-08'],
    });
  });

  it('tells the days of which nothing came', async () => {
    const { ask } = await filledMonth('2026-10');
    const body = (await ask('GET /v1/periods/2026-11')).body as {
      regions: { daysWithoutData: string[] }[];
    };
    expect(body.regions[0]?.daysWithoutData).toEqual(daysOfMonth('2026-11').slice(0, 20));
  });
});

describe('the list of months', () => {
  it('is newest first, page by page', async () => {
    const { ask, ports } = memoryApi();
    const months = ['2025-12', '2026-01', '2026-10'];
    for (const period of months) {
      await ports.bills.putPeriod(
        {
          period,
          state: 'draft',
          revision: 1,
          sha256: null,
          manifestKey: null,
          closedBy: 'ada',
          issuedBy: null,
          updatedAt: NOW.toISOString(),
        },
        null,
      );
    }
    const first = await ask('GET /v1/periods', { query: { limit: '2' } });
    const page = first.body as { items: { period: string }[]; nextCursor: string };
    const second = await ask('GET /v1/periods', { query: { cursor: page.nextCursor } });
    const rest = second.body as typeof page;
    expect([...page.items, ...rest.items].map(({ period }) => period)).toEqual(months.toReversed());
  });
});

describe('an ingest', () => {
  it('is metered when every day has metered at least the generation that it set', async () => {
    const { ask, ports } = memoryApi();
    const key = { region: WEST, date: '2026-10-01', shard: 0 };
    const generation = await ports.partitions.touch(key, { now: NOW, delaySeconds: 0 });
    const one = ingest('1', { touched: [{ date: key.date, shard: 0, generation }] });
    await ports.ledger.put(one);
    const path = `GET /v1/ingests/${one.id}`;
    expect((await ask(path)).body).toMatchObject({ state: 'ingested', days: ['2026-10-01'] });
    const lease = await ports.partitions.lease(key, { now: NOW, seconds: 10 });
    if (lease !== null) await ports.partitions.complete(lease);
    expect((await ask(path)).body).toMatchObject({ state: 'metered' });
  });

  it('that touched days years apart is looked up without the years between', async () => {
    const { ask, ports } = memoryApi();
    const asked: string[][] = [];
    const { list } = ports.partitions;
    ports.partitions.list = async (region, from, to) => {
      asked.push([from, to]);
      return await list(region, from, to);
    };
    const touched = ['2014-03-18', '2014-03-19', '2026-10-01'].map((date) => ({
      date,
      shard: 0,
      generation: 1,
    }));
    await ports.ledger.put(ingest('1', { touched }));
    await ask(`GET /v1/ingests/${'1'.padStart(32, '0')}`);
    expect(asked).toEqual([
      ['2014-03-18', '2014-03-20'],
      ['2026-10-01', '2026-10-02'],
    ]);
  });

  it('is found by the key that its upload got', async () => {
    const { ask, ports } = memoryApi();
    await ports.ledger.put(ingest('1'));
    const found = await ask('GET /v1/ingests', { query: { key: ingest('1').key } });
    expect(found.body).toMatchObject({ items: [{ id: ingest('1').id, state: 'metered' }] });
    const none = await ask('GET /v1/ingests', { query: { key: 'region=west/2026-11-21/other' } });
    expect(none.body).toEqual({ items: [], nextCursor: null });
  });

  it('is asked for by region or by key, and not by both', async () => {
    const { ask } = memoryApi();
    expect((await ask('GET /v1/ingests')).status).toBe(400);
    const query = { region: 'west', key: 'region=west/x' };
    expect((await ask('GET /v1/ingests', { query })).status).toBe(400);
    expect((await ask('GET /v1/ingests', { query: { key: 'samples.json' } })).status).toBe(400);
  });

  it('is listed with others, newest first, page by page', async () => {
    const { ask, ports } = memoryApi();
    for (const id of ['1', '2', '3']) {
      await ports.ledger.put(ingest(id, { receivedAt: `2026-11-2${id}T00:00:00Z` }));
    }
    const query = { region: 'west', limit: '2' };
    const first = await ask('GET /v1/ingests', { query });
    const page = first.body as { items: { id: string }[]; nextCursor: string };
    const second = await ask('GET /v1/ingests', { query: { ...query, cursor: page.nextCursor } });
    const rest = second.body as typeof page;
    expect([...page.items, ...rest.items].map(({ id }) => id.at(-1))).toEqual(['3', '2', '1']);
    expect(rest.nextCursor).toBeNull();
  });

  it('that is not there yet is told to be on its way', async () => {
    const answer = await memoryApi().ask(`GET /v1/ingests/${'0'.repeat(32)}`);
    expect(answer.status).toBe(404);
    expect((await memoryApi().ask('GET /v1/ingests/x')).status).toBe(400);
  });
});
