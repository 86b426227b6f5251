import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRegion } from '../../lib/identifiers.ts';
import type { ForecastChange } from '../../lib/records/forecast-change.ts';
import { type Server, serve } from './server.ts';

const WEST = parseRegion('west');
const ARGS = ['forecast', '--region', 'west', '--metric', 'cores', '--why'];

const CHANGE: ForecastChange = {
  region: 'west',
  metric: 'cores',
  unit: 'cores',
  before: { madeOn: '2026-11-13', origin: '2026-11-12' },
  after: { madeOn: '2026-11-20', origin: '2026-11-19' },
  demand: [
    {
      date: '2026-12-19',
      before: 500,
      after: 618.25,
      effects: { data: 20.25, model: -2, events: 100, capacity: 0 },
    },
  ],
  exhaustion: {
    before: '2027-05-01',
    after: null,
    effects: [
      { effect: 'data', date: '2027-04-21', days: -10 },
      { effect: 'model', date: '2027-04-21', days: 0 },
      { effect: 'events', date: '2027-02-01', days: -79 },
      { effect: 'capacity', date: null, days: null },
    ],
  },
  modelsKnown: true,
  text: 'since 2026-11-13: exhaustion 2027-05-01 -> later',
};

let server: Server;
beforeEach(async () => {
  server = await serve();
  await server.ports.regions.ensure(WEST, new Date(0));
});
afterEach(() => server.close());

async function told(change: ForecastChange): Promise<void> {
  const [origin, createdAt] = ['2026-11-19', '2026-11-20T02:00:00Z'];
  const record = { region: WEST, metric: 'cores', origin, createdAt, body: {}, change } as const;
  await server.ports.forecasts.put(record);
}

describe('forecast --why', () => {
  it('prints what the API gives', async () => {
    await told(CHANGE);
    const { code, out } = await server.headroom([...ARGS, '-o', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(CHANGE);
  });

  it('prints what each input moved on a terminal', async () => {
    await told(CHANGE);
    const { out } = await server.headroom(ARGS, { outIsTerminal: true });
    const lines = out.split('\n');
    expect(lines[0]).toBe('west cores: since 2026-11-13: exhaustion 2027-05-01 -> later');
    expect(out).toMatch(
      /demand on 2026-12-19 \(cores\) +500\.0 +\+20\.3 +-2\.0 +\+100\.0 +\+0\.0 +618\.3\n/,
    );
    expect(out).toMatch(/median exhaustion \(days\) +2027-05-01 +-10 +\+0 +-79 +-> later +later\n/);
    expect(out).not.toContain('not in use any more');
  });

  it('says when models of then are gone', async () => {
    await told({ ...CHANGE, modelsKnown: false });
    const { out } = await server.headroom(ARGS, { outIsTerminal: true });
    expect(out).toContain('The models of then are not in use any more: they count as data.\n');
  });

  it('says when nothing was kept a week before', async () => {
    const [origin, createdAt] = ['2026-11-19', '2026-11-20T02:00:00Z'];
    const record = { region: WEST, metric: 'cores', origin, createdAt, body: {} } as const;
    await server.ports.forecasts.put(record);
    const { code, err } = await server.headroom(ARGS);
    expect(code).toBe(1);
    expect(err).toContain('there is nothing to compare it with');
  });
});
