import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivalAt } from '../../../lib/capacity/arrival-order.ts';
import { fitFlavor, takes } from '../../../lib/capacity/fit.ts';
import { type NamedFlavor, needsOf } from '../../../lib/capacity/flavors.ts';
import type { Host } from '../../../lib/capacity/hosts.ts';
import { type MixPart, packMix } from '../../../lib/capacity/packing.ts';
import { packingAnswer, packingView } from '../../../lib/capacity/packing-view.ts';

const flavor = (name: string, vcpus: number, ramMib: number, more = {}): NamedFlavor => ({
  name,
  vcpus,
  ramMib,
  diskGib: 0,
  origin: 'settings',
  ...more,
});

const host = (name: string, cores: number, ram: number, more: Partial<Host> = {}): Host => ({
  name,
  amounts: { VCPU: { capacity: cores, used: 0 }, MEMORY_MB: { capacity: ram, used: 0 } },
  ...more,
});

/** The most instances of one flavor, by trying every host for every instance. */
function mostByTrying(free: readonly (readonly [number, number])[], one: NamedFlavor): number {
  const next = free.flatMap(([cores, ram], index) =>
    cores >= one.vcpus && ram >= one.ramMib
      ? [free.with(index, [cores - one.vcpus, ram - one.ramMib] as const)]
      : [],
  );
  return Math.max(0, ...next.map((rest) => 1 + mostByTrying(rest, one)));
}

/** The same run as `packMix`, by looking at every host for every instance. */
function placedByLooking(hosts: readonly Host[], mix: readonly MixPart[], seed: number): number {
  const total = mix.reduce((sum, { count }) => sum + count, 0);
  const free = hosts.map((one) => ({
    host: one,
    cores: one.amounts.VCPU?.capacity ?? 0,
    ram: one.amounts.MEMORY_MB?.capacity ?? 0,
  }));
  for (let placed = 0; ; placed += 1) {
    let at = arrivalAt(seed, placed) * total;
    const part = mix.find(({ count }) => {
      at -= count;
      return at < 0;
    });
    if (part === undefined) throw new RangeError('nothing was drawn');
    const target = free
      .filter(
        (room) =>
          room.cores >= part.flavor.vcpus &&
          room.ram >= part.flavor.ramMib &&
          takes(room.host, part.flavor),
      )
      .sort((a, b) => b.ram - a.ram)[0];
    if (target === undefined) return placed;
    target.cores -= part.flavor.vcpus;
    target.ram -= part.flavor.ramMib;
  }
}

const size = fc.integer({ min: 1, max: 40 });
const small = fc.integer({ min: 1, max: 9 });
const cluster = fc
  .array(fc.tuple(size, size), { minLength: 1, maxLength: 6 })
  .map((sizes) => sizes.map(([cores, ram], index) => host(`h${index}`, cores, ram)));

describe('packing one flavor', () => {
  it('equals the best that trying every assignment finds', () => {
    const tiny = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    const wanted = fc.tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 4 }));
    fc.assert(
      fc.property(tiny, wanted, (sizes, [vcpus, ramMib]) => {
        const one = flavor('f', vcpus, ramMib);
        const hosts = sizes.map(([cores, ram], index) => host(`h${index}`, cores, ram));
        const { inFree } = fitFlavor(hosts, one, () => 0);
        expect(inFree).toBe(mostByTrying(sizes, one));
        expect(packMix(hosts, [{ flavor: one, count: 1 }], { seed: 1 }).placed).toBe(inFree);
      }),
    );
  });

  it.each([
    { name: 'more than one allocation may ask for', amount: { maxUnit: 2 }, hosts: 0 },
    { name: 'no whole number of steps', amount: { stepSize: 3 }, hosts: 0 },
    { name: 'less than one allocation must ask for', amount: { minUnit: 8 }, hosts: 0 },
    { name: 'what fits all of them', amount: { minUnit: 2, maxUnit: 4, stepSize: 2 }, hosts: 1 },
  ])('leaves out a host where it is $name', ({ amount, hosts }) => {
    const one = host('h1', 16, 64);
    const bound = {
      ...one,
      amounts: { ...one.amounts, VCPU: { capacity: 16, used: 0, ...amount } },
    };
    const fit = fitFlavor([bound], flavor('f', 4, 8), () => 0);
    expect(fit).toMatchObject({ hosts, inFree: 4 * hosts });
  });

  it('counts only hosts with its resources, traits and aggregates', () => {
    const plain = host('h1', 16, 64, { traits: ['A'], aggregates: ['plain'] });
    const gpu = host('h2', 16, 64, { traits: ['A', 'B'], aggregates: ['gpu'] });
    const amounts = { ...gpu.amounts, CUSTOM_GPU: { capacity: 2, used: 1 } };
    const hosts = [plain, { ...gpu, amounts }];
    const fits = (more: object) => fitFlavor(hosts, flavor('f', 4, 8, more), () => 0);
    expect(fits({})).toMatchObject({ inFree: 8, hosts: 2 });
    expect(fits({ traits: ['B'] })).toMatchObject({ inFree: 4, hosts: 1 });
    expect(fits({ aggregates: ['plain', 'other'] })).toMatchObject({ inFree: 4, hosts: 1 });
    const onGpu = fits({ resources: { CUSTOM_GPU: 1 } });
    expect(onGpu).toMatchObject({ inFree: 1, hosts: 1 });
    expect([...onGpu.boundBy]).toEqual([['CUSTOM_GPU', 1]]);
  });

  it('with pinned CPUs takes PCPU, and none of the shared', () => {
    const amounts = {
      VCPU: { capacity: 64, used: 0 },
      PCPU: { capacity: 8, used: 4 },
      MEMORY_MB: { capacity: 64, used: 0 },
    };
    const pinned = flavor('pinned', 4, 8, { dedicatedCpus: true });
    expect(fitFlavor([{ name: 'h1', amounts }], pinned, () => 0).inFree).toBe(1);
    expect(fitFlavor([host('h2', 64, 64)], pinned, () => 0).hosts).toBe(0);
  });
});

describe('the order of arrivals', () => {
  it('draws each part of the whole about as often as any other, by whatever seed', () => {
    for (const seed of [0, 1, 2, 77]) {
      const counts = new Array<number>(10).fill(0);
      for (let position = 0; position < 10_000; position += 1) {
        const part = Math.floor(10 * arrivalAt(seed, position));
        counts[part] = (counts[part] ?? 0) + 1;
      }
      // Five standard deviations of a fair draw.
      for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
    }
  });
});

describe('packing a mix', () => {
  const mixes = fc
    .array(fc.tuple(small, small, fc.integer({ min: 1, max: 20 })), { minLength: 1, maxLength: 4 })
    .map((parts) =>
      parts.map(([vcpus, ram, count], index) => ({
        flavor: flavor(`f${index}`, vcpus, ram),
        count,
      })),
    );

  it('equals looking at every host for every instance', () => {
    fc.assert(
      fc.property(cluster, mixes, fc.integer({ min: 0, max: 1_000 }), (hosts, mix, seed) => {
        expect(packMix(hosts, mix, { seed }).placed).toBe(placedByLooking(hosts, mix, seed));
      }),
    );
  });

  it('loses nothing: what was placed and what is stranded is what was free', () => {
    fc.assert(
      fc.property(cluster, mixes, (hosts, mix) => {
        const { placedByFlavor, stranded, placed } = packMix(hosts, mix, { seed: 7 });
        const held = mix.map(({ flavor: own }, index) => own.vcpus * (placedByFlavor[index] ?? 0));
        const cores = hosts.reduce((sum, { amounts }) => sum + (amounts.VCPU?.capacity ?? 0), 0);
        expect(held.reduce((a, b) => a + b, 0) + (stranded.get('VCPU') ?? 0)).toBe(cores);
        expect(placedByFlavor.reduce((a, b) => a + b, 0)).toBe(placed);
      }),
    );
  });

  it('tells the flavor that found no host, and what the hosts were short of', () => {
    const mix = [{ flavor: flavor('large', 8, 4), count: 1 }];
    const { placed, refused, shortOf, stranded } = packMix([host('h1', 20, 64)], mix, { seed: 1 });
    expect({ placed, refused: refused.name }).toEqual({ placed: 2, refused: 'large' });
    expect([...shortOf]).toEqual([['VCPU', 1]]);
    expect(Object.fromEntries(stranded)).toEqual({ VCPU: 4, MEMORY_MB: 56 });
  });

  it('places nothing where usage is not told', () => {
    const amounts = { VCPU: { capacity: 8, used: null }, MEMORY_MB: { capacity: 8, used: 0 } };
    const mix = [{ flavor: flavor('f', 1, 1), count: 1 }];
    expect(packMix([{ name: 'h1', amounts }], mix, { seed: 1 }).placed).toBe(0);
  });

  it('is told with its reserve, its stranded shares and the resource that binds', () => {
    const hosts = ['h1', 'h2', 'h3'].map((name) => host(name, 32, 131_072));
    const plan = { hosts, observedOn: '2026-11-20', settings: {}, flavors: [] };
    const mix = [
      { flavor: flavor('m1', 4, 8_192), count: 30 },
      { flavor: flavor('m2', 8, 16_384), count: 10 },
    ];
    const input = { region: 'west', plan, mix, mixFrom: 'metered', seed: 1 } as const;
    const view = packingView(input);
    expect(packingAnswer.parse(view)).toEqual(view);
    expect(packingView(input)).toEqual(view);
    expect(view).toMatchObject({ reserveHosts: 1, bindingResource: 'VCPU', imbalance: 0 });
    expect(view.fits).toBe(view.fitsInFree.middle - view.heldInReserve);
    expect(view.fitsInFree.low).toBeLessThanOrEqual(view.fitsInFree.middle);
    const ram = view.stranded.find(({ resourceClass }) => resourceClass === 'MEMORY_MB');
    // RAM for 2 GiB a core, and hosts that have 4: half of it and more lies idle, of the 256 GiB usable.
    expect(ram?.amount).toBeGreaterThanOrEqual(192);
    expect(ram?.share).toBeCloseTo((ram?.amount ?? 0) / 256);
  });
});

it('every need of a flavor is one that it claims', () => {
  expect(needsOf(flavor('f', 2, 4, { resources: { VGPU: 1, CUSTOM_FPGA: 2 } }))).toEqual([
    { resourceClass: 'VCPU', amount: 2 },
    { resourceClass: 'MEMORY_MB', amount: 4 },
    { resourceClass: 'CUSTOM_FPGA', amount: 2 },
    { resourceClass: 'VGPU', amount: 1 },
  ]);
});
