import { describe, expect, it } from 'vitest';
import { addDays } from '../../../lib/period/calendar.ts';
import { ingestWorld, WEST } from './ingest-world.ts';

type Point = readonly [string, number, number | null];

function envelope(body: unknown, changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    region: 'west',
    metric: 'cores',
    operation: 'sum',
    granularity: 3_600,
    body,
    ...changes,
  });
}

function hour(at: number, value: number | null, granularity = 3_600): Point {
  const time = new Date(Date.UTC(2026, 9, 5) + at * 3_600_000).toISOString();
  return [time.replace('.000Z', '+00:00'), granularity, value];
}

function posted(at: number, value: number) {
  return { timestamp: hour(at, value)[0].replace('+00:00', ''), value };
}

async function imported(bodies: readonly string[], metric: 'cores' | 'ram' = 'cores') {
  const world = ingestWorld();
  const [ingest] = await world.ingest({ 'gnocchi.jsonl': bodies.join('\n') });
  const days = await world.ports.importedDemand.list(
    WEST,
    metric,
    '2026-10-05',
    addDays('2026-10-05', 3),
  );
  return { ingest, days, hours: days[0]?.hours };
}

describe('demand imported from Gnocchi', () => {
  it.each([
    { name: 'plain measures', body: [hour(0, 4), hour(1, 6)] },
    { name: 'an aggregate', body: { measures: { aggregated: [hour(0, 4), hour(1, 6)] } } },
    {
      name: 'an aggregate with references',
      body: { references: [], measures: { aggregated: [hour(0, 4), hour(1, 6)] } },
    },
    {
      name: 'aggregates of two metrics',
      body: {
        measures: {
          m1: { mean: [hour(0, 1), hour(1, 2)] },
          m2: { mean: [hour(0, 3), hour(1, 4)] },
        },
      },
    },
    {
      name: 'groups',
      body: [1, 3].map((value) => ({
        group: { project_id: `p${value}` },
        measures: { measures: { aggregated: [hour(0, value), hour(1, value * 1.5)] } },
      })),
    },
  ])('is the sum by the hour of $name', async ({ body }) => {
    const { ingest, hours } = await imported([envelope(body)]);
    expect(ingest).toMatchObject({
      state: 'ingested',
      format: 'gnocchi',
      problem: null,
      touched: [],
    });
    expect(hours).toEqual([4, 6, ...Array.from({ length: 22 }, () => null)]);
    const { read, accepted } = ingest?.counts ?? {};
    expect(accepted).toBe(read);
  });

  it('is that of each project too, where the groups name them', async () => {
    const world = ingestWorld();
    const group = (project: string, user: string, value: number) => ({
      group: { project_id: project, user_id: user },
      measures: { measures: { aggregated: [hour(0, value)] } },
    });
    const groups = [group('p1', 'u1', 1), group('p1', 'u2', 2), group('p2', 'u1', 4)];
    await world.ingest({ 'g.json': envelope(groups) });
    const query = { region: WEST, metric: 'cores' as const, from: '2026-10-05', to: '2026-10-06' };
    const first = async (project: string) =>
      (await world.ports.importedDemand.listProject({ ...query, project }))[0]?.hours[0];
    expect([await first('p1'), await first('p2'), await first('p3')]).toEqual([3, 4, undefined]);
    const whole = await world.ports.importedDemand.list(WEST, 'cores', query.from, query.to);
    expect(whole.map(({ hours }) => hours[0])).toEqual([7]);
  });

  it('is told of the granularity that was asked for, and of no other', async () => {
    const body = [hour(0, 4), hour(0, 100, 60), hour(0, 7, 86_400), hour(1, 5)];
    const { ingest, hours } = await imported([envelope(body)]);
    expect(ingest?.counts).toMatchObject({ read: 2, accepted: 2 });
    expect(hours?.slice(0, 3)).toEqual([4, 5, null]);
  });

  it('is told of the finest granularity that there is, where none was asked for', async () => {
    const body = [hour(0, 4), hour(0, 100, 300), hour(0.5, 50, 300), hour(0, 7, 86_400)];
    const { ingest, hours } = await imported([envelope(body, { granularity: undefined })]);
    expect(ingest?.counts).toMatchObject({ read: 2, accepted: 2 });
    expect(hours?.slice(0, 2)).toEqual([75, null]);
  });

  it('passes over granularities that do not fit into hours', async () => {
    const body = [hour(0, 9, 7), hour(0, 4)];
    const { hours } = await imported([envelope(body, { granularity: undefined })]);
    expect(hours?.[0]).toBe(4);
    const { ingest } = await imported([envelope([hour(0, 9, 7)], { granularity: undefined })]);
    expect(ingest?.problem).toMatch(/has 7 s only/);
  });

  it.each([
    { name: 'plain', body: [posted(0, 4), posted(0.5, 8), posted(1, 6)] },
    { name: 'by metric', body: { m1: [posted(0, 6)], m2: [posted(1, 6)] } },
    {
      name: 'by resource and metric',
      body: {
        r1: { 'cpu.util': [posted(0, 99)], vcpus: { measures: [posted(0, 2), posted(0.1, 2)] } },
        r2: { vcpus: { archive_policy_name: 'short', measures: [posted(0, 4), posted(1, 6)] } },
      },
    },
    {
      name: 'by resource and its only metric',
      body: { r1: { cores: [posted(0, 6), posted(1, 6)] } },
    },
  ])('is what measures tell as they are posted, $name', async ({ body }) => {
    const { ingest, hours } = await imported([envelope(body, { granularity: undefined })]);
    expect(ingest).toMatchObject({ state: 'ingested', format: 'gnocchi' });
    expect(hours?.slice(0, 3)).toEqual([6, 6, null]);
  });

  it('takes the mean where a metric comes with several aggregates', async () => {
    const body = { measures: { m1: { max: [hour(0, 9)], mean: [hour(0, 4)], min: [hour(0, 1)] } } };
    expect((await imported([envelope(body)])).hours?.[0]).toBe(4);
  });

  it('sums the flavors that an instance had, each for its time', async () => {
    const group = (flavor: string, points: readonly Point[]) => ({
      group: { flavor_id: flavor },
      measures: { measures: { aggregated: points } },
    });
    const body = [
      group('small', [hour(0, 1), hour(1, 1)]),
      group('large', [hour(2, 8), hour(3, 8)]),
    ];
    expect((await imported([envelope(body)])).hours?.slice(0, 5)).toEqual([1, 1, 8, 8, null]);
  });

  it('is the mean of an hour, of the buckets that have a value', async () => {
    const body = [hour(0, 4, 900), hour(0.25, 8, 900), hour(0.5, null, 900), hour(2, null, 900)];
    const { hours } = await imported([envelope(body, { granularity: 900 })]);
    expect(hours?.slice(0, 3)).toEqual([6, null, null]);
  });

  it('holds for every hour of a longer bucket', async () => {
    const { days } = await imported([
      envelope([hour(0, 5, 86_400), hour(24, 6, 86_400)], { granularity: 86_400 }),
    ]);
    expect(days.map(({ date, hours }) => [date, new Set(hours)])).toEqual([
      ['2026-10-05', new Set([5])],
      ['2026-10-06', new Set([6])],
    ]);
  });

  it('is missing where a group says that it has no value, and lacks nothing where it says nothing', async () => {
    const group = (name: string, points: readonly Point[]) => ({
      group: { project_id: name },
      measures: { measures: { aggregated: points } },
    });
    const body = [
      group('a', [hour(0, 1), hour(1, 1), hour(2, null)]),
      group('b', [hour(1, 2), hour(2, 2)]),
    ];
    expect((await imported([envelope(body)])).hours?.slice(0, 3)).toEqual([1, 3, null]);
  });

  it('reads NaN and Infinity, as Python writes them, as missing', async () => {
    const text = envelope([hour(0, 4), hour(1, 5), hour(2, 6)])
      .replace(',5]', ',NaN]')
      .replace(',6]', ',-Infinity]');
    const { ingest, hours } = await imported([text]);
    expect(ingest?.counts).toMatchObject({ read: 3, accepted: 3 });
    expect(hours?.slice(0, 3)).toEqual([4, null, null]);
  });

  it.each([
    { unit: undefined, gib: 4 },
    { unit: 'MiB', gib: 4 },
    { unit: 'GiB', gib: 4_096 },
  ])('of RAM is in GiB, from $unit', async ({ unit, gib }) => {
    const { hours } = await imported([envelope([hour(0, 4_096)], { metric: 'ram', unit })], 'ram');
    expect(hours?.[0]).toBe(gib);
  });

  it('counts a bucket that is told twice once', async () => {
    const { ingest, hours } = await imported([
      envelope([hour(0, 4), hour(1, 5)]),
      envelope([hour(0, 4), hour(1, 7)]),
    ]);
    expect(ingest?.counts).toMatchObject({ read: 4, accepted: 2, duplicate: 1, conflict: 1 });
    expect(hours?.slice(0, 2)).toEqual([4, 7]);
  });

  it('sets buckets apart that lie in the future or name no time', async () => {
    const body = [
      hour(0, 4),
      ['2099-01-01T01:00:00+00:00', 3_600, 1],
      ['2026-02-30T00:00:00', 3_600, 1],
    ];
    const { ingest } = await imported([envelope(body)]);
    expect(ingest?.counts).toMatchObject({ read: 3, accepted: 1, quarantined: 2 });
    expect(ingest?.reasons.map(({ code }) => code)).toEqual([
      'timestamp_in_future',
      'timestamp_unreadable',
    ]);
  });

  it('may be longer than a row may be', async () => {
    const points = Array.from({ length: 40_000 }, (_, at) => hour(at / 20 - 1_500, at, 180));
    const { ingest } = await imported([envelope(points, { granularity: 180 })]);
    expect(ingest?.counts).toMatchObject({ read: 40_000, accepted: 40_000 });
  });

  it('says so when there is none', async () => {
    const { ingest } = await imported([envelope({ measures: { aggregated: [] }, references: [] })]);
    expect(ingest).toMatchObject({
      state: 'ingested',
      counts: { read: 0 },
      problem: expect.stringMatching(/no measures/),
    });
  });

  it.each([
    {
      name: 'another region',
      body: envelope([], { region: 'east' }),
      problem: /of the region "east"/,
    },
    { name: 'an unknown metric', body: envelope([], { metric: 'disk' }), problem: /metric/ },
    { name: 'a mean', body: envelope([], { operation: 'mean' }), problem: /operation/ },
    {
      name: 'an odd granularity',
      body: envelope([], { granularity: 7_000 }),
      problem: /multiple of 3600/,
    },
    { name: 'a member that is not known', body: envelope([], { colour: 1 }), problem: /colour/ },
    {
      name: 'a granularity that is not there',
      body: envelope([hour(0, 1, 60)]),
      problem: /has 60 s only/,
    },
    { name: 'cores in MiB', body: envelope([], { unit: 'MiB' }), problem: /vcpu/ },
    { name: 'no answer', body: envelope({ error: 'no' }), problem: /no answer of Gnocchi/ },
    {
      name: 'measures of another shape',
      body: envelope([['x', 'y', 'z']]),
      problem: /no answer of Gnocchi/,
    },
    { name: 'a bare answer', body: JSON.stringify([hour(0, 1)]), problem: /Wrap it/ },
    {
      name: 'several metrics, none of which is known',
      body: envelope({ r1: { a: [posted(0, 1)], b: [posted(0, 1)] } }),
      problem: /metrics a, b, and none is vcpus/,
    },
    {
      name: 'several aggregates without a mean',
      body: envelope({ m1: { max: [hour(0, 1)], min: [hour(0, 1)] } }),
      problem: /max, min of one metric.*mean alone/,
    },
    {
      name: 'a resource',
      body: JSON.stringify({ id: 'r', project_id: 'p', metrics: { cpu: {} } }),
      problem: /describes a resource/,
    },
    {
      name: 'bare measures as they are posted',
      body: JSON.stringify({ r1: { vcpus: [posted(0, 1)] } }),
      problem: /Wrap it/,
    },
    {
      name: 'a bare aggregate',
      body: JSON.stringify({ measures: { aggregated: [] } }),
      problem: /Wrap it/,
    },
    {
      name: 'two granularities of one metric',
      body: `${envelope([hour(0, 1)])}\n${envelope([hour(0, 1, 60)], { granularity: 60 })}`,
      problem: /count demand twice/,
    },
  ])('is refused for $name', async ({ body, problem }) => {
    const { ingest, days } = await imported([body]);
    expect(ingest).toMatchObject({ state: 'refused' });
    expect(ingest?.problem).toMatch(problem);
    expect(days).toEqual([]);
  });
});

describe('demand that Placement tells', () => {
  it('is what all projects hold in the hour', async () => {
    const world = ingestWorld();
    const usages = { VCPU: 2, MEMORY_MB: 2_048, DISK_GB: 5 };
    const byType = {
      INSTANCE: { consumer_count: 5, VCPU: 3, MEMORY_MB: 1_024 },
      MIGRATION: { consumer_count: 1, VCPU: 100 },
      unknown: { consumer_count: 1, VCPU: 1 },
    };
    const head = { region: 'west', source: 'placement', observedAt: '2026-11-21T10:00:00Z' };
    const of = (project: string, told: object) => ({ ...head, project, body: { usages: told } });
    const rows = [of('p1', usages), of('p2', byType)];
    const body = rows.map((row) => JSON.stringify(row)).join('\n');
    const [ingest] = await world.ingest({ x: body });
    expect(ingest).toMatchObject({ state: 'ingested', counts: { read: 2, accepted: 2 } });
    const hourly = async (metric: 'cores' | 'ram') =>
      (await world.ports.importedDemand.list(WEST, metric, '2026-11-21', '2026-11-22'))[0]?.hours;
    expect((await hourly('cores'))?.[10]).toBe(6);
    expect((await hourly('ram'))?.[10]).toBe(3);
    const query = { region: WEST, metric: 'cores' as const, project: 'p2' };
    const range = { from: '2026-11-21', to: '2026-11-22' };
    const [own] = await world.ports.importedDemand.listProject({ ...query, ...range });
    expect(own?.hours[10]).toBe(4);
    expect((await hourly('cores'))?.filter((value) => value !== null)).toHaveLength(1);
    expect(await world.ports.capacity.latest(WEST)).toEqual([]);
  });
});
