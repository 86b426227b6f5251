import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRegion } from '../../lib/identifiers.ts';
import { addDays } from '../../lib/period/calendar.ts';
import { regionForecast } from '../../lib/planning/region-forecast.ts';
import { teamForecasts } from '../../lib/planning/team-forecasts.ts';
import { growingInputs } from '../lib/planning/growing-region.ts';
import { type Server, serve } from './server.ts';

const WEST = parseRegion('west');
const createdAt = '2026-11-20T02:00:00Z';

let server: Server;
let folder: string;
beforeEach(async () => {
  server = await serve();
  folder = await mkdtemp(join(tmpdir(), 'planning-'));
  await server.ports.regions.ensure(WEST, new Date(0));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function file(name: string, value: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(value));
  return path;
}

describe('apply', () => {
  it('loads events, labels, calendars and planning settings, and again changes nothing', async () => {
    const documents = await file('plan.json', [
      { id: 'shop', region: 'west', kind: 'launch', date: '2027-01-15', size: { cores: 50 } },
      { id: 'move', region: 'west', label: 'permanent', date: '2026-09-01' },
      { id: 'de', days: [{ date: '2026-12-25', name: 'Christmas' }] },
      { region: 'west', planning: { leadTimeDays: 60, calendars: ['de'] } },
    ]);
    const { code, out } = await server.headroom(['apply', '-f', documents]);
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toEqual([
      'settings west created',
      'calendar de created',
      'event shop created',
      'shift move created',
    ]);
    const again = await server.headroom(['apply', '-f', documents]);
    expect(again.out).not.toMatch(/created|updated/);
    const { body } = await server.ask('GET /v1/regions/west/events/shop');
    expect(body).toMatchObject({ size: { cores: 50 } });
  });
});

describe('events', () => {
  const lease = {
    id: 'b2c3',
    name: 'course',
    start_date: '2027-01-10 08:00',
    end_date: '2027-01-20 18:00',
    status: 'PENDING',
    reservations: [{ resource_type: 'physical:host', min: 2, max: 4 }],
  };

  it('are loaded from leases of Blazar, and printed', async () => {
    const leases = await file('leases.json', { leases: [lease] });
    const loaded = await server.headroom(['events', '--region', 'west', '--leases', leases]);
    expect(loaded).toMatchObject({ code: 0, out: 'event blazar-b2c3 created\n' });
    const again = await server.headroom(['events', '--region', 'west', '--leases', leases]);
    expect(again.out).toBe('event blazar-b2c3 unchanged\n');
    const { out } = await server.headroom(['events', '--region', 'west'], { outIsTerminal: true });
    expect(out).toMatch(/blazar-b2c3 +reservation +2027-01-10 +2027-01-21 +1 +- +2\/4\/4 hosts/);
  });

  it('are printed with leases that are pulled, in the place of those from files', async () => {
    const leases = await file('leases.json', { leases: [lease] });
    await server.headroom(['events', '--region', 'west', '--leases', leases]);
    await server.ports.capacity.put(
      {
        region: WEST,
        source: 'blazar-leases',
        observedAt: '2026-11-20T12:00:00Z',
        hosts: [],
        reservations: [
          {
            id: 'blazar-d4e5',
            project: 'p1',
            date: '2027-02-01',
            until: '2027-02-03',
            size: { cores: 40, ramGib: 80 },
          },
        ],
      },
      'i1',
    );
    const { body } = await server.ask('GET /v1/regions/west/reservations');
    expect(body).toMatchObject({
      items: [{ id: 'blazar-d4e5', source: 'blazar-leases', observedAt: '2026-11-20T12:00:00Z' }],
    });
    const { out } = await server.headroom(['events', '--region', 'west'], { outIsTerminal: true });
    expect(out).toMatch(
      /blazar-d4e5 +reservation +2027-02-01 +2027-02-03 +1 +p1 +40 cores, 80 GiB/,
    );
    expect(out).not.toContain('blazar-b2c3');
    await server.ports.capacity.put(
      {
        region: WEST,
        source: 'blazar-leases',
        observedAt: '2026-11-20T13:00:00Z',
        hosts: [],
        reservations: [],
      },
      'i2',
    );
    const none = await server.headroom(['events', '--region', 'west', '-o', 'json']);
    expect(JSON.parse(none.out)).toEqual([]);
  });

  it('of leases that hold nothing are left out, and the exit code says so', async () => {
    const leases = await file('leases.json', [lease, { ...lease, id: 'old', status: 'ERROR' }]);
    const { code, out, err } = await server.headroom([
      ...['events', '--region', 'west', '--leases', leases],
    ]);
    expect(code).toBe(1);
    expect(out).toBe('event blazar-b2c3 created\n');
    expect(err).toBe('Left out: lease old: is ERROR.\n');
  });

  it('of a file that is none are refused', async () => {
    const path = join(folder, 'broken.json');
    await writeFile(path, '{');
    const { code, err } = await server.headroom(['events', '--region', 'west', '--leases', path]);
    expect(code).toBe(2);
    expect(err).toContain('is not JSON');
  });
});

describe('exhaustion', () => {
  async function made(leadTimeDays?: number): Promise<void> {
    const settings =
      leadTimeDays === undefined
        ? {}
        : { leadTimeDays: { low: leadTimeDays, mid: leadTimeDays, high: leadTimeDays } };
    const { exhaustion } = regionForecast(growingInputs({ settings }));
    const origin = exhaustion?.origin ?? '';
    const metric = 'exhaustion';
    await server.ports.forecasts.put({ region: WEST, metric, origin, createdAt, body: exhaustion });
  }

  it('prints what the API gives', async () => {
    await made();
    const { code, out } = await server.headroom(['exhaustion', '--region', 'west', '-o', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual((await server.ask('GET /v1/regions/west/exhaustion')).body);
  });

  it('prints each resource, the first to run out, and until when to order', async () => {
    await made(30);
    const { out } = await server.headroom(['exhaustion', '--region', 'west'], {
      outIsTerminal: true,
    });
    expect(out).toMatch(/^west: exhaustion after 2026-11-20; (cores|ram) runs out first\n/);
    expect(out).toMatch(/\nthe first +\d{4}-\d\d-\d\d \(\d+ d\) /);
    expect(out).toMatch(
      /\nOrder by \d{4}-\d\d-\d\d \(at 10 % risk of being late, as neither planning.costs nor risk is set; /,
    );
  });

  it('says how to be told when to order', async () => {
    await made();
    const { out } = await server.headroom(['exhaustion', '--region', 'west'], {
      outIsTerminal: true,
    });
    expect(out).toMatch(/Order by: not known\. Set planning\.leadTimeDays .*planning\.costs/);
    const { body } = await server.ask('GET /v1/regions/west/exhaustion');
    expect(body).toMatchObject({
      order: null,
      orderNeeds: expect.stringContaining('leadTimeDays'),
    });
  });
});

describe('forecast by team', () => {
  async function made(): Promise<void> {
    const values = (level: number) =>
      Array.from({ length: 60 }, (_, day) => level + day / 10 + (day % 7));
    const start = addDays('2026-11-20', -59);
    const teams = [
      { team: 'web', values: values(100) },
      { team: 'data', values: values(40) },
    ];
    const demands = { start, teams };
    const body = teamForecasts({ region: 'west', metric: 'cores', demands, horizonDays: 120 });
    const origin = body?.origin ?? '';
    await server.ports.forecasts.put({
      region: WEST,
      metric: 'teams-cores',
      origin,
      createdAt,
      body,
    });
  }
  const args = ['forecast', '--region', 'west', '--metric', 'cores'];

  it('prints a line a team', async () => {
    await made();
    const { code, out } = await server.headroom([...args, '--teams', '--horizon', '90'], {
      outIsTerminal: true,
    });
    expect(code).toBe(0);
    expect(out).toMatch(/^west cores: daily mean in cores by team, after 2026-11-20; /);
    expect(out).toMatch(/\ndata +4\d\.\d +\d+\.\d +\d+\.\d +\d+\.\d - \d+\.\d\n/);
    expect(out).toMatch(/\nweb +1\d\d\.\d /);
  });

  it('prints one team as the API gives it, and names those that there are', async () => {
    await made();
    const { out } = await server.headroom([...args, '--team', 'web', '-o', 'json']);
    const query = { team: 'web' };
    const { body } = await server.ask('GET /v1/regions/west/forecasts/cores/teams', { query });
    expect(JSON.parse(out)).toEqual(body);
    const { code, err } = await server.headroom([...args, '--team', 'wob']);
    expect(code).toBe(1);
    expect(err).toContain('there are: data, web');
  });

  it('that was not made yet is told so', async () => {
    const { code, err } = await server.headroom([...args, '--teams']);
    expect(code).toBe(1);
    expect(err).toContain('No forecast of cores by team in "west" has been made yet');
  });
});
