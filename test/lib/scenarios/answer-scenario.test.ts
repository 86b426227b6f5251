import { describe, expect, it } from 'vitest';
import { capacityPlan } from '../../../lib/capacity/usable.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import { event } from '../records/planned-region.ts';
import { ask, knownRegionOf, LAST, shortly } from './known-regions.ts';

describe('a scenario', () => {
  it('of nothing is the forecast', () => {
    const [west] = ask({}).regions;
    expect(west?.scenario).toEqual(west?.base);
    expect(west?.difference).toMatchObject({
      probabilityBy: [{ change: 0 }, { change: 0 }, { change: 0 }],
    });
  });

  it('of more growth raises demand by as much, compound', () => {
    const { base, scenario } = shortly(ask({ growthPercentPerYear: 50 }));
    expect(scenario.cores / base.cores).toBeCloseTo(1.5 ** (90 / 365), 2);
    expect(scenario.ram / base.ram).toBeCloseTo(1.5 ** (90 / 365), 2);
  });

  it('adds events, takes away planned ones, and replaces those of the same name', () => {
    const planned = event({ id: 'game', date: '2027-01-01', size: { cores: 200 } });
    const known = [knownRegionOf('west', { events: [planned] })];
    const cores = (scenario: unknown) => shortly(ask(scenario, known)).scenario.cores;
    const base = shortly(ask({}, known)).base.cores;
    expect(cores({ withoutEvents: ['game'] })).toBeCloseTo(base - 200, -1);
    const more = {
      id: 'film',
      region: 'west',
      kind: 'launch',
      date: '2027-01-01',
      size: { cores: 50 },
    };
    expect(cores({ events: [more] })).toBeCloseTo(base + 50, -1);
    expect(cores({ events: [{ ...more, id: 'game' }] })).toBeCloseTo(base - 150, -1);
  });

  it('orders hosts like one of median size, from their day on', () => {
    const answer = ask({ orders: [{ region: 'west', from: '2027-01-15', hosts: 3 }] });
    expect(answer.regions[0]?.base.cores?.usable).toEqual([{ from: '2026-11-20', usable: 900 }]);
    expect(answer.regions[0]?.scenario?.cores?.usable).toEqual([
      { from: '2026-11-20', usable: 900 },
      { from: '2026-11-21', usable: 900 },
      { from: '2027-01-15', usable: 1_200 },
    ]);
  });

  it.each([
    {
      what: 'another ratio',
      changed: { ratios: [{ resourceClass: 'VCPU', ratio: '4.0' }] },
      usable: 1_800,
    },
    { what: 'no reserve', changed: { reserves: [{ hosts: 0 }] }, usable: 1_000 },
    { what: 'a larger reserve', changed: { reserves: [{ rule: { hostsMin: 3 } }] }, usable: 700 },
    {
      what: 'hosts that retire',
      changed: {
        changes: [
          { region: 'west', change: { kind: 'retire', from: '2026-12-01', hosts: ['h1'] } },
        ],
      },
      usable: 800,
    },
  ])('counts $what', ({ changed, usable }) => {
    const { base, scenario } = shortly(ask(changed));
    expect(base.usable).toBe(900);
    expect(scenario.usable).toBe(usable);
    expect(scenario.cores).toBe(base.cores);
  });

  it('leaves what has been as it was: a smaller reserve does not change which days were full', () => {
    const full = knownRegionOf('west', {}, 6);
    const [west] = ask({ reserves: [{ hosts: 2 }] }, [full]).regions;
    expect(west?.scenario?.cores?.demand).toEqual(west?.base.cores?.demand);
  });

  it('lets new demand come in another mix of flavors', () => {
    const mix = [
      { vcpus: 4, ramMib: 32_768 },
      { vcpus: 4, ramMib: 98_304 },
    ];
    const { scenario, base } = shortly(ask({ growthPercentPerYear: 100, mix }));
    const gained = scenario.cores - base.cores;
    const [west] = ask({}).regions;
    expect(west?.base.ram?.unit).toBe('GiB');
    // 16 GiB a core, where what is there has 2.
    expect(scenario.ram - base.ram).toBeGreaterThan(14 * gained);
    expect(scenario.ram - base.ram).toBeLessThan(18 * gained);
  });

  describe('in another mix of flavors', () => {
    const presentMix = [{ flavor: 'm1', vcpus: 2, ramMib: 4_096, diskGib: 20, count: 250 }];
    const hosts = [
      {
        host: 'h1',
        inventories: {
          VCPU: { total: 50, reserved: 0, allocationRatio: '2.0', used: 20 },
          MEMORY_MB: { total: 204_800, reserved: 0, allocationRatio: '1.0', used: 40_960 },
        },
      },
    ];
    const plain = knownRegionOf('west');
    const head = {
      region: parseRegion('west'),
      source: 'nova',
      observedAt: '2026-11-20T12:00:00Z',
    };
    const plan = capacityPlan([{ ...head, hosts }], { reserveHosts: 0 });
    const known = { ...plain, plan, presentMix };
    const mix = [{ vcpus: 8, ramMib: 32_768 }];
    const growth = { growthPercentPerYear: 100 };

    it('has as many new instances, with their cores and RAM', () => {
      const grown = shortly(ask(growth, [known])).scenario;
      const { base, scenario } = shortly(ask({ ...growth, mix }, [known]));
      const gained = grown.cores - base.cores;
      expect(gained).toBeGreaterThan(50);
      // Of 8 cores where 2 stand, and of 4 GiB a core.
      expect((scenario.cores - base.cores) / gained).toBeCloseTo(4, 0);
      expect((scenario.ram - base.ram) / gained).toBeGreaterThan(14);
      expect((scenario.ram - base.ram) / gained).toBeLessThan(18);
    });

    it('keeps the cores that are forecast where that is asked, or what stands is not known', () => {
      const grown = shortly(ask(growth, [known])).scenario.cores;
      const kept = { ...growth, mix, mixKeeps: 'cores' };
      expect(shortly(ask(kept, [known])).scenario.cores).toBe(grown);
      const unknown = ask({ ...growth, mix }, [{ ...plain, plan }]);
      expect(shortly(unknown).scenario.cores).toBe(grown);
      expect(unknown.regions[0]?.mix).toMatchObject({ basis: 'cores', present: null });
    });

    it('of the same sizes as what stands changes nothing in cores', () => {
      const same = ask({ ...growth, mix: [{ vcpus: 2, ramMib: 4_096 }] }, [known]);
      expect(shortly(same).scenario.cores).toBe(shortly(ask(growth, [known])).scenario.cores);
    });

    it('tells how many more of it find a host, beside what stands', () => {
      const [west] = ask({ mix }, [known]).regions;
      // 80 cores and 160 GiB are free: 40 of 2 cores and 4 GiB, and 5 of 8 and 32, which RAM binds.
      expect(west?.mix).toEqual({
        basis: 'instances',
        present: { vcpus: 2, ramGib: 4 },
        asked: { vcpus: 8, ramGib: 32 },
        fits: {
          day: '2026-11-21',
          present: { instances: 40, bindingResource: 'VCPU' },
          asked: { instances: 5, bindingResource: 'MEMORY_MB' },
        },
      });
      expect(ask({}, [known]).regions[0]).not.toHaveProperty('mix');
    });

    it('fits onto the hosts of the scenario', () => {
      const changed = { mix, ratios: [{ resourceClass: 'MEMORY_MB', ratio: '2.0' }] };
      // 360 GiB are free: 11 of 32, but 80 cores hold 10 of 8.
      expect(ask(changed, [known]).regions[0]?.mix?.fits.asked).toEqual({
        instances: 10,
        bindingResource: 'VCPU',
      });
    });

    it('does not tell what fits where no host is known', () => {
      const { inputs } = plain;
      const bare = { inputs: { ...inputs, capacity: { cores: null, ram: null } }, plan: null };
      expect(ask({ mix }, [bare]).regions[0]?.mix?.fits).toEqual({
        day: null,
        present: null,
        asked: null,
      });
    });
  });

  it('moves the demand of a lost region to the others, by what they have usable', () => {
    const known = [
      knownRegionOf('west'),
      knownRegionOf('east', {}, 10),
      knownRegionOf('north', {}, 4),
    ];
    const answer = ask({ lost: { region: 'west', from: '2027-01-01' } }, known);
    expect(answer.regions.map(({ region, lost }) => [region, lost])).toEqual([
      ['west', true],
      ['east', false],
      ['north', false],
    ]);
    expect(answer.regions[0]).toMatchObject({ scenario: null, difference: null });
    const [east, north] = ['east', 'north'].map((region) => shortly(answer, region));
    const west = shortly(answer).base.cores;
    // 900 and 300 cores are usable there.
    expect((east?.scenario.cores ?? 0) - (east?.base.cores ?? 0)).toBeCloseTo(0.75 * west, -1);
    expect((north?.scenario.cores ?? 0) - (north?.base.cores ?? 0)).toBeCloseTo(0.25 * west, -1);
    const early = answer.regions[1]?.scenario?.cores?.demand.find(({ days }) => days === 30);
    expect(early?.p50).toBeCloseTo(answer.regions[1]?.base.cores?.demand[0]?.p50 ?? 0, -1);
  });

  it('moves it to whom it is told to', () => {
    const known = [knownRegionOf('west'), knownRegionOf('east'), knownRegionOf('north')];
    const lost = { region: 'west', from: LAST, to: [{ region: 'north', share: 1 }] };
    const answer = ask({ lost, regions: ['east', 'north'] }, known);
    expect(answer.regions.map(({ region }) => region)).toEqual(['east', 'north']);
    expect(shortly(answer, 'east').scenario).toEqual(shortly(answer, 'east').base);
    expect(shortly(answer, 'north').scenario.cores).toBeGreaterThan(950);
  });
});

describe('what cannot be answered is refused, in words', () => {
  it.each([
    { scenario: { regions: ['south'] }, says: 'region "south", of which no demand is known' },
    {
      scenario: { orders: [{ region: 'west', from: '2027-01-01', hosts: 1, like: 'h99' }] },
      says: 'no host "h99" in region "west"',
    },
    { scenario: { lost: { region: 'south', from: LAST } }, says: 'region "south"' },
  ])('$says', ({ scenario, says }) => {
    expect(() => ask(scenario)).toThrow(says);
  });

  it('capacity of a region without hosts', () => {
    const { inputs } = knownRegionOf('west');
    const known = [{ inputs: { ...inputs, capacity: { cores: null, ram: null } }, plan: null }];
    const reserve = { region: 'west', hosts: 1 };
    expect(() => ask({ reserves: [reserve] }, known)).toThrow('No host of region "west" is known');
    const [west] = ask({ reserves: [{ hosts: 1 }] }, known).regions;
    expect(west?.scenario).toEqual(west?.base);
    expect(ask({ growthPercentPerYear: 5 }, known).regions[0]?.scenario?.joint).toBeNull();
  });

  it('more regions than can be answered in time', () => {
    const known = Array.from({ length: 13 }, (_, index) => knownRegionOf(`r${index}`));
    expect(() => ask({ growthPercentPerYear: 5 }, known)).toThrow('name at most 12 in "regions"');
    expect(ask({ regions: ['r12'] }, known).regions).toHaveLength(1);
  });
});
