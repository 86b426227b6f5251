import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRegion } from '../../lib/identifiers.ts';
import { addDays } from '../../lib/period/calendar.ts';
import { sheetOf } from '../../lib/records/record-sheet.ts';
import { trackRecordOf } from '../../lib/records/track-record-of.ts';
import { forecastOf } from '../lib/planning/one-resource.ts';
import { kept } from '../lib/records/scored-series.ts';
import { type Server, serve } from './server.ts';

const WEST = parseRegion('west');
const ARGS = ['forecast', '--region', 'west', '--metric', 'cores', '--record'];

let server: Server;
beforeEach(async () => {
  server = await serve();
  await server.ports.regions.ensure(WEST, new Date(0));
});
afterEach(() => server.close());

/** Forty days of 100 cores; every forecast said 104, a week again 110, a line 95. */
async function scored(): Promise<void> {
  const origins = Array.from({ length: 40 }, (_, index) => addDays('2026-10-01', index));
  const sheets = origins.map((origin) =>
    sheetOf(kept({ origin, median: 104, naive: 110, linear: 95, usable: 150, probability: 0.25 })),
  );
  const happened = new Map(origins.map((origin) => [addDays(origin, 1), 100]));
  const record = trackRecordOf({ region: 'west', metric: 'cores', sheets, happened });
  const [origin, createdAt] = ['2026-11-09', '2026-11-10T02:00:00Z'];
  await server.ports.forecasts.put({
    region: WEST,
    metric: 'cores',
    origin,
    createdAt,
    body: {},
    record,
  });
}

describe('forecast --record', () => {
  it('prints what the API gives', async () => {
    await scored();
    const { code, out } = await server.headroom([...ARGS, '-o', 'json']);
    expect(code).toBe(0);
    const { body } = await server.ask('GET /v1/regions/west/forecasts/cores/record');
    expect(JSON.parse(out)).toEqual(body);
  });

  it('prints each horizon beside the simplest forecasts on a terminal', async () => {
    await scored();
    const { out } = await server.headroom(ARGS, { outIsTerminal: true });
    const lines = out.split('\n');
    expect(lines[0]).toBe('west cores: 40 forecasts of record, scored on 2026-10-02 to 2026-11-10');
    expect(lines[1]).toBe('last 40 days: error 4.0 %, interval held 100 % of target 80 %');
    expect(out).toMatch(/1 d +forecast +40 +4\.0 % +2\.00 +4\.0 % +100\.0 % +100\.0 % +/);
    expect(out).toMatch(/last week again +40 +10\.0 % +5\.00 +10\.0 % +- +- +5\.00\n/);
    expect(out).toMatch(/predict_linear +40 +5\.0 % +2\.50 +-5\.0 % +- +- +2\.50\n/);
    expect(out).toContain(
      'Exhaustion within 30 d: happened after 0 of 11, told with 25.0 % on average; Brier score 0.063\n',
    );
  });

  it('stands in one line beside the new forecast, with the simplest ones', async () => {
    await scored();
    const days = Array.from({ length: 60 }, (_, index) => ({
      date: addDays('2026-09-11', index),
      mean: 90,
      peak: 100 + (index % 7),
      source: 'metered' as const,
    }));
    const body = forecastOf({
      region: 'west',
      metric: 'cores',
      days,
      usable: null,
      horizonDays: 90,
    });
    const latest = await server.ports.forecasts.latest(WEST, 'cores');
    if (latest === null) throw new Error('one was put');
    await server.ports.forecasts.put({ ...latest, body });
    const { out } = await server.headroom(ARGS.slice(0, -1), { outIsTerminal: true });
    expect(out).toContain(
      '\nRecord of last 40 days: error 4.0 %, interval held 100 % of target 80 %; last week again 10.0 %, predict_linear 5.0 %\n',
    );
  });

  it('says so while nothing can be scored', async () => {
    const { code, err } = await server.headroom(ARGS);
    expect(code).toBe(1);
    expect(err).toContain('No forecast of cores in "west" has been made yet');
  });
});
