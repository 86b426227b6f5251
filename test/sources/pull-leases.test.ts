import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addDays } from '../../lib/period/calendar.ts';
import type { PlannedEvent } from '../../lib/planning/planned-event.ts';
import { plannedEvents } from '../../lib/planning/planned-events.ts';
import { regionForecast } from '../../lib/planning/region-forecast.ts';
import { ingestWorld, WEST } from '../lib/ingest/ingest-world.ts';
import { growingInputs, ORIGIN, plannedEvent } from '../lib/planning/growing-region.ts';
import { PASSWORD, pullWorld } from './pull-world.ts';
import { type RecordedOpenStack, recordedOpenStack } from './recorded-openstack.ts';

/** From Blazar's answers over HTTP, through landing and ingest, to what the forecast takes. */

const LEASES = '/reservation/v1/leases';
const TOKENS = '/identity/v3/auth/tokens';

let cloud: RecordedOpenStack;
beforeEach(async () => {
  cloud = await recordedOpenStack({
    password: PASSWORD,
    now: () => new Date('2026-11-20T12:30:00Z'),
  });
});
afterEach(() => cloud.close());

const lease = (id: string, change: Partial<RecordedOpenStack['leases'][number]> = {}) => ({
  id,
  project: 'p1',
  status: 'PENDING',
  start: '2026-12-10T08:00:00.000000',
  end: '2026-12-20T18:00:00.000000',
  ...change,
});

async function chain() {
  const pulls = pullWorld(cloud, { at: '2026-11-20T12:30:00Z' });
  const ingests = ingestWorld();
  const source = pulls.source({ kind: 'blazar-leases' });
  const taken = new Set<string>();
  return {
    pulls,
    source,
    ingests,
    /** Pulls at a time, and gives what is planned after. */
    async plannedAt(time: string): Promise<readonly PlannedEvent[]> {
      pulls.moveTo(time);
      await pulls.pull(source);
      for (const [key, lines] of await pulls.lines()) {
        if (taken.has(key)) continue;
        taken.add(key);
        const [ingest] = await ingests.ingest({
          [`pull/${taken.size}.jsonl`]: lines.map((line) => JSON.stringify(line)).join('\n'),
        });
        expect(ingest).toMatchObject({ state: 'ingested', problem: null });
      }
      const snapshots = await ingests.ports.capacity.latest(WEST);
      return await plannedEvents(ingests.ports.config, WEST, snapshots);
    },
  };
}

describe('leases that are pulled from Blazar', () => {
  it('are asked for with a token, in one request, and put without their trusts', async () => {
    cloud.leases.push(lease('b', { hosts: [2, 4] }), lease('a', { instances: [10, 4, 8_192] }));
    const { pulls, source } = await chain();
    await pulls.pull(source);
    expect((await pulls.state()).lastRun).toMatchObject({ outcome: 'succeeded', objectCount: 1 });
    expect(cloud.requestsTo(TOKENS)).toHaveLength(1);
    expect(
      cloud.requestsTo(LEASES).map(({ method, headers }) => [method, headers['x-auth-token']]),
    ).toEqual([['GET', 'token-1']]);
    const [[key, lines] = ['', []]] = [...(await pulls.lines())];
    expect(key).toMatch(
      /^region=west\/2026-11-20\/pull\/by=source%3Awest-source\/[0-9a-f]{32}\.jsonl\.gz$/,
    );
    expect(lines).toMatchObject([
      { region: 'west', source: 'blazar', body: { leases: [{ id: 'a' }, { id: 'b' }] } },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/canary|trust_id|user_id/);
  });

  it('are planned events: instances add to demand, hosts are taken from what is usable', async () => {
    cloud.leases.push(
      lease('a', { instances: [10, 4, 8_192] }),
      lease('b', { hosts: [2, 4], status: 'ACTIVE' }),
      lease('over', { hosts: [1, 1], status: 'TERMINATED' }),
    );
    const { plannedAt } = await chain();
    expect(await plannedAt('2026-11-20T12:30:00Z')).toMatchObject([
      {
        id: 'blazar-a',
        kind: 'reservation',
        project: 'p1',
        date: '2026-12-10',
        until: '2026-12-21',
        size: { cores: { mid: 40 }, ramGib: { mid: 80 } },
      },
      { id: 'blazar-b', size: { hosts: { low: 2, mid: 4, high: 4 } } },
    ]);
  });

  it('are gone once Blazar does not list them any more, the last of them too', async () => {
    cloud.leases.push(lease('a', { instances: [1, 1, 1_024] }), lease('b', { hosts: [1, 1] }));
    const { plannedAt } = await chain();
    const idsAt = async (time: string) => (await plannedAt(time)).map(({ id }) => id);
    expect(await idsAt('2026-11-20T12:30:00Z')).toEqual(['blazar-a', 'blazar-b']);
    cloud.leases.shift();
    expect(await idsAt('2026-11-20T13:30:00Z')).toEqual(['blazar-b']);
    cloud.leases.pop();
    expect(await idsAt('2026-11-20T14:30:00Z')).toEqual([]);
  });

  it('take the place of those that were loaded from files, and leave other events', async () => {
    cloud.leases.push(lease('a', { instances: [1, 1, 1_024] }));
    const { plannedAt, ingests } = await chain();
    const written = [
      plannedEvent({ id: 'blazar-deleted', kind: 'reservation', source: 'blazar' }),
      plannedEvent({ id: 'shop' }),
    ];
    for (const event of written) {
      await ingests.ports.config.put({
        kind: 'event',
        id: `west/${event.id}`,
        body: { ...event },
        actor: 'ops',
        updatedAt: '2026-11-20T12:00:00Z',
        expectedVersion: 0,
      });
    }
    expect((await plannedAt('2026-11-20T12:30:00Z')).map(({ id }) => id)).toEqual([
      'shop',
      'blazar-a',
    ]);
  });

  it('are not counted twice once they have begun and are used, and end when they end', async () => {
    const begun = '2026-10-20T00:00:00.000000';
    cloud.leases.push(
      lease('a', {
        instances: [25, 4, 8_192],
        status: 'ACTIVE',
        start: begun,
        end: '2026-12-20T00:00:00.000000',
      }),
    );
    const { plannedAt } = await chain();
    const events = await plannedAt('2026-11-20T12:30:00Z');
    const plain = growingInputs({}, { level: 500, perDay: 0 });
    const cores = plain.demand.cores.map((day) =>
      day.date < '2026-10-20' ? day : { ...day, peak: day.peak + 100, mean: day.mean + 100 },
    );
    const made = regionForecast({ ...plain, events, demand: { cores, ram: [] } }).cores;
    if (made.status !== 'forecast') throw new Error('no forecast');
    const on = (day: string) => made.mean[made.dates.indexOf(day)] ?? Number.NaN;
    expect(on(addDays(ORIGIN, 20))).toBeGreaterThan(590);
    expect(on(addDays(ORIGIN, 20))).toBeLessThan(625);
    expect(on(addDays(ORIGIN, 40))).toBeGreaterThan(490);
    expect(on(addDays(ORIGIN, 40))).toBeLessThan(525);
  });

  it('that Blazar refuses to tell are told as what to do, and the last snapshot stays', async () => {
    const { pulls, source } = await chain();
    cloud.fail(LEASES, { status: 403, body: '{"error_message":"canary"}' });
    await pulls.pull(source);
    const { lastRun } = await pulls.state();
    expect(lastRun?.outcome).toBe('failed');
    expect(lastRun?.error).toMatch(/403/);
    expect(lastRun?.error).not.toContain('canary');
    expect(await pulls.keys()).toEqual([]);
  });
});

describe('leases in the envelope of a snapshot', () => {
  const envelope = (leases: readonly unknown[]) =>
    JSON.stringify({
      region: 'west',
      source: 'blazar',
      observedAt: '2026-11-20T12:00:00Z',
      body: { leases },
    });

  it('that cannot be read are told, and the others stand', async () => {
    const world = ingestWorld();
    const [ingest] = await world.ingest({
      'leases.json': envelope([
        {
          id: 'x',
          start_date: 'soon',
          end_date: 'later',
          reservations: [{ resource_type: 'network' }],
        },
        {
          id: 'y',
          start_date: '2026-12-01 00:00',
          end_date: '2026-12-02 00:00',
          reservations: [{ resource_type: 'physical:host', min: 1, max: 2 }],
        },
      ]),
    });
    expect(ingest?.problem).toMatch(/^1 of the reservations could not be read.*lease x/);
    const [snapshot] = await world.ports.capacity.latest(WEST);
    expect(snapshot).toMatchObject({
      source: 'blazar-leases',
      hosts: [],
      reservations: [{ id: 'blazar-y', until: '2026-12-02' }],
    });
  });
});
