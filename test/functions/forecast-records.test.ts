import { describe, expect, it } from 'vitest';
import { parseRegion } from '../../lib/identifiers.ts';
import { addDays } from '../../lib/period/calendar.ts';
import { sheetOf } from '../../lib/records/record-sheet.ts';
import { trackRecordOf } from '../../lib/records/track-record-of.ts';
import { forecastOf } from '../lib/planning/one-resource.ts';
import { kept } from '../lib/records/scored-series.ts';
import { memoryApi } from './api.ts';

const WEST = parseRegion('west');
const ROUTE = 'GET /v1/regions/west/forecasts/cores';

/** A region with a forecast, and a record of earlier ones if there is any. */
async function forecastRegion(record: unknown) {
  const api = memoryApi();
  await api.ports.regions.ensure(WEST, new Date(0));
  const days = Array.from({ length: 100 }, (_, index) => ({
    date: addDays('2026-08-12', index),
    mean: 100,
    peak: 100 + (index % 7),
    source: 'metered' as const,
  }));
  const body = forecastOf({
    region: 'west',
    metric: 'cores',
    days,
    usable: 150,
    horizonDays: 90,
  });
  const createdAt = '2026-11-21T02:00:00Z';
  const origin = '2026-11-19';
  await api.ports.forecasts.put({ region: WEST, metric: 'cores', origin, createdAt, body, record });
  return api;
}

function someRecord() {
  const sheets = [sheetOf(kept({ origin: '2026-11-01', median: 110, usable: 150 }))];
  const happened = new Map([['2026-11-02', 100]]);
  return trackRecordOf({ region: 'west', metric: 'cores', sheets, happened });
}

describe('the record of a forecast, by the API', () => {
  it('is given as it was scored, and stands in short beside the forecast', async () => {
    const record = someRecord();
    const { ask } = await forecastRegion(record);
    const { status, body } = await ask(`${ROUTE}/record`);
    expect(status).toBe(200);
    expect(body).toEqual(record);
    const text = 'last day: error 10.0 %, interval held 0 % of target 80 %';
    expect((await ask(ROUTE)).body).toMatchObject({ status: 'forecast', record: { text } });
  });

  it('is not there before a day has come, and the forecast says nothing of it', async () => {
    const { ask } = await forecastRegion(null);
    const { status, body } = await ask(`${ROUTE}/record`);
    expect(status).toBe(404);
    expect(body).toMatchObject({ detail: expect.stringContaining('can be scored yet') });
    expect((await ask(ROUTE)).body).not.toHaveProperty('record');
  });

  it('tells regions that are not known from those without a forecast', async () => {
    const { ask } = await forecastRegion(null);
    const unknown = await ask('GET /v1/regions/north/forecasts/cores/record');
    expect(unknown).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('north') },
    });
    const none = await ask('GET /v1/regions/west/forecasts/ram/record');
    expect(none).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('No forecast of ram') },
    });
  });
});
