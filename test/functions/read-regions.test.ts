import { describe, expect, it } from 'vitest';
import { forecastResponse } from '../../lib/capacity/forecast-answer.ts';
import { addDays } from '../../lib/period/calendar.ts';
import { memoryApi, NOW, WEST } from './api.ts';

async function regionWithHosts() {
  const api = memoryApi();
  await api.ports.regions.ensure(WEST, NOW);
  const inventories = {
    VCPU: { total: 32, reserved: 0, allocationRatio: '4.0', used: 28 },
    MEMORY_MB: { total: 131_072, reserved: 1_024, allocationRatio: '1.0', used: 65_536 },
    DISK_GB: { total: 1_000, reserved: 0, allocationRatio: '1.0', used: 100 },
  };
  await api.ports.capacity.put(
    {
      region: WEST,
      source: 'placement',
      observedAt: '2026-11-21T00:00:00Z',
      hosts: ['h1', 'h2', 'h3'].map((host) => ({ host, inventories })),
    },
    'i1',
  );
  return api;
}

describe('the capacity of a region', () => {
  it('is what hosts have, less the reserve that its settings keep', async () => {
    const { ask } = await regionWithHosts();
    const path = 'GET /v1/regions/west/capacity';
    expect((await ask(path)).body).toMatchObject({
      hosts: 3,
      reserveHosts: 1,
      cores: { unit: 'cores', total: 384, reserve: 128, usable: 256, used: 84, free: 172 },
      ram: { unit: 'GiB', total: 381, usable: 254, used: 192 },
    });
    await ask('PUT /v1/regions/west/settings', {
      body: { region: 'west', capacity: { reserveHosts: 0 } },
    });
    expect((await ask(path)).body).toMatchObject({ reserveHosts: 0, cores: { usable: 384 } });
  });

  it('is told with what no host took lately, and so are the days of demand', async () => {
    const { ask, ports } = await regionWithHosts();
    const at = (date: string, metric: 'cores' | 'refused' | 'refused-cores', value: number) => ({
      region: WEST,
      date,
      metric,
      hours: new Array<number>(24).fill(value),
      ingestId: 'i1',
      receivedAt: '2026-11-21T00:00:00Z',
    });
    const [old, fresh] = ['2026-09-01', '2026-11-15'];
    await ports.imported.put([at(fresh, 'cores', 100), at('2026-11-16', 'cores', 100)]);
    await ports.imported.put([at(old, 'refused', 1), at(fresh, 'refused', 2)]);
    await ports.imported.put([at(fresh, 'refused-cores', 0.5)]);
    const { body } = await ask('GET /v1/regions/west/capacity');
    expect(body).toMatchObject({ refused: { days: 1, requests: 48, cores: 12, ramGib: 0 } });
    const days = await ask('GET /v1/regions/west/demand', { query: { metric: 'cores' } });
    expect(days.body).toMatchObject({
      items: [
        { date: fresh, peak: 100, refused: { requests: 48, amount: 12 } },
        { date: '2026-11-16', peak: 100 },
      ],
    });
    expect(JSON.stringify(days.body).match(/refused/g)).toHaveLength(1);
  });

  it('that nobody has told of is missing, with what to do', async () => {
    const { ask, ports } = memoryApi();
    await ports.regions.ensure(WEST, NOW);
    const answer = await ask('GET /v1/regions/west/capacity');
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ detail: expect.stringContaining('--source placement') });
  });
});

describe('what fits', () => {
  it('is counted host by host from the snapshot', async () => {
    const { ask } = await regionWithHosts();
    const query = { vcpus: '4', memoryMib: '8192', diskGib: '40' };
    const { body } = await ask('GET /v1/regions/west/fit', { query });
    // RAM binds: 64,512 MiB are free on each host, 7 instances; one host is kept in reserve.
    expect(body).toMatchObject({
      flavor: { vcpus: 4, ramMib: 8_192, diskGib: 40 },
      fitsInFree: 21,
      boundBy: { cores: 0, ram: 3, disk: 0 },
      reserveHosts: 1,
    });
  });

  it.each([
    { query: {}, status: 400 },
    { query: { vcpus: '4' }, status: 400 },
    { query: { vcpus: '0', memoryMib: '1' }, status: 400 },
    { query: { vcpus: '1.5', memoryMib: '1' }, status: 400 },
    { query: { flavor: 'm1.small' }, status: 404 },
    { query: { flavor: 'm1.small', vcpus: '1', memoryMib: '1' }, status: 400 },
  ])('is refused with $status for $query', async ({ query, status }) => {
    const { ask } = await regionWithHosts();
    expect((await ask('GET /v1/regions/west/fit', { query })).status).toBe(status);
  });
});

describe('capacity on a day to come', () => {
  it('has the hosts and drains planned for it, in what fits as well', async () => {
    const { ask } = await regionWithHosts();
    const changes = [
      { kind: 'add', id: 'order-1', from: '2026-12-01', count: 2, like: 'h1' },
      { kind: 'drain', from: '2026-12-01', until: '2026-12-08', hosts: 1 },
      { kind: 'retire', from: '2026-11-01', hosts: ['gone'] },
    ];
    const capacity = { reserve: { roomForFlavor: 'no-such' }, changes };
    await ask('PUT /v1/regions/west/settings', { body: { region: 'west', capacity } });
    const on = async (what: string, query: Record<string, string>) =>
      (await ask(`GET /v1/regions/west/${what}`, { query })).body;
    expect(await on('capacity', {})).toMatchObject({
      day: '2026-11-21',
      hosts: 3,
      cores: { usable: 256 },
      roomForFlavor: { name: 'no-such', isKnown: false },
      changes: [
        { kind: 'retire', state: 'unknown_host' },
        { kind: 'add', id: 'order-1', state: 'planned' },
        { kind: 'drain', until: '2026-12-08', state: 'planned' },
      ],
    });
    expect(await on('capacity', { day: '2026-12-01' })).toMatchObject({
      hosts: 5,
      drainedHosts: 1,
      cores: { total: 640, usable: 384, used: 84 },
    });
    // 7 fit on each of those that stand, 15 on each new one; a host holds 15 when empty.
    const small = { vcpus: '4', memoryMib: '8192', diskGib: '40' };
    expect(await on('fit', { ...small, day: '2026-12-01' })).toMatchObject({
      fitsInFree: 51,
      reserveHosts: 2,
      fits: 21,
    });
    expect(await on('fit', { ...small, day: '2026-12-08' })).toMatchObject({ fits: 36 });
  });
});

describe('flavors of a region', () => {
  const flavors = [
    { name: 'gpu', vcpus: 4, ramMib: 8_192, resources: { CUSTOM_GPU: 1 } },
    { name: 'm1.large', vcpus: 4, ramMib: 8_192, diskGib: 40 },
  ];

  it('are those of its settings, and fit by their names', async () => {
    const { ask } = await regionWithHosts();
    await ask('PUT /v1/regions/west/settings', { body: { region: 'west', flavors } });
    const { body } = await ask('GET /v1/regions/west/flavors');
    expect(body).toMatchObject({
      items: [
        { name: 'gpu', origin: 'settings', diskGib: 0, resources: { CUSTOM_GPU: 1 } },
        { name: 'm1.large', origin: 'settings', diskGib: 40 },
      ],
      nextCursor: null,
    });
    const fitOf = async (flavor: string) =>
      (await ask('GET /v1/regions/west/fit', { query: { flavor } })).body;
    expect(await fitOf('m1.large')).toMatchObject({
      flavor: { name: 'm1.large', diskGib: 40 },
      fitsInFree: 21,
      hosts: 3,
    });
    expect(await fitOf('gpu')).toMatchObject({ fitsInFree: 0, hosts: 0 });
  });

  it('that are not known are answered with those that are', async () => {
    const { ask } = await regionWithHosts();
    await ask('PUT /v1/regions/west/settings', { body: { region: 'west', flavors } });
    const { status, body } = await ask('GET /v1/regions/west/fit', { query: { flavor: 'm2' } });
    expect(status).toBe(404);
    expect((body as { detail: string }).detail).toContain('These are: gpu, m1.large.');
  });

  it('cannot have one name twice', async () => {
    const { ask } = await regionWithHosts();
    const twice = [flavors[0], flavors[0]];
    const put = await ask('PUT /v1/regions/west/settings', {
      body: { region: 'west', flavors: twice },
    });
    expect(put.status).toBe(400);
  });
});

describe('the demand of a region', () => {
  it('is told of one project: nothing on days on which the region was metered without it', async () => {
    const { ports, ask } = memoryApi();
    await ports.regions.ensure(WEST, NOW);
    const day = (date: string, cores: number) => ({
      region: WEST,
      date,
      shard: 0,
      generation: 1,
      cores: Array<string>(24).fill(String(cores)),
      ramGib: Array<string>(24).fill('0'),
    });
    const key = (date: string) => ({ region: WEST, date, shard: 0 });
    const own = { ...day('2026-10-02', 3), project: 'p1', quantities: [] };
    await ports.totals.replace(key('2026-10-02'), 1, [own], day('2026-10-02', 8));
    await ports.totals.replace(key('2026-10-03'), 1, [], day('2026-10-03', 8));
    const imported = { region: WEST, metric: 'cores' as const, ingestId: 'i', receivedAt: '' };
    const hours = Array<number>(24).fill(5);
    await ports.imported.put([
      { ...imported, date: '2026-10-01', project: 'p1', hours },
      { ...imported, date: '2026-10-02', project: 'p1', hours },
      { ...imported, date: '2026-10-01', hours: Array<number>(24).fill(99) },
    ]);
    const query = { project: 'p1', from: '2026-10-01', to: '2026-10-05' };
    const { body } = await ask('GET /v1/regions/west/demand', { query });
    expect((body as { items: unknown }).items).toEqual([
      { date: '2026-10-01', mean: 5, peak: 5, source: 'imported' },
      { date: '2026-10-02', mean: 3, peak: 3, source: 'metered' },
      { date: '2026-10-03', mean: 0, peak: 0, source: 'metered' },
    ]);
  });

  it('adds up shards, and a metered day wins over an imported one', async () => {
    const { ask, ports } = memoryApi();
    await ports.regions.ensure(WEST, NOW);
    const hours = (value: string) => Array<string>(24).fill(value);
    for (const shard of [0, 1]) {
      const key = { region: WEST, date: '2026-11-19', shard };
      const region = { ...key, generation: 1, cores: hours('1.5'), ramGib: hours('4') };
      await ports.totals.replace(key, 1, [], region);
    }
    await ports.imported.put(
      ['2026-11-18', '2026-11-19'].map((date) => ({
        region: WEST,
        date,
        metric: 'cores' as const,
        hours: [...Array<number>(23).fill(10), 14],
        ingestId: '1',
        receivedAt: '2026-11-20T00:00:00Z',
      })),
    );
    const { body } = await ask('GET /v1/regions/west/demand', { query: { metric: 'cores' } });
    expect(body).toEqual({
      items: [
        { date: '2026-11-18', source: 'imported', mean: 244 / 24, peak: 14 },
        { date: '2026-11-19', source: 'metered', mean: 3, peak: 3 },
      ],
      nextCursor: null,
    });
  });

  it('of a region without data is told to be missing', async () => {
    const answer = await memoryApi().ask('GET /v1/regions/west/demand');
    expect(answer).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('no data has arrived yet') },
    });
  });
});

const DAYS = 365;
const ramp = (start: number) => Array.from({ length: DAYS }, (_, step) => start + step);

async function regionWithForecast() {
  const api = memoryApi();
  await api.ports.regions.ensure(WEST, NOW);
  const body = forecastResponse.parse({
    region: 'west',
    metric: 'cores',
    unit: 'cores',
    statistic: 'peak',
    history: { start: '2026-11-19', values: [98, 99] },
    status: 'forecast',
    origin: '2026-11-20',
    horizonDays: DAYS,
    model: { name: 'theta', members: [] },
    backtest: null,
    dates: ramp(1).map((days) => addDays('2026-11-20', days)),
    mean: ramp(100),
    lo95: ramp(90),
    hi95: ramp(110),
    quantiles: { 0.1: ramp(95), 0.5: ramp(100), 0.9: ramp(105) },
    usable: 150,
    exhaustion: {
      p10: null,
      p50: null,
      p90: null,
      probabilityBy: [],
      probability: ramp(0).map((step) => step / DAYS),
    },
  });
  await api.ports.forecasts.put({
    region: WEST,
    metric: 'cores',
    origin: '2026-11-20',
    createdAt: NOW.toISOString(),
    body,
  });
  return api;
}

describe('the forecast of a region', () => {
  it('is the kept one cut to the horizon and the quantiles asked for', async () => {
    const { ask } = await regionWithForecast();
    const query = { horizon: '50', quantiles: '0.5,0.7' };
    const { body } = await ask('GET /v1/regions/west/forecasts/cores', { query });
    const answer = body as Record<string, unknown[]> & { quantiles: Record<string, number[]> };
    for (const values of [answer['dates'], answer['mean'], answer['lo95'], answer['hi95']]) {
      expect(values).toHaveLength(50);
    }
    expect(answer['dates']?.at(-1)).toBe('2027-01-09');
    expect(Object.keys(answer.quantiles)).toEqual(['0.5', '0.7']);
    expect(answer.quantiles['0.7']?.[0]).toBeCloseTo(102.5, 9);
    expect(body).toMatchObject({ exhaustion: { p10: '2026-12-28', p50: null } });
  });

  it('is told for 90 days unless asked otherwise', async () => {
    const { ask } = await regionWithForecast();
    expect((await ask('GET /v1/regions/west/forecasts/cores')).body).toMatchObject({
      horizonDays: 90,
    });
  });

  it.each([{ horizon: '0' }, { horizon: '366' }, { quantiles: '1' }, { quantiles: 'x,0.5' }])(
    'is not told for %s',
    async (query) => {
      const { ask } = await regionWithForecast();
      expect((await ask('GET /v1/regions/west/forecasts/cores', { query })).status).toBe(400);
    },
  );

  it('that was not made yet is missing, and of another metric there is none', async () => {
    const { ask } = await regionWithForecast();
    const ram = await ask('GET /v1/regions/west/forecasts/ram');
    expect(ram).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('POST /v1/forecasts') },
    });
    expect((await ask('GET /v1/regions/west/forecasts/disk')).status).toBe(400);
  });
});
