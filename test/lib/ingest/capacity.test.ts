import { describe, expect, it } from 'vitest';
import { ratioText } from '../../../lib/ingest/placement-hosts.ts';
import { ingestWorld, WEST } from './ingest-world.ts';

const OBSERVED = '2026-11-21T10:00:00Z';

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

function nova(body: unknown, changes: Readonly<Record<string, unknown>> = {}) {
  return { region: 'west', source: 'nova', observedAt: OBSERVED, body, ...changes };
}

const HYPERVISOR = {
  hypervisor_hostname: 'host2',
  vcpus: 2,
  vcpus_used: 0,
  memory_mb: 8_192,
  memory_mb_used: 512,
  local_gb: 1_028,
  local_gb_used: 0,
  cpu_info: '{}',
};

async function snapshots(...rows: readonly unknown[]) {
  const world = ingestWorld();
  const [ingest] = await world.ingest({ x: rows.map((row) => JSON.stringify(row)).join('\n') });
  return { ingest, latest: await world.ports.capacity.latest(WEST) };
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
              VCPU: { total: 4, reserved: 0, allocationRatio: '16', used: 1 },
              MEMORY_MB: { total: 5_825, reserved: 512, allocationRatio: '1.5', used: 512 },
            },
          },
          {
            host: 'h2',
            inventories: {
              VCPU: { total: 4, reserved: 0, allocationRatio: '16', used: null },
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
      problem: /resourceProvider/,
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
    { name: 'a bare inventory', row: INVENTORIES, problem: /does not name its resource provider/ },
    { name: 'a bare list', row: { hypervisors: [HYPERVISOR] }, problem: /Wrap it/ },
  ])('is refused as a whole for $name', async ({ row, problem }) => {
    const { ingest, latest } = await snapshots(row);
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
  ])('has the ratio that was configured: $ratio is $text', ({ ratio, text }) => {
    expect(ratioText(ratio)).toBe(text);
  });
});
