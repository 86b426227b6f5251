import { describe, expect, it } from 'vitest';
import { ingestWorld, WEST } from './ingest-world.ts';
import { HYPERVISOR, nova, snapshots } from './told-capacity.ts';

describe('capacity that Nova tells', () => {
  it('takes the show of each hypervisor', async () => {
    const { latest } = await snapshots(
      nova({ hypervisor: HYPERVISOR }),
      nova({ hypervisor: { ...HYPERVISOR, hypervisor_hostname: 'host1', id: 'uuid' } }),
    );
    expect(latest[0]?.hosts.map(({ host }) => host)).toEqual(['host1', 'host2']);
  });

  it("has Nova's aggregates and flavors as snapshots of their own: no host is gone by them", async () => {
    const world = ingestWorld();
    const detail = {
      name: 'g1',
      vcpus: 4,
      ram: 8_192,
      disk: 20,
      'OS-FLV-EXT-DATA:ephemeral': 10,
      swap: 1_025,
      extra_specs: {
        'resources:CUSTOM_GPU': '1',
        'resources:VCPU': '4',
        'hw:cpu_policy': 'dedicated',
        'trait:CUSTOM_SSD': 'required',
        'trait:CUSTOM_HDD': 'forbidden',
      },
    };
    const aggregate = { id: 1, name: 'ssd', availability_zone: 'az1', hosts: ['host2'] };
    const hosts = nova({ hypervisors: [HYPERVISOR] });
    const lists = [
      nova({ aggregates: [aggregate, { ...aggregate, name: 'plain', availability_zone: null }] }),
      nova({ flavors: [{ ...detail, swap: '' }] }),
      nova({ flavors: [{ ...detail, name: 'g2' }] }),
      nova([{ Name: 'm1.tiny', VCPUs: 1, RAM: 512, Disk: 0, Ephemeral: 0, 'Is Public': true }]),
    ];
    await world.ingest({ hosts: JSON.stringify(hosts) });
    await world.ingest({ lists: lists.map((row) => JSON.stringify(row)).join('\n') });
    const latest = await world.ports.capacity.latest(WEST);
    expect(latest.map(({ source, hosts: own }) => [source, own.length])).toEqual([
      ['nova', 1],
      ['nova-aggregates', 0],
      ['nova-flavors', 0],
    ]);
    expect(latest[1]?.aggregates).toEqual([
      { name: 'ssd', zone: 'az1', hosts: ['host2'] },
      { name: 'plain', zone: null, hosts: ['host2'] },
    ]);
    const gpu = {
      vcpus: 4,
      ramMib: 8_192,
      dedicatedCpus: true,
      resources: { CUSTOM_GPU: 1 },
      traits: ['CUSTOM_SSD'],
    };
    expect(latest[2]?.flavors).toEqual([
      { name: 'g1', diskGib: 30, ...gpu },
      { name: 'g2', diskGib: 32, ...gpu },
      { name: 'm1.tiny', vcpus: 1, ramMib: 512, diskGib: 0 },
    ]);
  });

  it.each([
    { body: { flavors: [{ id: '1', name: 'm1.tiny', links: [] }] }, problem: /flavors\/detail/ },
    { body: { aggregates: [{ name: 'ssd' }] }, problem: /os-aggregates/ },
  ])('is refused where a list of Nova tells too little: $problem', async ({ body, problem }) => {
    const world = ingestWorld();
    const [ingest] = await world.ingest({ x: JSON.stringify(nova(body)) });
    expect(ingest).toMatchObject({ state: 'refused', problem: expect.stringMatching(problem) });
  });
});
