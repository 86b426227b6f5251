import { describe, expect, it } from 'vitest';
import { HYPERVISOR, nova, OBSERVED, snapshots } from './told-capacity.ts';

function placement(host: string, body: unknown, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    region: 'west',
    source: 'placement',
    resourceProvider: host,
    observedAt: OBSERVED,
    body,
    ...changes,
  };
}

const INVENTORIES = {
  inventories: {
    VCPU: { allocation_ratio: 16.0, max_unit: 4, min_unit: 1, reserved: 0, step_size: 1, total: 4 },
    MEMORY_MB: { allocation_ratio: 1.5, reserved: 512, total: 5_825 },
  },
  resource_provider_generation: 7,
};
const USAGES = { resource_provider_generation: 1, usages: { DISK_GB: 1, MEMORY_MB: 512, VCPU: 1 } };

function asked(of: Readonly<Record<string, string>>, body: unknown) {
  return { region: 'west', source: 'placement', observedAt: OBSERVED, body, ...of };
}

describe('capacity', () => {
  it('is what Placement tells of each host, inventories and usages together', async () => {
    const { ingest, latest } = await snapshots(
      placement('h2', INVENTORIES),
      placement('h1', USAGES),
      placement('h1', INVENTORIES, { observedAt: '2026-11-21T10:00:05Z' }),
    );
    expect(ingest).toMatchObject({
      state: 'ingested',
      format: 'placement',
      counts: { read: 3, accepted: 3 },
    });
    expect(latest).toEqual([
      {
        region: 'west',
        source: 'placement',
        observedAt: '2026-11-21T10:00:05Z',
        hosts: [
          {
            host: 'h1',
            inventories: {
              VCPU: { total: 4, reserved: 0, allocationRatio: '16', used: 1, maxUnit: 4 },
              MEMORY_MB: { total: 5_825, reserved: 512, allocationRatio: '1.5', used: 512 },
            },
          },
          {
            host: 'h2',
            inventories: {
              VCPU: { total: 4, reserved: 0, allocationRatio: '16', used: null, maxUnit: 4 },
              MEMORY_MB: { total: 5_825, reserved: 512, allocationRatio: '1.5', used: null },
            },
          },
        ],
      },
    ]);
  });

  it.each([
    { name: 'os-hypervisors/detail', body: { hypervisors: [HYPERVISOR] }, disk: true },
    {
      name: 'openstack hypervisor list --long',
      body: [
        {
          ID: '1',
          'Hypervisor Hostname': 'host2',
          'Hypervisor Type': 'fake',
          'Host IP': '1.1.1.1',
          State: 'up',
          'vCPUs Used': 0,
          vCPUs: 2,
          'Memory MB Used': 512,
          'Memory MB': 8_192,
        },
      ],
      disk: false,
    },
  ])('is what Nova tells in $name', async ({ body, disk }) => {
    const { ingest, latest } = await snapshots(nova(body));
    expect(ingest).toMatchObject({ state: 'ingested', format: 'nova', problem: null });
    expect(latest[0]?.hosts).toEqual([
      {
        host: 'host2',
        inventories: {
          VCPU: { total: 2, reserved: 0, allocationRatio: '1', used: 0 },
          MEMORY_MB: { total: 8_192, reserved: 0, allocationRatio: '1', used: 512 },
          ...(disk
            ? { DISK_GB: { total: 1_028, reserved: 0, allocationRatio: '1', used: 0 } }
            : {}),
        },
      },
    ]);
  });

  it('warns of a page that names a next one', async () => {
    const links = [{ href: 'http://x/?marker=1', rel: 'next' }];
    const { ingest } = await snapshots(
      nova({ hypervisors: [HYPERVISOR], hypervisors_links: links }),
    );
    expect(ingest).toMatchObject({
      state: 'ingested',
      problem: expect.stringMatching(/next page/),
    });
  });

  it.each([
    {
      name: 'hypervisors of 2.88',
      row: nova({ hypervisors: [{ hypervisor_hostname: 'h', uptime: null }] }),
      problem: /2\.87.*Placement/,
    },
    {
      name: 'usages without inventories',
      row: placement('h1', USAGES),
      problem: /without its inventories/,
    },
    {
      name: 'usages of a project',
      row: placement('h1', { usages: { server: { VCPU: 1, consumer_count: 1 } } }),
      problem: /Usages of a project/,
    },
    {
      name: 'no resource provider',
      row: placement('h1', INVENTORIES, { resourceProvider: undefined }),
      problem: /With "resourceProvider"/,
    },
    {
      name: 'no time',
      row: placement('h1', INVENTORIES, { observedAt: 'now' }),
      problem: /observedAt/,
    },
    {
      name: 'another region',
      row: placement('h1', INVENTORIES, { region: 'east' }),
      problem: /"east"/,
    },
    {
      name: 'a negative total',
      row: placement('h1', { inventories: { VCPU: { total: -1 } } }),
      problem: /no answer of Placement/,
    },
    {
      name: 'a project twice',
      row: asked({ project: 'p' }, { usages: { VCPU: 1 } }),
      twice: true,
      problem: /project "p" at line 2/,
    },
    {
      name: 'a consumer twice',
      row: asked({ consumer: 'c' }, { allocations: { h: { resources: {} } } }),
      twice: true,
      problem: /consumer "c" at line 2/,
    },
    {
      name: 'allocations of nobody',
      row: asked({}, { allocations: {} }),
      problem: /With "consumer"/,
    },
    {
      name: 'statistics of all hypervisors',
      row: nova({ hypervisor_statistics: { vcpus: 2 } }),
      problem: /sums all hypervisors/,
    },
    { name: 'bare statistics', row: { hypervisor_statistics: { vcpus: 2 } }, problem: /Wrap them/ },
    {
      name: 'a bare inventory',
      row: INVENTORIES,
      problem: /does not say of what it is.*Wrap each/,
    },
    {
      name: 'one inventory',
      row: { total: 4, resource_provider_generation: 9 },
      problem: /\/inventories/,
    },
    {
      name: 'one provider',
      row: { uuid: 'u', name: 'n', parent_provider_uuid: null },
      problem: /GET \/resource_providers/,
    },
    { name: 'bare providers', row: { resource_providers: [] }, problem: /Wrap each/ },
    { name: 'bare allocations', row: { allocations: {}, project_id: 'p' }, problem: /Wrap each/ },
    {
      name: 'allocations as they are posted',
      row: { c1: { allocations: {}, project_id: 'p' } },
      problem: /Wrap each/,
    },
    { name: 'a bare list', row: { hypervisors: [HYPERVISOR] }, problem: /Wrap it/ },
    { name: 'a bare hypervisor', row: { hypervisor: HYPERVISOR }, problem: /Wrap it/ },
  ])('is refused as a whole for $name', async ({ row, problem, twice = false }) => {
    const { ingest, latest } = await snapshots(row, ...(twice ? [row] : []));
    expect(ingest).toMatchObject({ state: 'refused' });
    expect(ingest?.problem).toMatch(problem);
    expect(latest).toEqual([]);
  });

  it('is refused as a whole where one host of it cannot be read: the host would count as gone', async () => {
    const { ingest, latest } = await snapshots(
      placement('h1', INVENTORIES),
      placement('h2', { inventories: { VCPU: { total: 'x' } } }),
    );
    expect(ingest).toMatchObject({ state: 'refused', problem: expect.stringMatching(/line 2/) });
    expect(latest).toEqual([]);
  });

  it('is refused where a host is told twice', async () => {
    const { ingest } = await snapshots(placement('h1', INVENTORIES), placement('h1', INVENTORIES));
    expect(ingest?.problem).toMatch(/"h1" at line 2 is in the snapshot already/);
  });

  it.each([
    { ratio: 16, text: '16' },
    { ratio: 1.5, text: '1.5' },
    { ratio: 1.2000000476837158, text: '1.2' },
    { ratio: 0.10000000149011612, text: '0.1' },
    { ratio: 1.2, text: '1.2' },
    { ratio: 3.3333333, text: '3.3333333' },
  ])('has the ratio that was configured: $ratio is $text', async ({ ratio, text }) => {
    const { latest } = await snapshots(
      placement('h1', { inventories: { VCPU: { total: 4, allocation_ratio: ratio } } }),
    );
    expect(latest[0]?.hosts[0]?.inventories['VCPU']?.allocationRatio).toBe(text);
  });

  it('keeps every resource class, custom ones too', async () => {
    const { latest } = await snapshots(
      placement('h1', {
        inventories: { CUSTOM_GPU_A100: { total: 8 }, VGPU: { total: 16, reserved: 2 } },
      }),
      placement('h1', { usages: { CUSTOM_GPU_A100: 3 } }),
    );
    expect(latest[0]?.hosts[0]?.inventories).toEqual({
      CUSTOM_GPU_A100: { total: 8, reserved: 0, allocationRatio: '1', used: 3 },
      VGPU: { total: 16, reserved: 2, allocationRatio: '1', used: null },
    });
  });

  it.each([
    {
      name: 'allocations of the provider',
      rows: [
        placement('h1', {
          allocations: {
            c1: { resources: { VCPU: 1, MEMORY_MB: 256 } },
            c2: { resources: { VCPU: 2 } },
          },
        }),
      ],
    },
    {
      name: 'allocations of consumers',
      rows: [
        asked({ consumer: 'c1' }, { allocations: { h1: { resources: { VCPU: 1 } } } }),
        asked(
          { consumer: 'c2' },
          { allocations: { h1: { generation: 2, resources: { VCPU: 2, MEMORY_MB: 256 } } } },
        ),
      ],
    },
    {
      name: 'allocations of consumers before 1.12',
      rows: [
        asked(
          { consumer: 'c1' },
          {
            allocations: [
              { resource_provider: { uuid: 'h1' }, resources: { VCPU: 3, MEMORY_MB: 256 } },
            ],
          },
        ),
      ],
    },
  ])('adds up what is used from $name', async ({ rows }) => {
    const { ingest, latest } = await snapshots(placement('h1', INVENTORIES), ...rows);
    expect(ingest?.counts).toMatchObject({ read: rows.length + 1, accepted: rows.length + 1 });
    expect(latest[0]?.hosts[0]?.inventories).toMatchObject({
      VCPU: { used: 3 },
      MEMORY_MB: { used: 256 },
    });
  });

  it('believes the usages of Placement before what allocations add up to', async () => {
    const { latest } = await snapshots(
      placement('h1', { allocations: { c1: { resources: { VCPU: 9 } } } }),
      placement('h1', INVENTORIES),
      placement('h1', USAGES),
    );
    expect(latest[0]?.hosts[0]?.inventories['VCPU']?.used).toBe(1);
  });

  it('names hosts as the list of providers does, and counts what is nested in them', async () => {
    const provider = (uuid: string, name: string, root = uuid) => ({
      uuid,
      name,
      root_provider_uuid: root,
      parent_provider_uuid: root === uuid ? null : root,
    });
    const rows = [
      placement('u-gpu', { inventories: { VGPU: { total: 4 }, VCPU: { total: 1 } } }),
      placement('u-odd', { inventories: { VCPU: { total: 2, allocation_ratio: 3 } } }),
      placement('u1', { inventories: { VCPU: { total: 8 } } }),
      placement('compute-1', { usages: { VCPU: 5 } }),
      placement('elsewhere', { inventories: { DISK_GB: { total: 9 } } }),
      asked(
        {},
        {
          resource_providers: [
            provider('u1', 'compute-1'),
            provider('u-gpu', 'compute-1-gpu', 'u1'),
            provider('u-odd', 'compute-1-odd', 'u1'),
          ],
        },
      ),
    ];
    for (const order of [rows, rows.toReversed()]) {
      const { latest } = await snapshots(...order);
      expect(latest[0]?.hosts).toMatchObject([
        {
          host: 'compute-1',
          inventories: { VCPU: { total: 9, used: null }, VGPU: { total: 4 } },
        },
        { host: 'compute-1-odd', inventories: { VCPU: { total: 2, allocationRatio: '3' } } },
        { host: 'elsewhere' },
      ]);
    }
  });

  it('keeps what one allocation may ask for where that rules anything out, and the traits of a host', async () => {
    const units = { min_unit: 1, max_unit: 8, step_size: 2 };
    const { latest } = await snapshots(
      placement('h1', { inventories: { PCPU: { total: 16, ...units } } }),
      placement('h1', {
        traits: ['HW_CPU_X86_AVX2', 'CUSTOM_SSD'],
        resource_provider_generation: 1,
      }),
    );
    expect(latest[0]?.hosts).toEqual([
      {
        host: 'h1',
        inventories: {
          PCPU: {
            total: 16,
            reserved: 0,
            allocationRatio: '1',
            used: null,
            maxUnit: 8,
            stepSize: 2,
          },
        },
        traits: ['CUSTOM_SSD', 'HW_CPU_X86_AVX2'],
      },
    ]);
  });
});
