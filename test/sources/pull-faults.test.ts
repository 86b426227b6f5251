import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SESSION_LIMITS } from '../../lib/adapters/openstack/session.ts';
import { PASSWORD, pullWorld } from './pull-world.ts';
import { type Fault, type RecordedOpenStack, recordedOpenStack } from './recorded-openstack.ts';

/** What a cloud can do wrong, over HTTP. */

let cloud: RecordedOpenStack;
beforeEach(async () => {
  cloud = await recordedOpenStack({
    password: PASSWORD,
    regions: ['RegionOne', 'RegionTwo'],
    now: () => new Date('2026-11-21T12:30:00Z'),
  });
  cloud.hosts.push({ name: 'c1', vcpus: 8, vcpusUsed: 1, memoryMib: 1_024, memoryMibUsed: 1 });
});
afterEach(() => cloud.close());

const HYPERVISORS = '/compute/v2.1/os-hypervisors/detail';
const TOKENS = '/identity/v3/auth/tokens';
const source = { kind: 'nova-hypervisors', openstackRegion: 'RegionTwo' };

const CUT = { cutAfter: 40 };
const GARBLED = { status: 200, body: '{"hypervisors": [{"id": 1,' };

describe('what passes by itself', () => {
  it.each<{ name: string; faults: readonly Fault[]; path: string; slept: readonly number[] }>([
    {
      name: '429 with Retry-After in seconds',
      faults: [{ status: 429, headers: { 'retry-after': '7' } }],
      path: HYPERVISORS,
      slept: [7.75],
    },
    {
      name: '503 with Retry-After as a date',
      faults: [{ status: 503, headers: { 'retry-after': 'Sat, 21 Nov 2026 12:30:20 GMT' } }],
      path: HYPERVISORS,
      slept: [20.75],
    },
    {
      name: '500 thrice, with waits that double',
      faults: [{ status: 500 }, { status: 502 }, { status: 504 }],
      path: HYPERVISORS,
      slept: [0.75, 1.5, 3],
    },
    { name: '503 of Keystone', faults: [{ status: 503 }], path: TOKENS, slept: [0.75] },
    {
      name: 'a token that is no JSON',
      faults: [{ status: 201, body: '<html>' }],
      path: TOKENS,
      slept: [0.75],
    },
    {
      name: 'an answer whose connection is cut',
      faults: [CUT, CUT],
      path: HYPERVISORS,
      slept: [0.75, 1.5],
    },
    { name: 'JSON that ends before its end', faults: [GARBLED], path: HYPERVISORS, slept: [] },
  ])('is asked again: $name', async ({ faults, path, slept }) => {
    cloud.fail(path, ...faults);
    const world = pullWorld(cloud);
    await world.pull(world.source(source));
    const { lastRun, failures } = await world.state();
    expect(lastRun).toMatchObject({ outcome: 'succeeded', error: null, newObjectCount: 1 });
    expect(failures).toBe(0);
    expect(world.slept).toEqual(slept.length > 0 ? slept : [0.75]);
  });

  it('is an answer that is too slow once', async () => {
    cloud.fail(HYPERVISORS, { delayMs: 400 });
    const world = pullWorld(cloud, { limits: { ...DEFAULT_SESSION_LIMITS, timeoutMs: 150 } });
    await world.pull(world.source(source));
    expect((await world.state()).lastRun).toMatchObject({ outcome: 'succeeded', requests: 3 });
  });
});

describe('a run gives up', () => {
  it('after six attempts, and is tried again sooner than its schedule says', async () => {
    cloud.fail(HYPERVISORS, ...Array.from({ length: 12 }, () => ({ status: 500 })));
    const world = pullWorld(cloud);
    await world.pull(world.source(source));
    const first = await world.state();
    expect(first.lastRun).toMatchObject({ outcome: 'failed' });
    expect(first.lastRun?.error).toBe(
      `${cloud.url}${HYPERVISORS} answered 500. It was asked 6 times.`,
    );
    expect(first.failures).toBe(1);
    expect(Date.parse(first.nextDueAt ?? '') - world.at().getTime()).toBe(5 * 60_000);
    expect(await world.pull(world.source(source), { isScheduled: true })).toBe('not due');
    world.moveTo(first.nextDueAt ?? '');
    await world.pull(world.source(source), { isScheduled: true });
    const second = await world.state();
    expect(second.failures).toBe(2);
    expect(Date.parse(second.nextDueAt ?? '') - world.at().getTime()).toBe(10 * 60_000);
    expect(await world.keys()).toEqual([]);
  });

  it('at once when it is asked to wait for long, and waits that long', async () => {
    cloud.fail(HYPERVISORS, { status: 429, headers: { 'retry-after': '1800' } });
    const world = pullWorld(cloud);
    await world.pull(world.source(source));
    const { lastRun, nextDueAt } = await world.state();
    expect(lastRun?.error).toContain('asks to wait for 1800 s');
    expect(world.slept).toEqual([]);
    expect(Date.parse(nextDueAt ?? '') - world.at().getTime()).toBe(1_800_000);
  });

  it('when an answer is larger than it may be', async () => {
    const world = pullWorld(cloud, { limits: { ...DEFAULT_SESSION_LIMITS, bytesMax: 2_000 } });
    cloud.fail(HYPERVISORS, { status: 200, body: `[${'1,'.repeat(2_000)}1]` });
    await world.pull(world.source(source));
    expect((await world.state()).lastRun?.error).toContain('more than 2000 bytes');
    expect(world.slept).toEqual([]);
  });

  it.each([
    {
      name: 'the region is not in the catalogue',
      fields: { openstackRegion: 'RegionNine' },
      error: 'has "compute" in the regions RegionOne, RegionTwo, and not in "RegionNine"',
    },
    {
      name: 'the catalogue has several regions and none is named',
      fields: { openstackRegion: undefined },
      error: 'in several regions (RegionOne, RegionTwo)',
    },
    {
      name: 'there is no such interface',
      fields: { interface: 'admin' },
      error: 'no admin endpoint of "compute"; set "interface" to one of: internal, public',
    },
  ])('when $name', async ({ fields, error }) => {
    const world = pullWorld(cloud);
    await world.pull(world.source({ ...source, ...fields }));
    expect((await world.state()).lastRun?.error).toContain(error);
    expect(world.slept).toEqual([]);
  });

  it.each([
    {
      status: 403,
      body: '{"forbidden":{"message":"Policy does not allow it"}}',
      error: '("Policy does not allow it"). The user of the secret may not ask this',
    },
    { status: 404, body: '<html></html>', error: 'answered 404. Look at the endpoint' },
    { status: 406, body: '{}', error: 'It does not know that microversion' },
    { status: 302, body: '', error: 'Redirects are not followed' },
    {
      status: 200,
      body: '{"servers":[]}',
      error: 'is not as the API documents it at /hypervisors',
    },
  ])('when the service answers $status for good', async ({ status, body, error }) => {
    cloud.fail(HYPERVISORS, {
      status,
      body,
      headers: { location: 'http://127.0.0.1:1/elsewhere' },
    });
    const world = pullWorld(cloud);
    await world.pull(world.source(source));
    expect((await world.state()).lastRun?.error).toContain(error);
    expect(world.slept).toEqual([]);
  });

  it('when nobody answers at the address', async () => {
    await cloud.close();
    const world = pullWorld(cloud);
    await world.pull(world.source(source));
    expect((await world.state()).lastRun?.error).toContain('(ECONNREFUSED). It was asked 6 times.');
    cloud = await recordedOpenStack();
  });

  it('when there is no such host', async () => {
    const world = pullWorld(cloud);
    await world.pull({ ...world.source(source), authUrl: 'https://keystone.invalid:5000/v3' });
    expect((await world.state()).lastRun?.error).toMatch(/no such host|EAI_AGAIN/);
  });
});

describe('the next run after a failed one', () => {
  it('asks for the same windows again, and for those since', async () => {
    const world = pullWorld(cloud, { at: '2026-11-21T02:30:00Z' });
    const usage = world.source({ ...source, kind: 'nova-usage', historyDays: 0 });
    const path = '/compute/v2.1/os-simple-tenant-usage';
    cloud.fail(path, {}, { status: 400, body: '{"badRequest":{"message":"no"}}' });
    await world.pull(usage);
    expect(await world.state()).toMatchObject({
      pulledUntil: '2026-11-21T01:00:00Z',
      lastRun: { outcome: 'failed', windows: 1 },
    });
    world.moveTo('2026-11-21T03:30:00Z');
    await world.pull(usage);
    const starts = cloud.requestsTo(path).map(({ query }) => query.get('start')?.slice(11, 13));
    expect(starts).toEqual(['00', '01', '01', '02']);
    expect(await world.state()).toMatchObject({ failures: 0, pulledUntil: '2026-11-21T03:00:00Z' });
  });
});

describe('a source is pulled by one at a time', () => {
  it('for as long as the run lasts', async () => {
    const beats: (() => Promise<void>)[] = [];
    const world = pullWorld(cloud, {
      changes: {
        every: (seconds, beat) => {
          expect(seconds).toBe(20);
          beats.push(beat);
          return () => beats.splice(0);
        },
      },
    });
    let others: readonly unknown[] = [];
    const { put } = world.landing;
    world.landing.put = async (...args) => {
      for (const second of [40, 80, 120]) {
        world.moveTo(new Date(Date.UTC(2026, 10, 21, 12, 30, second)).toISOString());
        for (const beat of beats) await beat();
      }
      others = [await world.states.lease('west-source', { now: world.at(), seconds: 60 })];
      await put(...args);
    };
    expect(await world.pull(world.source(source))).toBe('done');
    expect(others).toEqual([null]);
    expect(beats).toEqual([]);
    expect((await world.state()).lastRun?.outcome).toBe('succeeded');
  });

  it('and a run that was held up until another began ends without a word', async () => {
    const world = pullWorld(cloud);
    const { put } = world.landing;
    world.landing.put = async (...args) => {
      world.landing.put = put;
      world.moveTo('2026-11-21T12:32:00Z');
      await world.pull(world.source(source));
      await put(...args);
    };
    await expect(world.pull(world.source(source))).rejects.toThrow(
      'the lease of the source west-source was lost',
    );
    expect((await world.state()).lastRun).toMatchObject({ id: 'run-2', outcome: 'succeeded' });
  });

  it('and who holds a lease that has ended does not write over the other', async () => {
    const world = pullWorld(cloud);
    const one = await world.states.lease('west-source', { now: world.at(), seconds: 60 });
    expect(await world.pull(world.source(source))).toBe('busy');
    world.moveTo('2026-11-21T12:31:00Z');
    expect(await world.pull(world.source(source))).toBe('done');
    const state = await world.state();
    if (one === null) throw new Error('not leased');
    expect(await world.states.save(one, { ...state, failures: 9 })).toBe(false);
    expect((await world.state()).failures).toBe(0);
  });
});

describe('a source that fails again and again', () => {
  it('is told of from the third time on, with its reason, until it succeeds', async () => {
    const world = pullWorld(cloud);
    const wrong = world.source({ ...source, openstackRegion: 'RegionNine' });
    for (let run = 0; run < 4; run += 1) await world.pull(wrong);
    expect(world.failing.map(({ failures }) => failures)).toEqual([3, 4]);
    expect(world.failing[0]).toMatchObject({
      source: 'west-source',
      reason: expect.stringContaining('RegionNine'),
    });
    await world.pull(world.source(source));
    await world.pull(wrong);
    expect(world.failing).toHaveLength(2);
  });
});

describe('the next run', () => {
  it('is not before a Retry-After, though the schedule has it sooner', async () => {
    cloud.fail(HYPERVISORS, { status: 429, headers: { 'retry-after': '1800' } });
    const world = pullWorld(cloud);
    await world.pull(world.source({ ...source, schedule: 'rate(5 minutes)' }));
    expect((await world.state()).nextDueAt).toBe('2026-11-21T13:00:00.000Z');
  });

  it('stays when it is by a run by hand before it', async () => {
    const world = pullWorld(cloud);
    await world.pull(world.source(source), { isScheduled: true });
    expect((await world.state()).nextDueAt).toBe('2026-11-21T13:30:00.000Z');
    world.moveTo('2026-11-21T13:00:00Z');
    await world.pull(world.source(source));
    expect((await world.state()).nextDueAt).toBe('2026-11-21T13:30:00.000Z');
  });

  it('is by the new schedule once that has changed', async () => {
    const world = pullWorld(cloud);
    await world.pull(world.source({ ...source, schedule: 'rate(7 days)' }));
    world.moveTo('2026-11-21T12:40:00Z');
    const hasty = world.source({ ...source, schedule: 'rate(10 minutes)' });
    expect(await world.pull(hasty, { isScheduled: true })).toBe('done');
    expect((await world.state()).nextDueAt).toBe('2026-11-21T12:50:00.000Z');
  });
});

describe('settings', () => {
  it('that ask something else start anew', async () => {
    const world = pullWorld(cloud);
    const usage = { ...source, kind: 'nova-usage', historyDays: 0 };
    await world.pull(world.source(usage));
    expect((await world.state()).lastRun?.windows).toBe(12);
    await world.pull(world.source({ ...usage, schedule: 'rate(2 hours)', pageSize: 7 }));
    expect((await world.state()).lastRun?.windows).toBe(0);
    await world.pull(world.source({ ...usage, openstackRegion: 'RegionOne' }));
    expect((await world.state()).lastRun?.windows).toBe(12);
  });
});

describe('a secret', () => {
  const everything = async (world: ReturnType<typeof pullWorld>) =>
    JSON.stringify([await world.states.list(), world.logged, [...(await world.lines())]]);

  it.each([
    {
      name: 'is refused by a Keystone that repeats it',
      secret: { username: 'someone', password: PASSWORD, project_name: 'x' },
      error: 'refused the credentials',
    },
    {
      name: 'is for another Keystone',
      secret: {
        application_credential_id: 'headroom',
        application_credential_secret: PASSWORD,
        auth_url: 'https://keystone.example.org/v3',
      },
      error: 'is for another Keystone',
    },
    {
      name: 'lacks a member',
      secret: { username: 'headroom', password: PASSWORD },
      error: 'is not JSON of the form',
    },
    { name: 'is not JSON', secret: PASSWORD, error: 'is not JSON of the form' },
  ])('that $name is in no message', async ({ secret, error }) => {
    const text = typeof secret === 'string' ? secret : JSON.stringify(secret);
    const world = pullWorld(cloud, { secret: text });
    await world.pull(world.source(source));
    expect((await world.state()).lastRun?.error).toContain(error);
    expect(await everything(world)).not.toContain(PASSWORD);
  });

  it('and a token are cut out of what a service says', async () => {
    const world = pullWorld(cloud);
    const body = JSON.stringify({ error: { message: `bad token-1 of ${PASSWORD}` } });
    cloud.fail(HYPERVISORS, { status: 400, body });
    await world.pull(world.source(source));
    expect((await world.state()).lastRun?.error).toContain('("bad *** of ***")');
  });

  it('is sent nowhere when it is for another Keystone', async () => {
    const secret = JSON.stringify({
      username: 'headroom',
      password: PASSWORD,
      project_name: 'admin',
      auth_url: `${cloud.url.replace('127.0.0.1', 'localhost')}/v3`,
    });
    const world = pullWorld(cloud, { secret });
    await world.pull(world.source(source));
    expect(cloud.seen).toEqual([]);
  });

  it('of a Keystone without TLS is warned of', async () => {
    const world = pullWorld(cloud);
    await world.pull(world.source(source));
    expect((await world.state()).lastRun?.warnings).toEqual([
      `${cloud.authUrl} is not https: the credentials go over the network in clear text.`,
    ]);
  });
});

describe('a fault of our own', () => {
  it('is logged, told without details, and leaves the source free', async () => {
    const world = pullWorld(cloud);
    const broken = {
      ...world.ports,
      landing: { ...world.landing, put: async () => Promise.reject(new Error('disk full')) },
    };
    const failing = pullWorld(cloud, { changes: broken });
    await failing.pull(failing.source(source));
    expect((await failing.ports.states.get('west-source'))?.lastRun?.error).toContain(
      'Headroom itself failed',
    );
    expect(
      await failing.ports.states.lease('west-source', { now: failing.at(), seconds: 1 }),
    ).not.toBeNull();
  });
});
