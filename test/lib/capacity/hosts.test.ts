import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllocationRatio } from '../../../lib/capacity/allocation-ratio.ts';
import { fitFlavor } from '../../../lib/capacity/fit.ts';
import type { Flavor } from '../../../lib/capacity/flavors.ts';
import { claimable, type Host, mergeHosts } from '../../../lib/capacity/hosts.ts';
import { reserveRule } from '../../../lib/capacity/reserve.ts';
import { resourceTotals } from '../../../lib/capacity/resource-totals.ts';
import { toText } from '../../../lib/decimal/decimal.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import type { CapacitySnapshot, HostInventory } from '../../../lib/ports/capacity-store.ts';

const inventory = (total: number, rest: Partial<HostInventory> = {}): HostInventory => ({
  total,
  reserved: 0,
  allocationRatio: '1.0',
  used: 0,
  ...rest,
});

const snapshot = (
  source: string,
  observedAt: string,
  hosts: Record<string, Record<string, HostInventory>>,
): CapacitySnapshot => ({
  region: parseRegion('west'),
  source,
  observedAt,
  hosts: Object.entries(hosts).map(([host, inventories]) => ({ host, inventories })),
});

const host = (
  name: string,
  cores: [number, number | null],
  ram: [number, number | null],
): Host => ({
  name,
  amounts: {
    VCPU: { capacity: cores[0], used: cores[1] },
    MEMORY_MB: { capacity: ram[0], used: ram[1] },
  },
});

describe('an allocation ratio', () => {
  it.each([
    { text: '16.0', meant: '16' },
    { text: '1.5', meant: '1.5' },
    { text: '1.2000000476837158', meant: '1.2' },
    { text: '0.8999999761581421', meant: '0.9' },
    { text: '1.2000000476837159', meant: '1.2' },
    { text: '1.23456789012345678', meant: '1.23456789012345678' },
    { text: '1e1', meant: '10' },
  ])('$text is meant as $meant', ({ text, meant }) => {
    expect(toText(parseAllocationRatio(text))).toBe(meant);
  });

  it.each(['0', '-1', 'four', ''])('refuses "%s" and says what to give', (text) => {
    expect(() => parseAllocationRatio(text)).toThrow('above 0');
  });
});

describe('what instances may claim of a host', () => {
  it.each([
    { total: 4, reserved: 0, allocationRatio: '16.0', expected: 64 },
    { total: 5_825, reserved: 512, allocationRatio: '1.5', expected: 7_969 },
    { total: 10, reserved: 0, allocationRatio: '0.8999999761581421', expected: 9 },
    // 0.1 x 3 is 0.30000000000000004 in floating point: exact decimals floor right.
    { total: 30, reserved: 0, allocationRatio: '0.1', expected: 3 },
    { total: 29, reserved: 0, allocationRatio: '1.1', expected: 31 },
    { total: 2, reserved: 5, allocationRatio: '4', expected: 0 },
  ])('($total - $reserved) x $allocationRatio is $expected', ({ expected, ...amounts }) => {
    expect(claimable(amounts)).toBe(expected);
  });
});

describe('hosts of several sources', () => {
  it('believe placement over nova, and fill in what it does not tell', () => {
    const hosts = mergeHosts([
      snapshot('nova', '2026-11-20T00:00:00Z', {
        h1: { VCPU: inventory(8, { used: 3 }), DISK_GB: inventory(100, { used: 7 }) },
      }),
      snapshot('placement', '2026-11-19T00:00:00Z', {
        h1: { VCPU: inventory(8, { allocationRatio: '4.0', used: null }) },
      }),
    ]);
    expect(hosts).toEqual([
      {
        name: 'h1',
        amounts: {
          VCPU: { capacity: 32, used: 3, physical: 8 },
          DISK_GB: { capacity: 100, used: 7, physical: 100 },
        },
      },
    ]);
  });

  it('count a host that only nova knows when nova saw it later, else it is gone', () => {
    const placement = snapshot('placement', '2026-11-19T00:00:00Z', { h1: { VCPU: inventory(8) } });
    const nova = (observedAt: string) =>
      snapshot('nova', observedAt, { h1: { VCPU: inventory(8) }, h2: { VCPU: inventory(8) } });
    const names = (at: string) => mergeHosts([nova(at), placement]).map((one) => one.name);
    expect(names('2026-11-20T00:00:00Z')).toEqual(['h1', 'h2']);
    expect(names('2026-11-18T00:00:00Z')).toEqual(['h1']);
  });

  it('are in the aggregates that name them short or in full, where that is of one host alone', () => {
    const at = '2026-11-20T00:00:00Z';
    const own = { VCPU: inventory(8) };
    const placement = snapshot('placement', at, {
      'h1.a.org': own,
      'h2.a.org': own,
      'h2.b.org': own,
      h3: own,
    });
    const hosts = ['h1', 'h2', 'h3.a.org', '10.0.0.1'];
    const aggregates = [{ name: 'ssd', zone: 'az', hosts }];
    const lists = { ...snapshot('nova-aggregates', at, {}), aggregates };
    const zones = mergeHosts([placement, lists]).map(({ name, zone }) => [name, zone]);
    expect(zones).toEqual([
      ['h1.a.org', 'az'],
      ['h2.a.org', undefined],
      ['h2.b.org', undefined],
      ['h3', 'az'],
    ]);
  });

  it('are the same in any order', () => {
    const a = snapshot('a', '2026-11-20T00:00:00Z', { h1: { VCPU: inventory(8) } });
    const b = snapshot('b', '2026-11-20T01:00:00Z', { h2: { VCPU: inventory(4) } });
    expect(mergeHosts([a, b])).toEqual(mergeHosts([b, a]));
  });
});

const keeping = (reserve: number) => ({ rules: { reserveHosts: () => reserve } });
const none = () => 0;

describe('usable capacity', () => {
  const hosts = [
    host('h1', [32, 10], [100, 50]),
    host('h2', [64, 60], [100, 90]),
    host('h3', [16, null], [400, null]),
  ];

  it('is what may be claimed less the largest hosts of each resource', () => {
    expect(resourceTotals(hosts, 'VCPU', keeping(1))).toEqual({
      hosts: 3,
      claimable: 112,
      reserve: 64,
      fragmentation: 0,
      usable: 48,
      used: 70,
      hostsWithoutUsage: 1,
    });
    expect(resourceTotals(hosts, 'MEMORY_MB', keeping(1)).usable).toBe(200);
    expect(resourceTotals(hosts, 'MEMORY_MB', keeping(9)).usable).toBe(0);
    expect(resourceTotals(hosts, 'DISK_GB', keeping(1)).hosts).toBe(0);
  });

  it.each([
    [1, 1],
    [50, 1],
    [51, 2],
    [7_000, 140],
  ])('of %i hosts keeps %i in reserve by default', (count, reserve) => {
    expect(reserveRule({})(count)).toBe(reserve);
  });

  it('never falls when a host is added that is not the largest', () => {
    const amount = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1, maxLength: 9 }), amount, (sizes, added) => {
        const all = (list: readonly number[]) =>
          list.map((size, index) => host(`h${index}`, [size, 0], [size, 0]));
        const before = resourceTotals(all(sizes), 'VCPU', keeping(1)).usable;
        expect(
          resourceTotals(all([...sizes, added]), 'VCPU', keeping(1)).usable,
        ).toBeGreaterThanOrEqual(before);
      }),
    );
  });
});

/** Places one instance after the other on the first host that takes it. */
function placedOneByOne(hosts: readonly Host[], flavor: Flavor): number {
  const free = hosts.map((one) => ({
    vcpus: (one.amounts.VCPU?.capacity ?? 0) - (one.amounts.VCPU?.used ?? 0),
    ram: (one.amounts.MEMORY_MB?.capacity ?? 0) - (one.amounts.MEMORY_MB?.used ?? 0),
  }));
  let placed = 0;
  for (;;) {
    const target = free.find((one) => one.vcpus >= flavor.vcpus && one.ram >= flavor.ramMib);
    if (!target) return placed;
    target.vcpus -= flavor.vcpus;
    target.ram -= flavor.ramMib;
    placed += 1;
  }
}

describe('how many more of a flavor fit', () => {
  const flavor = { vcpus: 4, ramMib: 8_192, diskGib: 0 };

  it('is packed host by host: what is free on two hosts takes no instance that needs both', () => {
    const fit = fitFlavor(
      [host('h1', [8, 6], [32_768, 0]), host('h2', [8, 6], [32_768, 0])],
      flavor,
      none,
    );
    expect(fit.fits).toBe(0);
    expect(Object.fromEntries(fit.stranded)).toEqual({ VCPU: 4, MEMORY_MB: 65_536 });
    expect(Object.fromEntries(fit.boundBy)).toEqual({ VCPU: 2 });
  });

  it('tells cores that are stranded because RAM ran out', () => {
    const fit = fitFlavor([host('h1', [64, 0], [16_384, 0])], flavor, none);
    expect(fit.fits).toBe(2);
    expect(Object.fromEntries(fit.stranded)).toEqual({ VCPU: 56, MEMORY_MB: 0 });
    expect(Object.fromEntries(fit.boundBy)).toEqual({ MEMORY_MB: 1 });
  });

  it('keeps room for the largest host to fail', () => {
    const hosts = [host('h1', [16, 0], [65_536, 0]), host('h2', [8, 0], [65_536, 0])];
    expect(fitFlavor(hosts, flavor, () => 1)).toMatchObject({
      inFree: 6,
      heldInReserve: 4,
      fits: 2,
    });
    expect(fitFlavor(hosts, flavor, () => 2).fits).toBe(0);
  });

  it('promises nothing where usage is not told', () => {
    const fit = fitFlavor([host('h1', [64, null], [65_536, 0])], flavor, none);
    expect(fit).toMatchObject({ fits: 0, hostsWithoutUsage: 1 });
  });

  it('counts disk where hosts have disk of their own', () => {
    const withDisk: Host = {
      ...host('h1', [64, 0], [65_536, 0]),
      amounts: {
        ...host('h1', [64, 0], [65_536, 0]).amounts,
        DISK_GB: { capacity: 100, used: 30 },
      },
    };
    expect(fitFlavor([withDisk], { ...flavor, diskGib: 40 }, none).fits).toBe(1);
    expect(
      fitFlavor([host('h1', [64, 0], [65_536, 0])], { ...flavor, diskGib: 40 }, none).fits,
    ).toBe(8);
  });

  it('equals placing instances one by one', () => {
    const side = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }));
    const cluster = fc.array(fc.tuple(side, side), { minLength: 1, maxLength: 6 });
    const small = fc.record({
      vcpus: fc.integer({ min: 1, max: 9 }),
      ramMib: fc.integer({ min: 1, max: 9 }),
      diskGib: fc.constant(0),
    });
    fc.assert(
      fc.property(cluster, small, (sizes, wanted) => {
        const hosts = sizes.map(([cores, ram], index) => host(`h${index}`, cores, ram));
        expect(fitFlavor(hosts, wanted, none).inFree).toBe(placedOneByOne(hosts, wanted));
      }),
    );
  });
});
