import { describe, expect, it } from 'vitest';
import { memoryApi, NOW, WEST } from './api.ts';

const PATH = '/v1/regions/west/settings';
const DAYS = ['2026-10-01', '2026-10-02', '2026-10-03', '2026-10-04', '2026-10-05'];

async function meteredRegion() {
  const api = memoryApi();
  const { partitions } = api.ports;
  for (const date of DAYS) {
    const key = { region: WEST, date, shard: 0 };
    await partitions.touch(key, { now: NOW, delaySeconds: 0 });
    const lease = await partitions.lease(key, { now: NOW, seconds: 10 });
    if (lease !== null) await partitions.complete(lease);
  }
  return api;
}

async function dueDays(api: Awaited<ReturnType<typeof meteredRegion>>): Promise<string[]> {
  const due = await api.ports.partitions.listDue({ now: new Date('2027-01-01'), limit: 100 });
  return due.map(({ date, shard }) => `${date}#${shard}`).toSorted();
}

const settings = (from: string, intervalSeconds = 3_600) => ({
  region: 'west',
  metering: [{ from, intervalSeconds }],
});

describe('the settings of a region', () => {
  it('are the defaults until some are written', async () => {
    const answer = await memoryApi().ask(`GET ${PATH}`);
    expect(answer.body).toEqual({ region: 'west', shards: 1, metering: [] });
    expect(answer.headers['etag']).toBeUndefined();
  });

  it('can be written before the region has data', async () => {
    const { ask, ports } = memoryApi();
    const body = settings('2026-10-01');
    expect((await ask(`PUT ${PATH}`, { body })).status).toBe(201);
    expect((await ask(`GET ${PATH}`)).body).toEqual(body);
    expect(ports.messages.wakeUps).toEqual([]);
  });

  it('meter those days again that a change touches, and wake metering', async () => {
    const api = await meteredRegion();
    await api.ask(`PUT ${PATH}`, { body: settings('2026-10-04') });
    // The day before the change holds over into it: a day is metered from its neighbours, too.
    expect(await dueDays(api)).toEqual(['2026-10-03#0', '2026-10-04#0', '2026-10-05#0']);
    expect(api.ports.messages.wakeUps).toEqual([{ delaySeconds: 5 }]);
  });

  it('meter nothing again when only the reserve of hosts changes', async () => {
    const api = await meteredRegion();
    await api.ask(`PUT ${PATH}`, { body: { region: 'west', capacity: { reserveHosts: 2 } } });
    expect(await dueDays(api)).toEqual([]);
    expect(api.ports.messages.wakeUps).toEqual([]);
  });

  it('meter nothing again when they are written again', async () => {
    const api = await meteredRegion();
    const body = settings('2026-10-04');
    await api.ask(`PUT ${PATH}`, { body });
    const again = await api.ask(`PUT ${PATH}`, { body, headers: { 'if-match': '"1"' } });
    expect(again.headers['etag']).toBe('"1"');
    expect(api.ports.messages.wakeUps).toHaveLength(1);
  });

  it('meter every day in all shards when their number grows', async () => {
    const api = await meteredRegion();
    await api.ask(`PUT ${PATH}`, { body: { region: 'west', shards: 2 } });
    expect(await dueDays(api)).toEqual(DAYS.flatMap((day) => [`${day}#0`, `${day}#1`]));
  });

  it('do not let the number of shards shrink', async () => {
    const { ask } = memoryApi();
    await ask(`PUT ${PATH}`, { body: { region: 'west', shards: 4 } });
    const answer = await ask(`PUT ${PATH}`, {
      body: { region: 'west', shards: 2 },
      headers: { 'if-match': '"1"' },
    });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/shards' }] } });
  });

  it('must be of the region of their path', async () => {
    const body = { region: 'east' };
    const answer = await memoryApi().ask(`PUT ${PATH}`, { body });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/region' }] } });
  });
});
