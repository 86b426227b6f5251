import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { byMonth } from '../../../../lib/rated-history/monthly.ts';
import { ingestWorld, WEST } from '../ingest-world.ts';

const REAL = join(import.meta.dirname, '../../../../../shared/data/formats/cloudkitty');

function point(changes: Readonly<Record<string, unknown>> = {}) {
  return {
    vol: { unit: 'GiB', qty: 1.2 },
    rating: { price: 0.04 },
    groupby: { project_id: 'p1', id: 'v1' },
    metadata: { volume_type: 'ssd' },
    ...changes,
  };
}

const HOUR = { begin: '2026-09-01T01:00:00+00:00', end: '2026-09-01T02:00:00+00:00' };

function frame(points: readonly unknown[], period: unknown = HOUR, type = 'volume.size') {
  return { period, usage: { [type]: points } };
}

async function rated(...bodies: readonly string[]) {
  const world = ingestWorld();
  const files = bodies.map((body, index) => [`ck-${index}.json`, body] as const);
  const ingests = await world.ingest(Object.fromEntries(files));
  const months = byMonth(await world.ratedDays.list(WEST, '2010-01-01', '2030-01-01'));
  return { world, ingest: ingests[0], ingests, months };
}

describe('data frames of CloudKitty', () => {
  it.each([
    { name: 'as they are read', body: { total: 1, dataframes: [frame([point()])] } },
    { name: 'as they are posted', body: { dataframes: [frame([point()])] } },
    { name: 'one by one', body: frame([point()]) },
    {
      name: 'with dates without separators',
      body: frame([point()], { begin: '20260901T010000Z', end: '20260901T020000Z' }),
    },
    {
      name: "with the server's offset",
      body: frame([point()], {
        begin: '2026-09-01T03:00:00+02:00',
        end: '2026-09-01T04:00:00+02:00',
      }),
    },
  ])('are rated history, $name', async ({ body }) => {
    const { ingest, months } = await rated(JSON.stringify(body));
    expect(ingest).toMatchObject({
      state: 'ingested',
      format: 'cloudkitty',
      problem: null,
      touched: [],
      counts: { read: 1, accepted: 1 },
    });
    expect(months).toEqual([
      {
        region: 'west',
        period: '2026-09',
        project: 'p1',
        type: 'volume.size',
        unit: 'GiB',
        source: 'dataframes',
        groupedBy: [],
        windowSeconds: null,
        quantity: '1.2',
        price: '0.04',
        rows: 1,
      },
    ]);
  });

  it('keep every digit that was written', async () => {
    const text = JSON.stringify(frame([point()]))
      .replace('1.2', '12345678901234567.890123456789')
      .replace('0.04', '1.0000000000000000000000001');
    const { months } = await rated(text);
    expect(months).toMatchObject([
      { quantity: '12345678901234567.890123456789', price: '1.0000000000000000000000001' },
    ]);
  });

  it('count once within an object and across objects', async () => {
    const twice = [point(), point(), point({ rating: { price: 0.05 } })];
    const { ingests, months } = await rated(
      JSON.stringify(frame(twice)),
      JSON.stringify({ dataframes: [frame([point({ rating: { price: 0.05 } })])] }),
    );
    expect(ingests[0]?.counts).toMatchObject({ read: 3, accepted: 1, duplicate: 1, conflict: 1 });
    expect(months).toMatchObject([{ rows: 1, price: '0.05' }]);
  });

  it('are lines of JSON as well, and name other projects by their tenant, or none', async () => {
    const lines = [
      frame([point({ groupby: { tenant_id: 't1', id: 'v' } })]),
      frame([point({ groupby: { group_one: 'one' } })]),
      { total: 5, dataframes: [frame([point()], HOUR, 'instance')] },
    ];
    const { ingest, months } = await rated(lines.map((line) => JSON.stringify(line)).join('\n'));
    expect(months.map(({ project }) => project)).toEqual(['', 'p1', 't1']);
    expect(ingest?.problem).toMatch(/more rows than it holds/);
  });

  it('set apart what cannot be read, and nothing beside it', async () => {
    const bad = [
      point({ vol: { unit: 'GiB' } }),
      point({ rating: { price: 'much' } }),
      point({ rating: {} }),
      'no point',
    ];
    const { ingest, months } = await rated(
      JSON.stringify({
        dataframes: [
          frame([...bad, point()]),
          frame([point()], { begin: 'yesterday', end: HOUR.end }),
          frame([point()], { begin: HOUR.end, end: HOUR.begin }),
          frame([point()], { begin: '2030-09-01T01:00:00', end: '2030-09-01T02:00:00' }),
          { period: HOUR },
        ],
      }),
    );
    expect(ingest?.counts).toMatchObject({ read: 9, accepted: 1, quarantined: 8 });
    expect(ingest?.reasons.map(({ code, count }) => [code, count])).toEqual([
      ['not_a_number', 4],
      ['not_a_rated_row', 1],
      ['period_reversed', 1],
      ['timestamp_in_future', 1],
      ['timestamp_unreadable', 1],
    ]);
    expect(months).toHaveLength(1);
  });

  it('may be longer than a row may be', async () => {
    const points = Array.from({ length: 8_000 }, (_, index) =>
      point({ groupby: { project_id: `p${index % 7}`, id: `volume-${index}` } }),
    );
    const body = JSON.stringify({ total: 8_000, dataframes: [frame(points)] });
    expect(body.length).toBeGreaterThan(1_048_576);
    const { ingest, months } = await rated(body);
    expect(ingest?.counts).toMatchObject({ read: 8_000, accepted: 8_000 });
    expect(months.map(({ rows }) => rows).reduce((a, b) => a + b)).toBe(8_000);
  });

  it('are in the lake by the row, and touch no day of metering', async () => {
    const { world, ingest } = await rated(JSON.stringify(frame([point()])));
    const key = `rated-history/region=west/date=2026-09-01/${ingest?.id}.jsonl`;
    const text = Buffer.from((await world.ports.lake.get(key)) ?? '').toString();
    expect(
      text
        .split('\n')
        .slice(1, 2)
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        source: 'dataframes',
        project: 'p1',
        type: 'volume.size',
        unit: 'GiB',
        begin: '2026-09-01T01:00:00Z',
        end: '2026-09-01T02:00:00Z',
        quantity: '1.2',
        price: '0.04',
        groupBy: { project_id: 'p1', id: 'v1' },
        metadata: { volume_type: 'ssd' },
      },
    ]);
    expect(await world.ports.partitions.list(WEST, '2010-01-01', '2030-01-01')).toEqual([]);
    expect(await Array.fromAsync(world.ports.lake.list('samples/'))).toEqual([]);
  });
});

describe('summaries of CloudKitty', () => {
  const columns = ['begin', 'end', 'qty', 'rate', 'project_id', 'type'];
  const begin = '2026-09-01T00:00:00Z';
  const end = '2026-10-01T00:00:00Z';
  const results = [[begin, end, 2590.421676635742, 1295.210838317871, 'p1', 'image.size']];
  const objects = results.map((row) =>
    Object.fromEntries(columns.map((column, index) => [column, row[index]])),
  );

  it.each([
    { name: 'tables', body: { total: 1, columns, results } },
    { name: 'objects', body: { total: 1, format: 'object', results: objects } },
  ])('are rated history as $name', async ({ body }) => {
    const { ingest, months } = await rated(JSON.stringify(body));
    expect(ingest).toMatchObject({ format: 'cloudkitty', problem: null, counts: { accepted: 1 } });
    expect(months).toMatchObject([
      {
        period: '2026-09',
        project: 'p1',
        type: 'image.size',
        unit: '',
        source: 'summary',
        groupedBy: ['project_id', 'type'],
        windowSeconds: 2_592_000,
        quantity: '2590.421676635742',
        price: '1295.210838317871',
      },
    ]);
  });
});

describe.each([
  {
    name: 'the API v1',
    body: { dataframes: [{ begin: 'x', resources: [], tenant_id: 't' }], total: 1 },
    problem: /v2/,
  },
  { name: 'a report of v1', body: { summary: [{ res_type: 'ALL', rate: 1 }] }, problem: /v2/ },
  {
    name: 'scopes',
    body: { results: [{ scope_id: 's' }] },
    problem: /scopes.*GET \/v2\/dataframes/,
  },
  { name: 'modules', body: { modules: [{ module_id: 'm' }] }, problem: /modules.*GET/ },
])('an answer of CloudKitty with $name', ({ body, problem }) => {
  it('is refused with advice', async () => {
    const { ingest } = await rated(JSON.stringify(body));
    expect(ingest?.state).toBe('refused');
    expect(ingest?.problem).toMatch(problem);
  });
});

describe.skipIf(!existsSync(REAL))('real answers (../shared/data/formats/cloudkitty)', () => {
  it.each([
    { file: 'dataframes/dataframes_get.json', rows: 3, periods: ['2019-07', '2019-08'] },
    { file: 'dataframes/dataframes_post.json', rows: 4, periods: ['2019-07', '2019-08'] },
    { file: 'summary/summary_get.json', rows: 4, periods: ['2019-06'] },
    { file: 'summary/summary_get_groupby_time.json', rows: 3, periods: ['2019-10'] },
  ])('$file', async ({ file, rows, periods }) => {
    const { ingest, months } = await rated(readFileSync(join(REAL, file), 'utf8'));
    expect(ingest).toMatchObject({ state: 'ingested', counts: { read: rows, accepted: rows } });
    expect([...new Set(months.map(({ period }) => period))]).toEqual(periods);
  });

  it.each([
    { file: 'scope/scope_get.json', problem: /scopes/ },
    { file: 'rating/modules_list_get.json', problem: /\w/ },
    { file: 'rating/module_get.json', problem: /modules/ },
    { file: 'metrics.yml', problem: /Send/ },
  ])('$file is refused', async ({ file, problem }) => {
    const { ingest } = await rated(readFileSync(join(REAL, file), 'utf8'));
    expect(ingest?.state).toBe('refused');
    expect(ingest?.problem).toMatch(problem);
  });
});
