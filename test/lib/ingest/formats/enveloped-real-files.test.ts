import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ingestWorld, WEST } from '../ingest-world.ts';

/** Answers of real OpenStack services, beside the repository; they are not part of it. */
const FORMATS = join(import.meta.dirname, '../../../../../shared/data/formats');
const OBSERVED = '2026-11-21T10:00:00Z';

const real = (file: string): unknown => JSON.parse(readFileSync(join(FORMATS, file), 'utf8'));
const capacity = (source: string, file: string, of: object = {}) => ({
  region: 'west',
  source,
  observedAt: OBSERVED,
  ...of,
  body: real(file),
});
const gnocchi = (file: string, changes: object = {}) => ({
  region: 'west',
  metric: 'cores',
  operation: 'sum',
  ...changes,
  body: real(file),
});

async function ingested(...envelopes: readonly object[]) {
  const world = ingestWorld();
  const text = envelopes.map((envelope) => JSON.stringify(envelope)).join('\n');
  const [ingest] = await world.ingest({ 'x.jsonl': text });
  return { world, ingest };
}

async function hosts(...envelopes: readonly object[]) {
  const { world, ingest } = await ingested(...envelopes);
  const [snapshot] = await world.ports.capacity.latest(WEST);
  return { ingest, hosts: snapshot?.hosts };
}

describe.skipIf(!existsSync(FORMATS))('real answers in envelopes (../shared/data/formats)', () => {
  it.each([
    { file: 'gnocchi/get-measures.json', rows: 2, hour: (33.05 + 10) / 2 },
    { file: 'gnocchi/get-measures.json', rows: 1, hour: 21.525, granularity: 300 },
    {
      file: 'gnocchi/aggregates-groupby-project-user.json',
      rows: 2,
      hour: 21.525 + 137.70499999999998,
      granularity: 300,
    },
    {
      file: 'gnocchi/aggregates-groupby-project-user.json',
      rows: 4,
      hour: (33.05 + 10) / 2 + (230 + 45.41) / 2,
    },
  ])(
    '$file at $granularity s is demand of one granularity',
    async ({ file, rows, hour, granularity }) => {
      const changes = granularity === undefined ? {} : { granularity };
      const { world, ingest } = await ingested(gnocchi(file, changes));
      expect(ingest?.counts).toMatchObject({ read: rows, accepted: rows });
      const list = world.ports.importedDemand.list(WEST, 'cores', '2015-03-06', '2015-03-07');
      expect((await list)[0]?.hours[14]).toBeCloseTo(hour, 9);
    },
  );

  it('flavors of use_history lie in different years; what lies in the future is set apart', async () => {
    for (const [file, rows] of [
      ['gnocchi/aggregates-groupby-flavor-use_history.json', 4],
      ['gnocchi/aggregates-groupby-flavor-without-history.json', 4],
    ] as const) {
      const { ingest } = await ingested(gnocchi(file));
      expect(ingest?.counts).toMatchObject({ read: rows, accepted: 2, quarantined: 2 });
    }
  });

  it.each([
    { file: 'gnocchi/post-measures.json', rows: 3, hour: 14, value: (43.1 + 12 + 2) / 3 },
    { file: 'gnocchi/post-batch-metrics-measures.json', rows: 4, hour: 14, value: 7 },
    { file: 'gnocchi/post-batch-resources-metrics-measures.json', rows: 2, hour: 14, value: 7 },
  ])('$file is demand by the hour', async ({ file, rows, hour, value }) => {
    const { world, ingest } = await ingested(gnocchi(file));
    expect(ingest?.counts).toMatchObject({ read: rows, accepted: rows });
    const list = world.ports.importedDemand.list(WEST, 'cores', '2014-10-06', '2014-10-07');
    expect((await list)[0]?.hours[hour]).toBeCloseTo(value, 9);
  });

  it('of an aggregate whose points were all dropped, says that there is nothing', async () => {
    const { ingest } = await ingested(gnocchi('gnocchi/aggregates-divide-by-zero-dropped.json'));
    expect(ingest).toMatchObject({ state: 'ingested', counts: { read: 0 } });
    expect(ingest?.problem).toMatch(/no measures/);
  });

  it('of Placement are hosts with what they have and what is used', async () => {
    const of = (resourceProvider: string) => ({ resourceProvider });
    const uuid = '99c09379-6e52-4ef8-9a95-b9ce6f68452e';
    const folder = 'placement/resource_provider';
    const found = await hosts(
      capacity('placement', 'placement/inventories/get-inventories.json', of(uuid)),
      capacity('placement', `${folder}_usages/get-resource_provider_usages.json`, of(uuid)),
      capacity('placement', 'placement/inventories/update-inventories.json', of('pony1')),
      capacity(
        'placement',
        `${folder}_allocations/get-resource_provider_allocations.json`,
        of('pony1'),
      ),
      capacity('placement', `${folder}s/get-resource_providers.json`),
    );
    expect(found.ingest).toMatchObject({ state: 'ingested', counts: { read: 5, accepted: 5 } });
    expect(found.hosts).toMatchObject([
      {
        host: 'pony1',
        inventories: { VCPU: { total: 64, used: 4 }, MEMORY_MB: { total: 128, used: 1_792 } },
      },
      {
        host: 'vgr.localdomain',
        inventories: { VCPU: { total: 4, used: 1 }, DISK_GB: { total: 35, used: 1 } },
      },
    ]);
  });

  it.each(['get-allocations.json', 'get-allocations-1.28.json', 'get-allocations-1.38.json'])(
    '%s is what one consumer holds on its hosts',
    async (file) => {
      const provider = { resourceProvider: 'ba8e1ef8-7fa3-41a4-9bb4-d7cb2019899b' };
      const storage = { resourceProvider: '92637880-2d79-43c6-afab-d860886c6391' };
      const inventories = 'placement/inventories/get-inventories.json';
      const found = await hosts(
        capacity('placement', inventories, provider),
        capacity('placement', inventories, storage),
        capacity('placement', `placement/allocations/${file}`, { consumer: 'c1' }),
      );
      expect(
        found.hosts?.map(({ inventories: { VCPU, DISK_GB } }) => [VCPU?.used, DISK_GB?.used]),
      ).toEqual([
        [0, 5],
        [2, 0],
      ]);
    },
  );

  it.each([
    { file: 'placement/usages/get-usages.json', cores: 2, gib: 0.5 },
    { file: 'placement/usages/get-usages-1.38.json', cores: 4, gib: 1 },
  ])('$file is the demand of its project', async ({ file, cores, gib }) => {
    const { world, ingest } = await ingested(capacity('placement', file, { project: 'p1' }));
    expect(ingest).toMatchObject({ state: 'ingested', format: 'placement' });
    const query = { region: WEST, project: 'p1', from: '2026-11-21', to: '2026-11-22' };
    const of = async (metric: 'cores' | 'ram') =>
      (await world.ports.importedDemand.listProject({ ...query, metric }))[0]?.hours[10];
    expect([await of('cores'), await of('ram')]).toEqual([cores, gib]);
  });

  it.each([
    { file: 'nova/hypervisors-v2.1/hypervisors-detail-resp.json', host: 'fake-mini' },
    { file: 'nova/hypervisors-v2.1/hypervisors-show-resp.json', host: 'fake-mini' },
    { file: 'nova/hypervisors-v2.53/hypervisors-detail-resp.json', host: 'host2' },
    { file: 'nova/hypervisors-v2.53/hypervisors-detail-with-servers-resp.json', host: 'fake-mini' },
    { file: 'nova/hypervisors-v2.53/hypervisors-show-resp.json', host: 'fake-mini' },
    { file: 'nova/hypervisors-v2.53/hypervisors-show-with-servers-resp.json', host: 'fake-mini' },
    { file: 'nova/osc-hypervisor-list-long.json', host: 'host2' },
  ])('$file is a host with its sizes', async ({ file, host }) => {
    const found = await hosts(capacity('nova', file));
    expect(found.hosts).toMatchObject([
      {
        host,
        inventories: { VCPU: { total: 2, used: 0 }, MEMORY_MB: { total: 8_192, used: 512 } },
      },
    ]);
  });

  it.each(
    ['v2.1', 'v2.53', 'v2.88'].flatMap((version) =>
      [
        'list',
        'search',
        'with-servers',
        ...(version === 'v2.88' ? ['detail', 'show'] : ['uptime']),
      ].map((name) => `nova/hypervisors-${version}/hypervisors-${name}-resp.json`),
    ),
  )('%s is refused, bare or not: it has no sizes', async (file) => {
    for (const given of [capacity('nova', file), real(file) as object]) {
      const { ingest } = await ingested(given);
      expect(ingest).toMatchObject({
        state: 'refused',
        problem: expect.stringMatching(/2\.87.*Placement/),
      });
    }
  });
});
