import { describe, expect, it } from 'vitest';
import { memoryObjectStore } from '../../../lib/adapters/memory/object-store.ts';
import { addDays } from '../../../lib/period/calendar.ts';
import { keepForecast } from '../../../lib/records/keep-forecast.ts';
import { keptForecast } from '../../../lib/records/kept-forecast.ts';
import { sheetOf } from '../../../lib/records/record-sheet.ts';
import { recordSheets } from '../../../lib/records/record-sheets.ts';
import { kept } from './scored-series.ts';

const WEST = { region: 'west', metric: 'cores' };
const KEY = 'forecast-records/region=west/metric=cores/2026-08-02.json';

/** A lake that tells which objects were read. */
function watchedLake() {
  const lake = memoryObjectStore();
  const read: string[] = [];
  const get = async (key: string) => {
    read.push(key.slice(key.lastIndexOf('/') + 1));
    return await lake.get(key);
  };
  return { lake: { ...lake, get }, read };
}

describe('a forecast of record', () => {
  it('is written once a day: what was said first stands, to the byte', async () => {
    const { lake } = watchedLake();
    const first = kept({ origin: '2026-08-01', median: 100 });
    expect(await keepForecast(lake, first)).toBe(true);
    const bytes = await lake.get(KEY);
    expect(await keepForecast(lake, { ...first, codeVersion: 'later' })).toBe(false);
    expect(await lake.get(KEY)).toEqual(bytes);
    expect(keptForecast.parse(JSON.parse(Buffer.from(bytes ?? []).toString()))).toEqual(first);
  });

  it('that another writer put meanwhile is left as it is', async () => {
    const { lake } = watchedLake();
    await keepForecast(lake, kept({ origin: '2026-08-01', median: 100 }));
    const blind = { ...lake, head: async () => null };
    expect(await keepForecast(blind, kept({ origin: '2026-08-01', median: 7 }))).toBe(false);
  });
});

describe('the sheets of the record', () => {
  it('are read from every forecast once, and are the same from then on', async () => {
    const { lake, read } = watchedLake();
    const forecasts = [1, 2, 3].map((day) => kept({ origin: `2026-08-0${day}`, median: day }));
    for (const one of forecasts) await keepForecast(lake, one);
    const sheets = await recordSheets(lake, WEST, '2026-08-05');
    expect(sheets).toEqual(forecasts.map(sheetOf));
    read.length = 0;
    expect(await recordSheets(lake, WEST, '2026-08-05')).toEqual(sheets);
    expect(read).toEqual(['sheets.json']);
  });

  it('cost one forecast a night', async () => {
    const { lake, read } = watchedLake();
    await keepForecast(lake, kept({ origin: '2026-08-01', median: 1 }));
    await recordSheets(lake, WEST, '2026-08-02');
    await keepForecast(lake, kept({ origin: '2026-08-02', median: 2 }));
    read.length = 0;
    expect(await recordSheets(lake, WEST, '2026-08-03')).toHaveLength(2);
    expect(read).toEqual(['sheets.json', '2026-08-03.json']);
  });

  it.each([
    { what: 'are lost', body: null },
    { what: 'are of another version', body: '{"schemaVersion":0,"sheets":[]}' },
  ])('are made again from the forecasts when they $what', async ({ body }) => {
    const { lake } = watchedLake();
    await keepForecast(lake, kept({ origin: '2026-08-01', median: 1 }));
    const sheets = await recordSheets(lake, WEST, '2026-08-02');
    const key = 'forecast-records/region=west/metric=cores/sheets.json';
    if (body === null) await lake.delete(key);
    else await lake.put(key, Buffer.from(body));
    expect(await recordSheets(lake, WEST, '2026-08-02')).toEqual(sheets);
  });

  it('hold no more than can still be scored: half a year and 90 days', async () => {
    const { lake } = watchedLake();
    await keepForecast(lake, kept({ origin: '2026-08-01', median: 1 }));
    await recordSheets(lake, WEST, '2026-08-02');
    await keepForecast(lake, kept({ origin: addDays('2026-08-01', 300), median: 1 }));
    const sheets = await recordSheets(lake, WEST, addDays('2026-08-02', 300));
    expect(sheets.map(({ origin }) => origin)).toEqual(['2027-05-28']);
    const stored = await lake.get('forecast-records/region=west/metric=cores/sheets.json');
    expect(JSON.parse(Buffer.from(stored ?? []).toString()).sheets).toHaveLength(1);
  });

  it('are of one region and metric alone', async () => {
    const { lake } = watchedLake();
    await keepForecast(lake, kept({ origin: '2026-08-01', median: 1 }));
    expect(await recordSheets(lake, { ...WEST, metric: 'ram' }, '2026-08-02')).toEqual([]);
  });
});
