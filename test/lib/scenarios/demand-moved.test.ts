import { describe, expect, it } from 'vitest';
import { addDays } from '../../../lib/period/calendar.ts';
import type { KnownRegion } from '../../../lib/planning/gather-inputs.ts';
import { regionForecast } from '../../../lib/planning/region-forecast.ts';
import { demandInMix, meanInstance } from '../../../lib/scenarios/demand-in-mix.ts';
import { demandMoved, sharesOf } from '../../../lib/scenarios/demand-moved.ts';
import { scenarioSchema } from '../../../lib/scenarios/scenario.ts';
import { lastWeekAgain } from '../records/planned-region.ts';
import { knownRegionOf, LAST } from './known-regions.ts';

function withoutHosts(region: string): KnownRegion {
  const { inputs } = knownRegionOf(region);
  return { inputs: { ...inputs, capacity: { cores: null, ram: null } }, plan: null };
}

const LOST = { region: 'west', from: '2027-01-01' } as const;
function lost(to?: readonly { readonly region: string; readonly share: number }[]) {
  const parsed = scenarioSchema.parse({ lost: { ...LOST, ...(to ? { to } : {}) } }).lost;
  if (!parsed) throw new Error('a region is lost');
  return parsed;
}

describe('who takes the demand of a lost region', () => {
  it('is told by shares of any size', () => {
    const to = [
      { region: 'east', share: 3 },
      { region: 'north', share: 1 },
    ];
    expect([...sharesOf(lost(to), [])]).toEqual([
      ['east', 0.75],
      ['north', 0.25],
    ]);
  });

  it('is else all others by usable cores, evenly where none are known', () => {
    const hosts = [knownRegionOf('west'), knownRegionOf('east'), knownRegionOf('north', {}, 4)];
    expect([...sharesOf(lost(), hosts)]).toEqual([
      ['east', 0.75],
      ['north', 0.25],
    ]);
    const none = ['west', 'east', 'north'].map(withoutHosts);
    expect([...sharesOf(lost(), none)]).toEqual([
      ['east', 0.5],
      ['north', 0.5],
    ]);
  });

  it('is never the lost region itself', () => {
    expect(() => lost([{ region: 'west', share: 1 }])).toThrow('cannot take its own demand');
  });
});

describe('moved demand', () => {
  const west = knownRegionOf('west').inputs;
  const { plans } = regionForecast(west, { forecast: lastWeekAgain });
  const own = (origin: string) => ({
    cores: { origin, paths: [new Float64Array(120), new Float64Array(120)], present: 0 },
    ram: null,
  });

  it('comes on its day, by the share, path by path', () => {
    const from = addDays(LAST, 10);
    const moved = demandMoved({ plans, from, share: 0.5, own: own(LAST) });
    expect(moved.ram).toBeNull();
    for (const [index, path] of (moved.cores ?? []).entries()) {
      expect(path[8]).toBe(0);
      expect(path[9]).toBe(0.5 * (plans.cores?.demand[index]?.[9] ?? Number.NaN));
      expect(path[119]).toBe(0.5 * (plans.cores?.demand[index]?.[119] ?? Number.NaN));
    }
  });

  it('is that of the same dates where the other region was seen later', () => {
    const later = addDays(LAST, 3);
    const moved = demandMoved({ plans, from: LAST, share: 1, own: own(later) });
    const [path] = moved.cores ?? [];
    const [gone] = plans.cores?.demand ?? [];
    expect(path?.[0]).toBe(gone?.[3]);
    expect(path?.[119]).toBe(gone?.[119]);
  });
});

describe('demand in a mix', () => {
  const mix = [
    { vcpus: 2, ramMib: 4_096, share: 3 },
    { vcpus: 4, ramMib: 24_576, share: 1 },
  ];

  const asked = meanInstance(mix);
  const told = (paths: readonly Float64Array[] | null) =>
    paths?.map((path) => [...path].map((value) => Number(value.toFixed(9))));
  const cores = { origin: LAST, paths: [Float64Array.of(110, 60)], present: 100 };
  const ram = { origin: LAST, paths: [Float64Array.of(50, 50)], present: 40 };

  it('has the mean instance of its flavors, by their shares', () => {
    // (3 x 2 + 1 x 4) cores and (3 x 4 + 1 x 24) GiB on four instances.
    expect(asked).toEqual({ vcpus: 2.5, ramGib: 9 });
  });

  it('adds RAM for the cores that are gained, and is never below nothing', () => {
    const added = demandInMix(asked, null, { cores, ram });
    // 40 + 36 less 50; 40 - 144 is nothing, less 50.
    expect(told(added.ram)).toEqual([[26, -50]]);
    expect(added.cores).toBeNull();
    expect(demandInMix(asked, null, { cores, ram: null }).ram).toBeNull();
  });

  it('has as many instances as are forecast where it is known which stand, and loses those that stand', () => {
    const added = demandInMix(asked, { vcpus: 1, ramGib: 1 }, { cores, ram });
    // 10 cores are 10 instances: of 2.5 cores 15 more, of 9 GiB 90 for the 10 of the forecast.
    expect(told(added.cores)).toEqual([[15, 0]]);
    // 40 + 90 less 50; 40 - 40 less 50.
    expect(told(added.ram)).toEqual([[80, -50]]);
  });

  it('of what stands leaves cores as they are forecast', () => {
    const added = demandInMix(asked, asked, { cores, ram });
    expect(told(added.cores)).toEqual([[0, 0]]);
  });
});
