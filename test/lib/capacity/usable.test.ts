import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CapacitySettings, type HostChange } from '../../../lib/capacity/capacity-settings.ts';
import { capacityView } from '../../../lib/capacity/capacity-view.ts';
import type { Host } from '../../../lib/capacity/hosts.ts';
import { hostsAway, reserveRule } from '../../../lib/capacity/reserve.ts';
import { capacityPlan, meanHostSize, usableOn, usableSteps } from '../../../lib/capacity/usable.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import type { CapacitySnapshot } from '../../../lib/ports/capacity-store.ts';

const host = (name: string, cores: number, more: Partial<Host> = {}): Host => ({
  name,
  amounts: {
    VCPU: { capacity: cores, used: 0, physical: cores / 4 },
    MEMORY_MB: { capacity: cores * 1_024, used: 0, physical: cores * 1_024 },
  },
  ...more,
});

const planOf = (hosts: readonly Host[], settings: CapacitySettings = {}) => ({
  hosts,
  observedOn: '2026-11-20',
  settings: CapacitySettings.parse(settings),
  flavors: [],
});

const coresOn = (hosts: readonly Host[], settings: CapacitySettings, day = '2026-11-20') =>
  usableOn(planOf(hosts, settings), 'VCPU', day).usable;

describe('hosts kept for failures', () => {
  /** P(Bin(n, p) > k) from the definition. */
  const above = (n: number, p: number, k: number) => {
    const choose = (j: number): number => (j === 0 ? 1 : (choose(j - 1) * (n - j + 1)) / j);
    let sum = 0;
    for (let j = k + 1; j <= n; j += 1) sum += choose(j) * p ** j * (1 - p) ** (n - j);
    return sum;
  };

  it('are the fewest of which more are away with a probability of at most alpha', () => {
    const [n, p] = [
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0.001, max: 0.4, noNaN: true }),
    ];
    fc.assert(
      fc.property(n, p, fc.constantFrom(0.1, 0.01, 0.001), (hosts, probability, alpha) => {
        const k = hostsAway(hosts, probability, alpha);
        expect(above(hosts, probability, k)).toBeLessThanOrEqual(alpha + 1e-9);
        if (k > 0) expect(above(hosts, probability, k - 1)).toBeGreaterThan(alpha - 1e-9);
      }),
    );
  });

  it.each([
    { hosts: 20, expected: 2 },
    { hosts: 100, expected: 4 },
    { hosts: 1_000, expected: 18 },
    { hosts: 100_000, expected: 1_074 },
  ])('are $expected of $hosts that are away 1 % of the time', ({ hosts, expected }) => {
    expect(hostsAway(hosts, 0.01, 0.01)).toBe(expected);
  });

  it('take failures, repairs and maintenance together, and never fewer than the least', () => {
    const unavailable = { failuresPerHostYear: 0.5, repairDays: 3.65, maintenanceShare: 0.005 };
    expect(reserveRule({ reserve: { unavailable } })(1_000)).toBe(18);
    expect(reserveRule({ reserve: { unavailable, hostsMin: 30 } })(1_000)).toBe(30);
    expect(reserveRule({ reserve: { unavailable, share: 0.05 } })(1_000)).toBe(50);
    expect(reserveRule({ reserve: { share: 0.1, hostsMin: 2 } })(10)).toBe(2);
    expect(reserveRule({ reserveHosts: 3, reserve: { share: 0.5 } })(10)).toBe(3);
  });
});

describe('usable capacity', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 64 }), { minLength: 1, maxLength: 120 });
  const settings = fc.constantFrom<CapacitySettings>(
    {},
    { reserve: { hostsMin: 0, share: 0.05 } },
    { reserve: { unavailable: { failuresPerHostYear: 4, repairDays: 5 } } },
    { reserveHosts: 2 },
  );

  it('never falls when a host is added, however small, or grows', () => {
    fc.assert(
      fc.property(sizes, settings, fc.integer({ min: 0, max: 64 }), (all, own, added) => {
        const hosts = all.map((size, index) => host(`h${index}`, size));
        const before = coresOn(hosts, own);
        expect(coresOn([...hosts, host('new', added)], own)).toBeGreaterThanOrEqual(before);
        const [first, ...rest] = hosts;
        const grown = host('h0', (first?.amounts.VCPU?.capacity ?? 0) + added);
        expect(coresOn([grown, ...rest], own)).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  it('of 51 hosts is not less than of 50, though one more is kept', () => {
    const fifty = Array.from({ length: 50 }, (_, index) => host(`h${index}`, 64));
    expect(coresOn(fifty, {})).toBe(49 * 64);
    expect(coresOn([...fifty, host('tiny', 1)], {})).toBe(49 * 64);
    expect(coresOn([...fifty, host('same', 64)], {})).toBe(49 * 64);
  });

  it('keeps a reserve in each zone, or in each aggregate', () => {
    const hosts = ['a', 'a', 'b', 'b'].map((zone, index) =>
      host(`h${index}`, 32, { zone, aggregates: [index === 0 ? 'ssd' : 'plain'] }),
    );
    expect(coresOn(hosts, {})).toBe(96);
    expect(coresOn(hosts, { reserve: { per: 'zone' } })).toBe(64);
    expect(coresOn(hosts, { reserve: { per: 'aggregate' } })).toBe(64);
  });

  it('leaves room for one more of the largest flavor: any use of what is usable does', () => {
    const wanted = { name: 'xl', vcpus: 8, ramMib: 1_024, diskGib: 0, origin: 'settings' } as const;
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 2, maxLength: 8 }), (all) => {
        const plan = {
          ...planOf(all.map((size, index) => host(`h${index}`, size))),
          settings: { reserveHosts: 0, reserve: { roomForFlavor: 'xl' } },
          flavors: [wanted],
        };
        const { usable, fragmentation, claimable } = usableOn(plan, 'VCPU', '2026-11-20');
        expect(usable + fragmentation).toBe(claimable);
        // The worst spread: each host has 7 cores free at most. One core less in use, and one has 8.
        const tooSmall = all.reduce((sum, size) => sum + Math.min(size, 7), 0);
        expect(claimable - tooSmall).toBe(usable);
      }),
    );
  });

  it('keeps nothing of shared storage, which is no host', () => {
    const pool: Host = { name: 'ceph', amounts: { DISK_GB: { capacity: 9_000, used: 1_000 } } };
    const plan = planOf([host('h1', 32), pool]);
    expect(usableOn(plan, 'DISK_GB', '2026-11-20')).toMatchObject({ usable: 9_000, reserve: 0 });
    expect(usableOn(plan, 'VCPU', '2026-11-20')).toMatchObject({ usable: 0, reserve: 32 });
  });
});

describe('planned changes of hosts', () => {
  const hosts = ['h1', 'h2', 'h3'].map((name) => host(name, 32));
  const with_ = (...changes: HostChange[]): CapacitySettings => ({ reserveHosts: 0, changes });

  it.each<{ name: string; change: HostChange; on: Record<string, number> }>([
    {
      name: 'an addition like a host counts from its day on',
      change: { kind: 'add', from: '2026-12-01', count: 2, like: 'h1' },
      on: { '2026-11-30': 96, '2026-12-01': 160 },
    },
    {
      name: 'an addition whose day the snapshot has reached is in the snapshot',
      change: { kind: 'add', from: '2026-11-20', count: 2, like: 'h1' },
      on: { '2026-11-20': 96, '2027-01-01': 96 },
    },
    {
      name: 'an addition tells its own inventories',
      change: {
        kind: 'add',
        from: '2026-12-01',
        count: 1,
        inventories: { VCPU: { total: 10, reserved: 2, allocationRatio: '1.5' } },
      },
      on: { '2026-12-01': 108 },
    },
    {
      name: 'an addition like a host that nobody knows promises nothing',
      change: { kind: 'add', from: '2026-12-01', count: 2, like: 'h9' },
      on: { '2026-12-01': 96 },
    },
    {
      name: 'a retirement counts from its day on, and to the day on which they are back',
      change: { kind: 'retire', from: '2026-12-01', until: '2026-12-05', hosts: ['h1', 'h2'] },
      on: { '2026-11-30': 96, '2026-12-01': 32, '2026-12-04': 32, '2026-12-05': 96 },
    },
    {
      name: 'a drain keeps so many of the largest empty while it lasts',
      change: { kind: 'drain', from: '2026-12-01', until: '2026-12-05', hosts: 1 },
      on: { '2026-11-30': 96, '2026-12-01': 64, '2026-12-05': 96 },
    },
    {
      name: 'another allocation ratio holds for all hosts from its day on',
      change: { kind: 'ratio', from: '2026-12-01', resourceClass: 'VCPU', ratio: '6.0' },
      on: { '2026-11-30': 96, '2026-12-01': 144 },
    },
  ])('$name', ({ change, on }) => {
    const usable = Object.keys(on).map((day) => [day, coresOn(hosts, with_(change), day)]);
    expect(Object.fromEntries(usable)).toEqual(on);
  });

  it('are told as steps from the day of the snapshot on', () => {
    const changes: HostChange[] = [
      { kind: 'add', from: '2026-12-01', count: 1, like: 'h1' },
      { kind: 'drain', from: '2026-11-01', until: '2026-11-25', hosts: 1 },
    ];
    const plan = planOf(hosts, { reserveHosts: 0, changes });
    expect(usableSteps(plan, 'cores')).toEqual([
      { from: '2026-11-20', usable: 64 },
      { from: '2026-11-25', usable: 96 },
      { from: '2026-12-01', usable: 128 },
    ]);
    expect(meanHostSize(plan, 'ram')).toBe(32);
  });

  it('are refused where they say nothing, or end before they begin', () => {
    const faulty = [
      { kind: 'add', from: '2026-12-01', count: 1 },
      { kind: 'drain', from: '2026-12-01', until: '2026-12-01', hosts: 1 },
      { kind: 'ratio', from: '2026-12-01', resourceClass: 'VCPU', ratio: '0' },
      { kind: 'retire', from: '2026-02-30', hosts: ['h1'] },
    ];
    for (const change of faulty) {
      expect(CapacitySettings.safeParse({ changes: [change] }).success).toBe(false);
    }
  });
});

describe('the capacity of a region with zones', () => {
  const inventory = (total: number) => ({ total, reserved: 0, allocationRatio: '1', used: 1 });
  const region = parseRegion('west');
  const at = { region, observedAt: '2026-11-20T05:00:00Z' };
  const gpus = { CUSTOM_GPU: inventory(2), PCPU: inventory(8), DISK_GB: inventory(100) };
  const snapshots: CapacitySnapshot[] = [
    {
      ...at,
      source: 'placement',
      hosts: ['h1', 'h2', 'h3', 'h4'].map((name, index) => ({
        host: name,
        inventories: {
          VCPU: inventory(32),
          MEMORY_MB: inventory(65_536),
          ...(index < 2 ? gpus : {}),
        },
      })),
    },
    {
      ...at,
      source: 'nova-aggregates',
      hosts: [],
      aggregates: [
        { name: 'az-a', zone: 'a', hosts: ['h1', 'h2'] },
        { name: 'az-b', zone: 'b', hosts: ['h3', 'h4'] },
        { name: 'gpu', zone: null, hosts: ['h1', 'h2'] },
      ],
    },
  ];

  it('tells each zone and aggregate, pinned CPUs, disk and custom resource classes', () => {
    const settings: CapacitySettings = { reserve: { per: 'zone' } };
    const view = capacityView('west', snapshots, settings);
    expect(view).toMatchObject({
      hosts: 4,
      reserveHosts: 2,
      cores: { usable: 64, used: 4 },
      dedicatedCores: { unit: 'cores', total: 16, usable: 8 },
      disk: { unit: 'GiB', total: 200, usable: 100 },
      custom: [{ resourceClass: 'CUSTOM_GPU', unit: 'units', total: 4, usable: 2, used: 2 }],
    });
    expect(view?.zones.map(({ name, hosts, cores }) => [name, hosts, cores?.usable])).toEqual([
      ['a', 2, 32],
      ['b', 2, 32],
    ]);
    expect(view?.zones[1]?.custom).toEqual([]);
    expect(view?.aggregates.map(({ name }) => name)).toEqual(['az-a', 'az-b', 'gpu']);
  });

  it('counts shared and pinned CPUs together as cores, which is how demand is counted', () => {
    const plan = capacityPlan(snapshots, {});
    expect(plan && usableSteps(plan, 'cores')).toEqual([{ from: '2026-11-20', usable: 96 + 8 }]);
  });
});
