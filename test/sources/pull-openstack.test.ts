import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, pullWorld } from './pull-world.ts';
import { aggregatesOf, type RecordedOpenStack, recordedOpenStack } from './recorded-openstack.ts';

/** Against recorded answers over HTTP: what is asked, what is put, and what becomes of faults. */

let cloud: RecordedOpenStack;
beforeEach(async () => {
  cloud = await recordedOpenStack({
    password: PASSWORD,
    now: () => new Date('2026-11-21T12:30:00Z'),
  });
});
afterEach(() => cloud.close());

const HYPERVISORS = '/compute/v2.1/os-hypervisors/detail';
const USAGE = '/compute/v2.1/os-simple-tenant-usage';
const AGGREGATES = '/metric/v1/aggregates';
const TOKENS = '/identity/v3/auth/tokens';

function host(n: number) {
  const sizes = { vcpus: 32, vcpusUsed: n, memoryMib: 65_536, memoryMibUsed: 1_024 };
  return { name: `compute-${String(n).padStart(3, '0')}`, ...sizes };
}

describe('a snapshot of aggregates and flavors', () => {
  const [HOST_AGGREGATES, FLAVORS] = [
    '/compute/v2.1/os-aggregates',
    '/compute/v2.1/flavors/detail',
  ];

  it('is one object with all pages, private flavors too', async () => {
    const aggregates = [{ name: 'ssd', availability_zone: 'az1', hosts: ['compute-001'] }];
    const [small, large] = [{ name: 'm1.small' }, { name: 'm1.large' }];
    const links = [{ rel: 'next', href: `http://nova${FLAVORS}?marker=f1` }];
    const answer = (body: object) => ({ status: 200, body: JSON.stringify(body) });
    cloud.fail(HOST_AGGREGATES, answer({ aggregates }));
    cloud.fail(
      FLAVORS,
      answer({ flavors: [small], flavors_links: links }),
      answer({ flavors: [large] }),
    );
    const world = pullWorld(cloud);
    await world.pull(world.source({ kind: 'nova-catalogue', pageSize: 1 }));
    const asked = cloud.requestsTo(FLAVORS).map(({ query }) => Object.fromEntries(query));
    expect(asked).toEqual([
      { is_public: 'None', limit: '1' },
      { is_public: 'None', limit: '1', marker: 'f1' },
    ]);
    const [[, lines] = []] = [...(await world.lines())];
    const head = { region: 'west', source: 'nova', observedAt: '2026-11-21T12:30:00Z' };
    expect(lines).toEqual([
      { ...head, body: { aggregates } },
      { ...head, body: { flavors: [small, large] } },
    ]);
  });
});

describe('a snapshot of hypervisors', () => {
  it('is one object of all pages, in the envelope that says when', async () => {
    cloud.hosts.push(...Array.from({ length: 7 }, (_, n) => host(n)));
    const world = pullWorld(cloud);
    await world.pull(world.source({ kind: 'nova-hypervisors', pageSize: 3 }));
    const asked = cloud.requestsTo(HYPERVISORS);
    expect(asked.map(({ query }) => query.get('limit'))).toEqual(['3', '3', '3']);
    expect(asked[0]?.headers['openstack-api-version']).toBe('compute 2.53');
    const [[key, lines] = []] = [...(await world.lines())];
    expect(key).toMatch(
      /^region=west\/2026-11-21\/pull\/by=source%3Awest-source\/[0-9a-f]{32}\.jsonl\.gz$/,
    );
    expect(lines).toMatchObject([
      { region: 'west', source: 'nova', observedAt: '2026-11-21T12:30:00Z' },
      {},
      {},
    ]);
    const names = (lines ?? []).flatMap(({ body }) =>
      (body as { hypervisors: { hypervisor_hostname: string }[] }).hypervisors.map(
        ({ hypervisor_hostname }) => hypervisor_hostname,
      ),
    );
    expect(names).toEqual(cloud.hosts.map(({ name }) => name));
  });

  it('leaves the last one alone when Nova lists nothing', async () => {
    const world = pullWorld(cloud);
    await world.pull(world.source({ kind: 'nova-hypervisors' }));
    expect(await world.keys()).toEqual([]);
    expect((await world.state()).lastRun).toMatchObject({
      outcome: 'succeeded',
      objectCount: 0,
      warnings: [
        expect.stringContaining('is not https'),
        expect.stringContaining('lists no hypervisors'),
      ],
    });
  });

  it('refuses pages that go in a circle', async () => {
    cloud.hosts.push(host(1), host(2));
    const links = [{ rel: 'next', href: `http://nova${HYPERVISORS}?marker=same` }];
    const body = JSON.stringify({ hypervisors: [], hypervisors_links: links });
    cloud.fail(HYPERVISORS, { status: 200, body }, { status: 200, body });
    const world = pullWorld(cloud);
    await world.pull(world.source({ kind: 'nova-hypervisors' }));
    expect((await world.state()).lastRun?.error).toContain('go in a circle');
  });
});

describe('a snapshot of Placement', () => {
  it('has inventories and usages of every provider with vCPUs or memory, as they came', async () => {
    cloud.hosts.push(host(2), host(1));
    const world = pullWorld(cloud);
    await world.pull(world.source({ kind: 'placement' }));
    const [lines = []] = [...(await world.lines()).values()];
    expect(lines.map(({ resourceProvider }) => resourceProvider)).toEqual([
      'compute-001',
      'compute-001',
      'compute-002',
      'compute-002',
    ]);
    expect(lines[0]?.['body']).toMatchObject({
      inventories: { MEMORY_MB: { allocation_ratio: 1.2000000476837158 } },
    });
    expect(cloud.seen.at(-1)?.headers['openstack-api-version']).toBe('placement 1.14');
  });

  it('goes without a provider that is gone by the time it is asked', async () => {
    cloud.hosts.push(host(1), host(2));
    cloud.fail('/placement/resource_providers/00000000-0000-4000-8000-000000000001/usages', {
      status: 404,
      body: '{}',
    });
    const world = pullWorld(cloud);
    await world.pull(world.source({ kind: 'placement' }));
    const [lines = []] = [...(await world.lines()).values()];
    expect(new Set(lines.map(({ resourceProvider }) => resourceProvider))).toEqual(
      new Set(['compute-002']),
    );
  });
});

describe('aggregates of Gnocchi', () => {
  const source = { kind: 'gnocchi-aggregates', metric: 'ram', unit: 'MiB', historyDays: 1 };

  it('are asked for by UTC day up to the last whole hour that has settled', async () => {
    cloud.gnocchi(aggregatesOf({ alpha: () => 2_048 }));
    const world = pullWorld(cloud);
    await world.pull(world.source(source));
    const asked = cloud.requestsTo(AGGREGATES);
    expect(asked.map(({ query }) => [query.get('start'), query.get('stop')])).toEqual([
      ['2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z'],
      ['2026-11-21T00:00:00Z', '2026-11-21T12:00:00Z'],
    ]);
    expect(asked[0]?.query.getAll('groupby')).toEqual(['project_id']);
    expect(asked[0]?.query.get('granularity')).toBe('3600');
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      operations: '(aggregate sum (metric memory mean))',
      resource_type: 'instance',
      search: {},
    });
    const [lines = []] = [...(await world.lines()).values()];
    expect(lines).toMatchObject([
      { region: 'west', metric: 'ram', operation: 'sum', granularity: 3_600, unit: 'MiB' },
    ]);
    expect((await world.state()).pulledUntil).toBe('2026-11-21T12:00:00Z');
  });

  it('go on from the high-water mark less the overlap', async () => {
    cloud.gnocchi(aggregatesOf({ alpha: () => 2_048 }));
    const world = pullWorld(cloud);
    await world.pull(world.source(source));
    const before = cloud.requestsTo(AGGREGATES).length;
    world.moveTo('2026-11-22T01:15:00Z');
    await world.pull(world.source(source));
    const asked = cloud.requestsTo(AGGREGATES).slice(before);
    expect(asked.map(({ query }) => [query.get('start'), query.get('stop')])).toEqual([
      ['2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z'],
      ['2026-11-22T00:00:00Z', '2026-11-22T01:00:00Z'],
    ]);
  });

  it('keep NaN and every digit as Gnocchi wrote them', async () => {
    const body =
      '[{"group":{"project_id":"a"},"measures":{"measures":{"aggregated":[\n["2026-11-20T00:00:00+00:00",3600.0,NaN],["2026-11-20T01:00:00+00:00",3600.0,1.10]]}}}]';
    cloud.fail(AGGREGATES, { status: 200, body });
    const world = pullWorld(cloud);
    await world.pull(world.source(source));
    const [key = ''] = await world.keys();
    const { gunzipSync } = await import('node:zlib');
    const text = gunzipSync((await world.landing.get(key)) ?? new Uint8Array()).toString('utf8');
    expect(text).toContain('3600.0,NaN],["2026-11-20T01:00:00+00:00",3600.0,1.10]');
    expect(text.split('\n')).toHaveLength(2);
  });

  it('that are empty are no object, and are not asked for again', async () => {
    const world = pullWorld(cloud);
    await world.pull(world.source(source));
    expect(await world.keys()).toEqual([]);
    const state = await world.state();
    expect(state).toMatchObject({ pulledUntil: '2026-11-21T12:00:00Z', failures: 0 });
    expect(state.lastRun?.warnings.join()).toContain('knows no measures of ram');
  });
});

describe('usage of Nova', () => {
  const source = { kind: 'nova-usage', historyDays: 0, pageSize: 2 };
  const server = (n: number, fields = {}) => ({
    id: `11111111-0000-4000-8000-${String(n).padStart(12, '0')}`,
    project: n % 2 === 0 ? 'even' : 'odd',
    vcpus: 2,
    memoryMib: 4_096,
    startedAt: '2026-11-21T10:30:00Z',
    ...fields,
  });

  it('is asked for hour by hour, page after page, with all instances of each', async () => {
    cloud.servers.push(...[1, 2, 3, 4, 5].map((n) => server(n)));
    const world = pullWorld(cloud);
    await world.pull(world.source(source));
    const asked = cloud.requestsTo(USAGE).map(({ query }) => query);
    const windows = [...new Set(asked.map((query) => `${query.get('start')} ${query.get('end')}`))];
    expect(windows).toHaveLength(12);
    expect(windows[0]).toBe('2026-11-21T00:00:00 2026-11-21T01:00:00');
    expect(windows.at(-1)).toBe('2026-11-21T11:00:00 2026-11-21T12:00:00');
    expect(asked.every((query) => query.get('detailed') === '1')).toBe(true);
    const objects = [...(await world.lines()).values()];
    expect(objects).toHaveLength(2);
    const instances = objects.map((lines) =>
      lines
        .flatMap(
          ({ tenant_usages }) => tenant_usages as { server_usages: { instance_id: string }[] }[],
        )
        .flatMap(({ server_usages }) => server_usages.map(({ instance_id }) => instance_id)),
    );
    for (const ids of instances) expect(ids.toSorted()).toEqual(cloud.servers.map(({ id }) => id));
  });

  it('asked for again is the same object, though the uptime has grown', async () => {
    cloud.servers.push(server(1), server(2), server(3));
    const world = pullWorld(cloud);
    await world.pull(world.source(source));
    const keys = await world.keys();
    const ids = (await world.state()).lastRun?.objects.map(({ ingestId }) => ingestId);
    await cloud.close();
    cloud = await recordedOpenStack({
      password: PASSWORD,
      now: () => new Date('2026-11-21T12:59:00Z'),
    });
    cloud.servers.push(server(1), server(2), server(3));
    world.moveTo('2026-11-21T12:59:00Z');
    await world.pull({
      ...world.source({ ...source, overlapMinutes: 180 }),
      authUrl: cloud.authUrl,
    });
    const { lastRun } = await world.state();
    expect(lastRun).toMatchObject({ outcome: 'succeeded', objectCount: 2, newObjectCount: 0 });
    expect(lastRun?.objects.map(({ ingestId }) => ingestId)).toEqual(ids);
    expect(await world.keys()).toEqual(keys);
  });

  it('goes on where a run that had no time left has stopped', async () => {
    cloud.servers.push(server(1));
    const world = pullWorld(cloud);
    await world.pull(world.source(source), { seconds: 44 });
    expect(await world.state()).toMatchObject({
      pulledUntil: null,
      nextDueAt: world.at().toISOString(),
      lastRun: { outcome: 'stopped', windows: 0 },
    });
    cloud.fail(USAGE, ...Array.from({ length: 3 }, () => ({ status: 503, body: '' })));
    await world.pull(world.source(source), { seconds: 49, isScheduled: true });
    expect(await world.state()).toMatchObject({ lastRun: { outcome: 'stopped', windows: 1 } });
    await world.pull(world.source(source), { isScheduled: true });
    expect(await world.state()).toMatchObject({
      pulledUntil: '2026-11-21T12:00:00Z',
      lastRun: { outcome: 'succeeded', windows: 11 },
    });
  });
});

describe('tokens', () => {
  it('are asked for once, for many requests at once', async () => {
    cloud.hosts.push(...Array.from({ length: 20 }, (_, n) => host(n)));
    const world = pullWorld(cloud);
    await world.pull(world.source({ kind: 'placement' }));
    expect(cloud.requestsTo(TOKENS)).toHaveLength(1);
  });

  it('that have been revoked are renewed, and the request is asked again', async () => {
    cloud.hosts.push(host(1), host(2), host(3));
    const world = pullWorld(cloud);
    cloud.fail(HYPERVISORS, { status: 401, body: '{}' });
    await world.pull(world.source({ kind: 'nova-hypervisors' }));
    expect(cloud.requestsTo(TOKENS)).toHaveLength(2);
    expect((await world.state()).lastRun).toMatchObject({ outcome: 'succeeded', requests: 4 });
  });

  it('that end soon are renewed before they are used', async () => {
    await cloud.close();
    cloud = await recordedOpenStack({
      password: PASSWORD,
      tokenSeconds: 70,
      now: () => new Date('2026-11-21T12:30:00Z'),
    });
    cloud.hosts.push(host(1), host(2));
    const world = pullWorld(cloud);
    const { openSession } = world.ports;
    const session = openSession({
      authUrl: cloud.authUrl,
      login: { kind: 'application-credential', id: 'headroom', secret: PASSWORD },
      interface: 'public',
      openstackRegion: null,
      caCertificate: null,
      deadlineMs: world.at().getTime() + 900_000,
    });
    const request = { service: 'compute', method: 'GET', path: '/os-hypervisors/detail' } as const;
    await session.ask(request);
    expect(cloud.requestsTo(TOKENS)).toHaveLength(1);
    world.moveTo('2026-11-21T12:30:11Z');
    await session.ask(request);
    expect(cloud.requestsTo(TOKENS)).toHaveLength(2);
  });

  it('that a service refuses twice end the run', async () => {
    const world = pullWorld(cloud);
    cloud.fail(HYPERVISORS, { status: 401, body: '{}' }, { status: 401, body: '{}' });
    await world.pull(world.source({ kind: 'nova-hypervisors' }));
    expect((await world.state()).lastRun?.error).toContain(
      'refuses tokens that Keystone has just given',
    );
  });
});
