import { describe, expect, it } from 'vitest';
import { parseRegion } from '../../lib/identifiers.ts';
import { addDays } from '../../lib/period/calendar.ts';
import { memoryApi } from './api.ts';
import { bodyOfSurvey } from './surveyed-regions.ts';

const TODAY = '2026-11-21';

/** Two regions of some 100 cores, on four hosts of 50, with hosts known of the first alone. */
async function twoRegions() {
  const api = memoryApi();
  const { ports } = api;
  for (const name of ['west', 'east']) {
    const region = parseRegion(name);
    await ports.regions.ensure(region, new Date(0));
    for (let day = 60; day > 0; day -= 1) {
      const date = addDays(TODAY, -day);
      const hours = Array.from({ length: 24 }, () => String(100 + (day % 7)));
      const key = { region, date, shard: 0 };
      await ports.totals.replace(key, 1, [], {
        ...key,
        generation: 1,
        cores: hours,
        ramGib: hours,
      });
    }
  }
  const inventories = {
    VCPU: { total: 50, reserved: 0, allocationRatio: '1.0', used: null },
    MEMORY_MB: { total: 102_400, reserved: 0, allocationRatio: '1.0', used: null },
  };
  await ports.capacity.put(
    {
      region: parseRegion('west'),
      source: 'placement',
      observedAt: '2026-11-20T00:00:00Z',
      hosts: ['a', 'b', 'c', 'd'].map((host) => ({ host, inventories })),
    },
    'i1',
  );
  return api;
}

/** Everything that the stores hold, as far as a scenario could touch it. */
async function contents({ ports }: Awaited<ReturnType<typeof twoRegions>>): Promise<unknown> {
  const kinds = ['event', 'shift', 'region-settings', 'scenario', 'calendar'] as const;
  const regions = await ports.regions.list();
  return {
    regions,
    objects: (await Array.fromAsync(ports.lake.list(''))).map(({ key, sizeBytes }) => [
      key,
      sizeBytes,
    ]),
    documents: await Promise.all(kinds.map((kind) => ports.configuration.list(kind))),
    forecasts: await Promise.all(
      regions.map(({ region }) => ports.forecasts.latest(region, 'cores')),
    ),
    capacity: await Promise.all(regions.map(({ region }) => ports.capacity.latest(region))),
  };
}

const MORE = { regions: ['west'], growthPercentPerYear: 60, reserves: [{ hosts: 0 }] };

describe('POST /v1/scenarios', () => {
  it('tells the forecast beside what would be', async () => {
    const { ask } = await twoRegions();
    const { status, body } = await ask('POST /v1/scenarios', { body: MORE });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      scenario: MORE,
      regions: [
        {
          region: 'west',
          lost: false,
          base: { cores: { unit: 'cores', usable: [{ usable: 150 }] } },
          scenario: { cores: { usable: [{ usable: 150 }, { usable: 200 }] } },
        },
      ],
    });
  });

  it('asks in another mix than stands by the last survey', async () => {
    const { ask, ports } = await twoRegions();
    const body = { regions: ['west'], mix: [{ vcpus: 8, ramMib: 16_384 }] };
    const mixIn = async () => {
      const answer = await ask('POST /v1/scenarios', { body });
      return (answer.body as { regions: { mix: unknown }[] }).regions[0]?.mix;
    };
    expect(await mixIn()).toMatchObject({ basis: 'cores', present: null });
    const mix = [{ flavor: 'm1.small', count: 50, vcpus: 2, ramMib: 4_096, diskGib: 20 }];
    await ports.surveys.put({
      region: parseRegion('west'),
      day: '2026-11-20',
      createdAt: '2026-11-21T02:00:00Z',
      body: { ...bodyOfSurvey('west', []), mix },
    });
    expect(await mixIn()).toMatchObject({
      basis: 'instances',
      present: { vcpus: 2, ramGib: 4 },
      asked: { vcpus: 8, ramGib: 16 },
      fits: { day: '2026-11-21' },
    });
  });

  it('keeps nothing: the stores hold before and after the same', async () => {
    const api = await twoRegions();
    const before = await contents(api);
    await api.ask('POST /v1/scenarios', { body: MORE });
    await api.ask('POST /v1/scenarios', { body: { ...MORE, id: 'more', name: 'More' } });
    expect(await contents(api)).toEqual(before);
  });

  it('has an address that gives the same answer', async () => {
    const { ask } = await twoRegions();
    const asked = await ask('POST /v1/scenarios', { body: MORE });
    const url = new URL((asked.body as { url: string }).url, 'http://localhost');
    const query = { scenario: url.searchParams.get('scenario') ?? '' };
    const shared = await ask(`GET ${url.pathname}`, { query });
    expect(shared.body).toEqual(asked.body);
  });

  it('is saved when that is asked for, and answered by its name from then on', async () => {
    const { ask } = await twoRegions();
    expect((await ask('GET /v1/scenarios/more/answer')).status).toBe(404);
    const body = { ...MORE, id: 'more' };
    const headers = { 'if-none-match': '*' };
    expect((await ask('PUT /v1/scenarios/more', { body, headers })).status).toBe(201);
    expect((await ask('GET /v1/scenarios')).body).toMatchObject({ items: [{ id: 'more' }] });
    const saved = await ask('GET /v1/scenarios/more/answer');
    const asked = await ask('POST /v1/scenarios', { body });
    expect(saved.body).toEqual(asked.body);
  });

  it('answers for every region unless it is told for which', async () => {
    const { ask } = await twoRegions();
    const { body } = await ask('POST /v1/scenarios', { body: {} });
    const { regions } = body as { regions: { region: string; base: unknown; scenario: unknown }[] };
    expect(regions.map(({ region }) => region)).toEqual(['east', 'west']);
    for (const { base, scenario } of regions) expect(scenario).toEqual(base);
  });

  it.each([
    { body: { growth: 5 }, status: 400, pointer: '/growth' },
    {
      body: { orders: [{ region: 'west', from: '2026-02-30', hosts: 1 }] },
      status: 400,
      pointer: '/orders/0/from',
    },
    { body: { regions: ['south'] }, status: 422, pointer: null },
  ])('refuses $body with $status', async ({ body, status, pointer }) => {
    const { ask } = await twoRegions();
    const answer = await ask('POST /v1/scenarios', { body });
    expect(answer.status).toBe(status);
    if (pointer !== null) expect(answer.body).toMatchObject({ errors: [{ pointer }] });
  });

  it.each(['{', '[]', '{"growthPercentPerYear":"much"}'])(
    'refuses an address with %s in the place of a scenario',
    async (scenario) => {
      const { ask } = await twoRegions();
      const answer = await ask('GET /v1/scenario-answer', { query: { scenario } });
      expect(answer).toMatchObject({
        status: 400,
        body: { errors: [{ message: expect.any(String) }] },
      });
    },
  );
});
