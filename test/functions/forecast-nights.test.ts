import { describe, expect, it } from 'vitest';
import { forecastHandler } from '../../functions/forecast/forecast.ts';
import { parseRegion } from '../../lib/identifiers.ts';
import { addDays, type Day, daysFrom } from '../../lib/period/calendar.ts';
import { keptForecast } from '../../lib/records/kept-forecast.ts';
import { memoryApi } from './api.ts';

const WEST = parseRegion('west');
const FIRST = '2026-09-01';

/** A region of 100 cores that gains one a day, and forecasts itself whenever it is asked. */
async function region() {
  let now = new Date(`${FIRST}T03:00:00Z`);
  const api = memoryApi(() => now);
  const { ports, ask } = api;
  await ports.regions.ensure(WEST, now);
  const forecast = forecastHandler({
    ...ports,
    codeVersion: 'abc',
    now: () => now,
    log: () => undefined,
  });
  const meter = async (from: Day, until: Day): Promise<void> => {
    for (const date of daysFrom(from, until)) {
      const cores = 100 + (Date.parse(date) - Date.parse(FIRST)) / 86_400_000;
      const hours = Array.from({ length: 24 }, () => String(cores));
      const key = { region: WEST, date, shard: 0 };
      const none = Array.from({ length: 24 }, () => '0');
      await ports.totals.replace(key, 1, [], { ...key, generation: 1, cores: hours, ramGib: none });
    }
  };
  await meter(addDays(FIRST, -60), FIRST);
  const night = async (date: Day, hour = '03'): Promise<void> => {
    now = new Date(`${date}T${hour}:00:00Z`);
    await forecast({ step: 'forecast', region: 'west' });
  };
  return { ports, ask, meter, night };
}

describe('nights of forecasts', () => {
  it('keep each forecast with what it was made from, the first of a day', async () => {
    const { ports, night } = await region();
    await night(FIRST);
    const key = `forecast-records/region=west/metric=cores/${FIRST}.json`;
    const bytes = await ports.lake.get(key);
    const kept = keptForecast.parse(JSON.parse(Buffer.from(bytes ?? []).toString()));
    expect(kept).toMatchObject({ origin: '2026-08-31', codeVersion: 'abc', exhaustion: null });
    expect(kept.inputs.history.values).toHaveLength(60);
    expect(kept.inputs.model.members.length).toBeGreaterThan(0);
    expect(kept.inputs.plan).toMatchObject({ events: [], capacity: { cores: null } });
    await night(FIRST, '15');
    expect(await ports.lake.get(key)).toEqual(bytes);
  });

  it('score what they said, and tell why they say something else, a week later', async () => {
    const { ports, ask, meter, night } = await region();
    const route = 'GET /v1/regions/west/forecasts/cores';
    await night(FIRST);
    expect((await ask(`${route}/record`)).status).toBe(404);
    expect((await ask(`${route}/change`)).status).toBe(404);
    await meter(FIRST, addDays(FIRST, 7));
    await ports.configuration.put({
      kind: 'event',
      id: 'west/game',
      body: {
        id: 'game',
        region: 'west',
        kind: 'launch',
        date: addDays(FIRST, 60),
        ramp: { shape: 'step', days: 0 },
        size: { cores: 500 },
        probability: 1,
      },
      actor: 'ann',
      updatedAt: '2026-09-05T00:00:00Z',
      expectedVersion: 0,
    });
    await night(addDays(FIRST, 7));
    const record = await ask(`${route}/record`);
    expect(record).toMatchObject({
      status: 200,
      body: { forecasts: 2, from: FIRST, to: '2026-09-07', horizons: [{ days: 1 }, { days: 7 }] },
    });
    expect((await ask(route)).body).toMatchObject({
      record: { text: expect.stringMatching(/^last 7 days: error \d/) },
    });
    const change = (await ask(`${route}/change`)).body as {
      demand: { effects: Record<string, number> }[];
    };
    expect(change).toMatchObject({ before: { madeOn: FIRST }, after: { madeOn: '2026-09-08' } });
    expect(change.demand[0]?.effects).toMatchObject({ events: 0, capacity: 0 });
    expect(change.demand[1]?.effects['events']).toBeCloseTo(500, -1);
  });
});
