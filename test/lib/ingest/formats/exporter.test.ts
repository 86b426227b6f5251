import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ingestWorld, NOW } from '../ingest-world.ts';
import { samplesOf } from '../lake-samples.ts';
import { exposed, told } from './exposed.ts';

const AT = '1794902400123';
const AT_TIME = '2026-11-17T08:00:00.123Z';

function server(labels: Readonly<Record<string, string>> = {}, time = ''): string {
  const all = {
    id: 's1',
    uuid: 's1',
    name: 'web',
    status: 'ACTIVE',
    tenant_id: 'p1',
    user_id: 'u1',
    flavor_id: '2',
    ...labels,
  };
  return `openstack_nova_server_status{${labelText(all)}} 0 ${time}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',');
}

const FLAVOR =
  'openstack_nova_flavor{disk="20",id="2",is_public="true",name="m1.small",ram="2048",vcpus="2"} 1';

describe('servers that openstack-exporter exposes', () => {
  it('are read with the sizes of their flavor, at the time of the scrape', async () => {
    const { ingest, samples } = await exposed(
      '# HELP openstack_nova_server_status server_status',
      '# TYPE openstack_nova_server_status gauge',
      server({}, AT),
      FLAVOR,
    );
    expect(ingest).toMatchObject({
      state: 'ingested',
      format: 'openstack-exporter',
      problem: null,
      counts: { read: 2, accepted: 2, unmetered: 0 },
    });
    const one = {
      project: 'p1',
      resource: 's1',
      class: 'm1.small',
      state: 'ACTIVE',
      time: AT_TIME,
    };
    expect(samples).toMatchObject([
      { ...one, meter: 'disk.root.size', unit: 'GiB', volume: '20' },
      { ...one, meter: 'instance', unit: 'instance', volume: '1' },
      { ...one, meter: 'memory', unit: 'MiB', volume: '2048' },
      { ...one, meter: 'vcpus', unit: 'vcpu', volume: '2' },
    ]);
  });

  it('are of the time at which the object was put, where no line says another', async () => {
    const { samples } = await exposed(FLAVOR, server());
    expect(new Set(samples.map(({ time }) => time))).toEqual(new Set([NOW.toISOString()]));
  });

  it('are of the time that their envelope says', async () => {
    const world = ingestWorld();
    const body = `# TYPE openstack_nova_flavor gauge\n${FLAVOR}\n${server()}\nnonsense\n`;
    const envelope = {
      region: 'west',
      source: 'openstack-exporter',
      observedAt: '2026-11-20T00:00:00Z',
      body,
    };
    const [ingest] = await world.ingest({ 'x.json': JSON.stringify(envelope) });
    expect(ingest).toMatchObject({
      format: 'openstack-exporter',
      counts: { read: 3, accepted: 2, quarantined: 1 },
    });
    const samples = await samplesOf(world);
    expect(new Set(samples.map(({ time }) => time))).toEqual(new Set(['2026-11-20T00:00:00.000Z']));
  });

  it('have the disk that Nova counts for them, where it is exposed', async () => {
    const { ingest, samples } = await exposed(
      'openstack_nova_server_local_gb{id="s1",name="web",tenant_id="p1"} 35',
      'openstack_nova_server_local_gb{id="gone",name="x",tenant_id="p1"} 99',
      FLAVOR,
      server(),
    );
    expect(samples.filter(({ meter }) => meter === 'disk.root.size')).toMatchObject([
      { resource: 's1', volume: '35' },
    ]);
    expect(ingest.counts).toMatchObject({ read: 4, accepted: 4, unmetered: 1 });
    expect(ingest.problem).toMatch(/1 openstack_nova_server_local_gb .* not metered/);
  });

  it('count as instances alone when their flavor is not told', async () => {
    const { ingest, samples } = await exposed(server({ flavor_id: 'deleted' }));
    expect(samples).toMatchObject([{ meter: 'instance', volume: '1', class: '' }]);
    expect(ingest.problem).toMatch(/1 flavors/);
  });

  it('hold nothing once they are deleted, and are known as shelved', async () => {
    const { samples } = await exposed(
      FLAVOR,
      server({ uuid: 's1', status: 'DELETED' }),
      server({ uuid: 's2', status: 'SHELVED_OFFLOADED' }),
    );
    expect(samples.filter(({ meter }) => meter === 'vcpus')).toMatchObject([
      { resource: 's1', deleted: true, shelved: false },
      { resource: 's2', deleted: false, shelved: true },
    ]);
  });

  it('are the same in whatever order the lines come', async () => {
    const lines = [
      FLAVOR,
      server({ uuid: 'a' }, AT),
      server({ uuid: 'b' }, '1794902460123'),
      'openstack_nova_server_local_gb{id="a",name="web",tenant_id="p1"} 35',
      'openstack_nova_vcpus_available{hostname="h1"} 4',
      'openstack_nova_vcpus_available{hostname="h1"} 5',
    ];
    const there = await exposed(...lines);
    const back = await exposed(...lines.toReversed());
    expect(back.samples).toEqual(there.samples);
    expect(back.snapshots).toEqual(there.snapshots);
  });

  it('are set apart alone when they name nobody, or carry a line that is none', async () => {
    const { ingest } = await exposed(
      FLAVOR,
      server({ tenant_id: '' }),
      server({ uuid: 'ok' }),
      'openstack_nova_server_status{broken 1',
      'openstack_cinder_volume_gb{id="v",tenant_id="p"} NaN',
      'openstack_nova_flavor{id="3",name="odd"} 1',
      server({ uuid: 'late' }, '2500000000000'),
    );
    expect(ingest.counts).toMatchObject({ read: 7, accepted: 2, quarantined: 5 });
    expect(ingest.reasons.map(({ code }) => code).toSorted()).toEqual([
      'flavor_without_sizes',
      'invalid_exposition',
      'not_finite',
      'project_missing',
      'timestamp_in_future',
    ]);
  });

  it('count once when the scrape is there twice', async () => {
    const { ingest } = await exposed(FLAVOR, server({}, AT), FLAVOR, server({}, AT));
    expect(ingest.counts).toMatchObject({ read: 4, accepted: 3, duplicate: 1, conflict: 0 });
  });
});

describe('volumes, images, addresses and shares that openstack-exporter exposes', () => {
  it.each([
    {
      line: 'openstack_cinder_volume_gb{id="v1",name="db",status="in-use",tenant_id="p1",user_id="u",volume_type="ssd"} 10',
      sample: { meter: 'volume.size', unit: 'GiB', volume: '10', class: 'ssd', state: 'in-use' },
    },
    {
      line: 'openstack_glance_image_bytes{id="v1",name="i",tenant_id="p1"} 4.76704768e+08',
      sample: { meter: 'image.size', unit: 'B', volume: '476704768' },
    },
    {
      line: 'openstack_neutron_floating_ip{id="v1",project_id="p1",status="DOWN"} 1',
      sample: { meter: 'ip.floating', unit: 'ip', volume: '1', state: 'DOWN' },
    },
    {
      line: 'openstack_sharev2_share_gb{id="v1",name="s",project_id="p1"} 1',
      sample: { meter: 'manila.share.size', unit: 'GiB', volume: '1' },
    },
  ])('are readings of their project: $sample.meter', async ({ line, sample }) => {
    const { samples } = await exposed(line);
    expect(samples).toMatchObject([{ project: 'p1', resource: 'v1', ...sample }]);
  });
});

describe('capacity that openstack-exporter exposes', () => {
  it('is what Placement and Nova tell of each host; available is the total', async () => {
    const { ingest, snapshots } = await exposed(
      'openstack_placement_resource_total{hostname="h1",resourcetype="VCPU"} 96',
      'openstack_placement_resource_reserved{hostname="h1",resourcetype="VCPU"} 2',
      'openstack_placement_resource_allocation_ratio{hostname="h1",resourcetype="VCPU"} 1.2000000476837158',
      'openstack_placement_resource_usage{hostname="h1",resourcetype="VCPU"} 10',
      'openstack_placement_resource_total{hostname="h1",resourcetype="CUSTOM_GPU_A100"} 8',
      'openstack_nova_vcpus_available{hostname="h1",aggregates=""} 96',
      'openstack_nova_vcpus_used{hostname="h1",aggregates=""} 9',
      'openstack_nova_memory_available_bytes{hostname="h1"} 8.589934592e+09',
      'openstack_nova_memory_used_bytes{hostname="h1"} 5.36870912e+08',
      'openstack_nova_local_storage_available_bytes{hostname="h1"} 1.103806595072e+12',
    );
    expect(ingest.counts).toMatchObject({ read: 10, accepted: 10, unmetered: 0 });
    const whole = { reserved: 0, allocationRatio: '1' };
    expect(snapshots).toEqual([
      {
        region: 'west',
        source: 'nova',
        observedAt: '2026-11-21T12:00:00Z',
        hosts: [
          {
            host: 'h1',
            inventories: {
              VCPU: { ...whole, total: 96, used: 9 },
              MEMORY_MB: { ...whole, total: 8_192, used: 512 },
              DISK_GB: { ...whole, total: 1_028, used: null },
            },
          },
        ],
      },
      {
        region: 'west',
        source: 'placement',
        observedAt: '2026-11-21T12:00:00Z',
        hosts: [
          {
            host: 'h1',
            inventories: {
              VCPU: { total: 96, reserved: 2, allocationRatio: '1.2', used: 10 },
              CUSTOM_GPU_A100: { ...whole, total: 8, used: null },
            },
          },
        ],
      },
    ]);
  });

  it('is as of the newest scrape: a host that it lacks is gone', async () => {
    const total = (host: string, value: number, time: number) =>
      `openstack_nova_vcpus_available{hostname="${host}"} ${value} ${time}`;
    const [first, second] = [1_794_902_400_000, 1_794_903_000_000];
    const { snapshots } = await exposed(
      total('h1', 4, second),
      total('h1', 2, first),
      total('gone', 8, first),
      total('slow', 6, second - 60_000),
    );
    expect(snapshots).toMatchObject([
      {
        observedAt: '2026-11-17T08:10:00Z',
        hosts: [
          { host: 'h1', inventories: { VCPU: { total: 4 } } },
          { host: 'slow', inventories: { VCPU: { total: 6 } } },
        ],
      },
    ]);
  });

  it('leaves out a host without a total, and says so', async () => {
    const { ingest, snapshots } = await exposed(
      'openstack_placement_resource_usage{hostname="h1",resourcetype="VCPU"} 10',
      'openstack_placement_resource_usage{hostname="",resourcetype="VCPU"} 10',
      'openstack_placement_resource_allocation_ratio{hostname="h1",resourcetype="VCPU"} 0',
    );
    expect(snapshots).toEqual([]);
    expect(ingest.problem).toMatch(/1 hosts are told without any total/);
    expect(ingest.reasons.map(({ code }) => code)).toEqual(['amount_out_of_range', 'host_missing']);
  });
});

describe('an exposition', () => {
  it.each(['{', '{"a":1}', '{a="b"} 1'])('with the line %s loses nothing else', async (bad) => {
    const { ingest } = await exposed(server(), FLAVOR, bad, '{', server({ id: 's2', uuid: 's2' }));
    expect(ingest).toMatchObject({
      state: 'ingested',
      counts: { read: 5, accepted: 3, quarantined: 2 },
    });
  });

  it('of whatever lines is accounted for, row by row', async () => {
    const line = fc.oneof(
      fc.constantFrom(FLAVOR, '# TYPE openstack_nova_flavor gauge', '', server(), server({}, AT)),
      fc.constantFrom(
        '{',
        'openstack_nova_server_local_gb{id="s1"} 3',
        'openstack_placement_resource_total{hostname="h"} 3',
        'openstack_placement_resource_total{hostname="h",resourcetype="VCPU"} -3',
        'openstack_cinder_volume_gb{id="v1",tenant_id="p"} 1e999',
        'openstack_cinder_volume_gb{id="v1",tenant_id="p"} 2.5 1794902400',
      ),
      fc.string({ maxLength: 40 }).map((text) => text.replaceAll(/[\r\n]/g, ' ')),
      fc
        .string({ maxLength: 9 })
        .map((text) => `openstack_x{a="${text.replaceAll(/[\r\n]/g, '')}"} 1`),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (lines) => {
        const { ingest } = await exposed(
          'openstack_cinder_volume_gb{id="v",tenant_id="p"} 1',
          ...lines,
        );
        const rows = lines.filter(
          (text) => text.trim() !== '' && !text.trimStart().startsWith('#'),
        );
        expect(ingest.counts.read).toBe(rows.length + 1);
        expect(told(ingest)).toBe(ingest.counts.read);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    {
      name: 'nothing that is usage or capacity',
      lines: ['openstack_neutron_networks 2', FLAVOR],
      problem: /None of the 2 series/,
    },
    {
      name: 'series of another exporter',
      lines: ['# HELP node_cpu_seconds_total x', 'node_cpu_seconds_total{cpu="0"} 1'],
      problem: /\/metrics of openstack-exporter/,
    },
    {
      name: 'another region',
      lines: [
        JSON.stringify({
          region: 'east',
          source: 'openstack-exporter',
          observedAt: '2026-11-20T00:00:00Z',
          body: FLAVOR,
        }),
      ],
      problem: /"east"/,
    },
  ])('of $name is refused as a whole', async ({ lines, problem }) => {
    const { ingest } = await exposed(...lines);
    expect(ingest.state).toBe('refused');
    expect(ingest.problem).toMatch(problem);
  });

  it('counts what the Go runtime says before, and other services, as unmetered', async () => {
    const { ingest } = await exposed(
      '# HELP go_goroutines Number of goroutines.',
      'go_goroutines 8',
      'openstack_neutron_up 1',
      FLAVOR,
      server(),
    );
    expect(ingest).toMatchObject({
      state: 'ingested',
      counts: { read: 4, accepted: 4, unmetered: 2 },
    });
  });
});
