import { describe, expect, it } from 'vitest';
import { forecastHandler } from '../../functions/forecast/forecast.ts';
import { memoryCapacityStore } from '../../lib/adapters/memory/capacity-store.ts';
import { memoryConfigStore } from '../../lib/adapters/memory/config-store.ts';
import { memoryForecastStore } from '../../lib/adapters/memory/forecast-store.ts';
import { memoryImportedDemand } from '../../lib/adapters/memory/imported-demand.ts';
import { memoryObjectStore } from '../../lib/adapters/memory/object-store.ts';
import { memoryRegions } from '../../lib/adapters/memory/regions.ts';
import { memoryUsageTotals } from '../../lib/adapters/memory/usage-totals.ts';
import { type ForecastAnswer, forecastAnswer } from '../../lib/capacity/forecast-answer.ts';
import { parseRegion } from '../../lib/identifiers.ts';
import { addDays } from '../../lib/period/calendar.ts';

const WEST = parseRegion('west');
const TODAY = '2026-11-21';

/** A region whose demand of cores grew by one a day for 300 days: imported first, then metered. */
async function growingRegion() {
  const [regions, totals, imported] = [
    memoryRegions(),
    memoryUsageTotals(),
    memoryImportedDemand(),
  ];
  const [capacity, configuration] = [memoryCapacityStore(), memoryConfigStore()];
  const [forecasts, lake] = [memoryForecastStore(), memoryObjectStore()];
  await regions.ensure(WEST, new Date('2026-01-01T00:00:00Z'));
  for (let day = 0; day < 300; day += 1) {
    const date = addDays(TODAY, day - 300);
    const cores = 500 + day;
    if (day < 250) {
      const hours = Array.from({ length: 24 }, () => cores);
      const origin = { ingestId: 'i', receivedAt: '2026-11-20T00:00:00Z' };
      await imported.put([{ region: WEST, date, metric: 'cores', hours, ...origin }]);
      continue;
    }
    const key = { region: WEST, date, shard: 0 };
    const hours = Array.from({ length: 24 }, () => String(cores));
    await totals.replace(key, 1, [], { ...key, generation: 1, cores: hours, ramGib: hours });
  }
  await capacity.put(
    {
      region: WEST,
      source: 'placement',
      observedAt: '2026-11-20T00:00:00Z',
      hosts: ['a', 'b', 'c'].map((host) => ({
        host,
        inventories: { VCPU: { total: 42, reserved: 2, allocationRatio: '10.0', used: null } },
      })),
    },
    'i1',
  );
  const clock = { now: new Date(`${TODAY}T03:00:00Z`) };
  const forecast = forecastHandler({
    regions,
    totals,
    imported,
    capacity,
    configuration,
    forecasts,
    lake,
    codeVersion: 'test',
    now: () => clock.now,
    log: () => undefined,
  });
  const answerOf = async (metric: 'cores' | 'ram'): Promise<ForecastAnswer> =>
    forecastAnswer.parse((await forecasts.latest(WEST, metric))?.body);
  return { forecast, answerOf, clock, regions, configuration, capacity, lake, totals };
}

describe('what is forecast', () => {
  it('are the regions of which demand is known', async () => {
    const { forecast, regions } = await growingRegion();
    await regions.ensure(parseRegion('empty'), new Date());
    expect(await forecast({ step: 'list' })).toEqual({
      targets: [
        { region: 'west', of: 'region' },
        { region: 'west', of: 'teams-cores' },
        { region: 'west', of: 'teams-ram' },
      ],
    });
  });
});

describe('a forecast', () => {
  it('goes a year ahead from yesterday, over imported and metered days', async () => {
    const { forecast, answerOf } = await growingRegion();
    expect(await forecast({ step: 'forecast', region: 'west' })).toMatchObject({
      region: 'west',
      forecasts: [
        { metric: 'cores', origin: '2026-11-20', status: 'forecast' },
        { metric: 'ram', origin: '2026-11-20', status: 'forecast' },
      ],
    });
    const answer = await answerOf('cores');
    expect(answer.history.values).toHaveLength(300);
    expect([answer.dates[0], answer.dates.at(-1)]).toEqual(['2026-11-21', '2027-11-20']);
    expect(answer.mean[29]).toBeGreaterThan(820);
    expect(answer.mean[29]).toBeLessThan(840);
    expect(answer.backtest?.mase).toBeLessThan(1);
  });

  it('tells when demand outgrows what is usable: all hosts but the largest', async () => {
    const { forecast, answerOf } = await growingRegion();
    await forecast({ step: 'forecast', region: 'west' });
    const answer = await answerOf('cores');
    // 3 hosts of (42 - 2) x 10 cores, one in reserve; 799 of 800 were in use.
    expect(answer.usable).toBe(800);
    expect(answer.exhaustion?.p50 ?? '').toMatch(/^2026-11-2/);
  });

  it('keeps to the reserve that the region is set to', async () => {
    const { forecast, answerOf, configuration } = await growingRegion();
    await configuration.put({
      kind: 'region-settings',
      id: 'west',
      body: { region: 'west', shards: 1, metering: [], capacity: { reserveHosts: 0 } },
      actor: 'ann',
      updatedAt: '2026-11-20T00:00:00Z',
      expectedVersion: 0,
    });
    await forecast({ step: 'forecast', region: 'west' });
    expect((await answerOf('cores')).usable).toBe(1_200);
  });

  it('says nothing of exhaustion where no capacity is known', async () => {
    const { forecast, answerOf } = await growingRegion();
    await forecast({ step: 'forecast', region: 'west' });
    expect(await answerOf('ram')).toMatchObject({ usable: null, exhaustion: null, unit: 'GiB' });
  });

  it('is the same to the last digit when it is made again', async () => {
    const { forecast, answerOf, clock } = await growingRegion();
    await forecast({ step: 'forecast', region: 'west' });
    const first = await answerOf('cores');
    clock.now = new Date(`${TODAY}T09:00:00Z`);
    await forecast({ step: 'forecast', region: 'west' });
    expect(await answerOf('cores')).toEqual(first);
  });

  it('is kept in the lake under its origin', async () => {
    const { forecast, answerOf, lake } = await growingRegion();
    await forecast({ step: 'forecast', region: 'west' });
    const kept = await lake.get('forecasts/region=west/metric=cores/2026-11-20.json');
    expect(JSON.parse(Buffer.from(kept ?? []).toString())).toMatchObject({
      region: 'west',
      origin: '2026-11-20',
      createdAt: '2026-11-21T03:00:00.000Z',
      body: await answerOf('cores'),
    });
  });

  it('of a region with too little history says so, rather than give a number', async () => {
    const { forecast, regions, totals } = await growingRegion();
    const key = { region: parseRegion('young'), date: '2026-11-20', shard: 0 };
    const hours = Array.from({ length: 24 }, () => '5');
    await regions.ensure(key.region, new Date());
    await totals.replace(key, 1, [], { ...key, generation: 1, cores: hours, ramGib: hours });
    const nothing = { origin: '2026-11-20', status: 'not_enough_data', model: null };
    expect(await forecast({ step: 'forecast', region: 'young' })).toEqual({
      region: 'young',
      forecasts: [
        { metric: 'cores', ...nothing },
        { metric: 'ram', ...nothing },
      ],
    });
  });
});
