import { describe, expect, it } from 'vitest';
import { capacityAnswer } from '../../../lib/capacity/capacity-answer.ts';
import { capacityView } from '../../../lib/capacity/capacity-view.ts';
import { demandDays, demandSeries } from '../../../lib/capacity/demand.ts';
import { fitAnswer, fitView } from '../../../lib/capacity/fit-view.ts';
import { forecastResponse, sliceForecast } from '../../../lib/capacity/forecast-answer.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import { addDays, type Day } from '../../../lib/period/calendar.ts';
import { formatInstant } from '../../../lib/period/instant.ts';
import type { CapacitySnapshot, ImportedDay } from '../../../lib/ports/capacity-store.ts';
import type { RegionDay } from '../../../lib/ports/usage-totals.ts';
import { forecastOf, type OneResource } from '../planning/one-resource.ts';

const region = parseRegion('west');

const hours = (value: (hour: number) => number) =>
  Array.from({ length: 24 }, (_, hour) => String(value(hour)));

const metered = (date: Day, cores: (hour: number) => number, shard = 0): RegionDay => ({
  region,
  date,
  shard,
  generation: 1,
  cores: hours(cores),
  ramGib: hours((hour) => 4 * cores(hour)),
});

const imported = (date: Day, values: (number | null)[]): ImportedDay => ({
  region,
  date,
  metric: 'cores',
  hours: values,
  ingestId: 'i1',
  receivedAt: '2026-11-20T00:00:00Z',
});

const snapshot: CapacitySnapshot = {
  region,
  source: 'placement',
  observedAt: '2026-11-20T00:00:00Z',
  hosts: ['h1', 'h2', 'h3'].map((host) => ({
    host,
    inventories: {
      VCPU: { total: 32, reserved: 0, allocationRatio: '4.0', used: 100 },
      MEMORY_MB: { total: 132_096, reserved: 1_024, allocationRatio: '1.0', used: 65_536 },
    },
  })),
};

describe('the capacity of a region', () => {
  it('is told in cores and GiB, with its reserve', () => {
    const view = capacityView('west', [snapshot], {});
    expect(capacityAnswer.parse(view)).toEqual(view);
    expect(view?.cores).toMatchObject({
      total: 384,
      reserve: 128,
      usable: 256,
      used: 300,
      free: -44,
    });
    expect(view?.ram).toMatchObject({ unit: 'GiB', total: 384, usable: 256, used: 192, free: 64 });
    expect(view?.disk).toBeNull();
    expect(view).toMatchObject({ hosts: 3, reserveHosts: 1 });
  });

  it('keeps as many hosts in reserve as the settings say', () => {
    expect(capacityView('west', [snapshot], { reserveHosts: 0 })?.cores?.usable).toBe(384);
    expect(capacityView('west', [snapshot], { reserveHosts: 2 })?.cores?.usable).toBe(128);
  });

  it('is unknown without a snapshot', () => {
    expect(capacityView('west', [], {})).toBeNull();
  });

  it('tells how many of a flavor fit and what is stranded', () => {
    const flavor = { vcpus: 8, ramMib: 16_384, diskGib: 0 };
    const view = fitView({
      region: 'west',
      snapshots: [snapshot],
      settings: { reserveHosts: 0 },
      flavor,
    });
    expect(fitAnswer.parse(view)).toEqual(view);
    expect(view).toMatchObject({ fits: 9, fitsInFree: 9, reserveHosts: 0 });
    expect(view?.stranded).toEqual({ cores: 12, ramGib: 48, diskGib: 0 });
    expect(view?.boundBy).toEqual({ cores: 3, ram: 0, disk: 0, other: 0 });
  });
});

describe('the demand of a region', () => {
  const today = '2026-11-10';

  it('adds up shards hour by hour: the peak is that of the sum', () => {
    const days = demandDays({
      metric: 'cores',
      metered: [
        metered('2026-11-01', (hour) => (hour < 12 ? 30 : 10), 0),
        metered('2026-11-01', (hour) => (hour < 12 ? 10 : 25), 1),
      ],
      imported: [],
      today,
    });
    expect(days).toEqual([{ date: '2026-11-01', mean: 37.5, peak: 40, source: 'metered' }]);
  });

  it('takes the metered day over the imported one, and imported days before it', () => {
    const days = demandDays({
      metric: 'cores',
      metered: [metered('2026-11-02', () => 50)],
      imported: [
        imported('2026-11-01', new Array(24).fill(40)),
        imported('2026-11-02', new Array(24).fill(99)),
      ],
      today,
    });
    expect(days.map((day) => [day.date, day.mean, day.source])).toEqual([
      ['2026-11-01', 40, 'imported'],
      ['2026-11-02', 50, 'metered'],
    ]);
  });

  it('leaves out the current day and days of which too little is known', () => {
    const days = demandDays({
      metric: 'ram',
      metered: [
        metered('2026-11-08', (hour) => (hour < 10 ? 0 : 50)),
        metered('2026-11-09', () => 50),
        metered(today, () => 20),
      ],
      imported: [imported('2026-11-07', new Array(24).fill(5))],
      today,
    });
    expect(days).toEqual([{ date: '2026-11-09', mean: 200, peak: 200, source: 'metered' }]);
  });

  it('does not take a day on which nothing was collected for one without demand', () => {
    const input = {
      metric: 'cores' as const,
      imported: [imported('2026-11-01', new Array(24).fill(40))],
      today,
    };
    const empty = metered('2026-11-01', () => 0);
    const days = demandDays({ ...input, metered: [empty, metered('2026-11-02', () => 41)] });
    expect(days.map((day) => day.mean)).toEqual([40, 41]);
    expect(demandDays({ ...input, imported: [], metered: [empty] })).toEqual([
      { date: '2026-11-01', mean: 0, peak: 0, source: 'metered' },
    ]);
  });

  it('keeps unknown days as gaps of a series', () => {
    const series = demandSeries(
      [
        { date: '2026-11-01', mean: 1, peak: 2, source: 'metered' },
        { date: '2026-11-04', mean: 3, peak: 4, source: 'metered' },
      ],
      'peak',
    );
    expect(series?.values).toEqual([2, null, null, 4]);
    expect(formatInstant(series?.start ?? 0)).toBe('2026-11-01T00:00:00Z');
    expect(demandSeries([], 'mean')).toBeNull();
  });
});

describe('the forecast of a region', () => {
  const days = Array.from({ length: 150 }, (_, index) => {
    const level = 100 + index + (index % 7 > 4 ? -10 : 0) + ((index * 37) % 11) / 4;
    const date = addDays('2026-06-01', index);
    return { date, mean: level - 5, peak: level, source: 'metered' as const };
  });
  const input: OneResource = {
    region: 'west',
    metric: 'cores',
    days,
    usable: 280,
    horizonDays: 120,
  };
  const answer = forecastOf(input);
  if (answer.status !== 'forecast') throw new Error('no forecast');

  it('has the shape that the API promises, dates and record included', () => {
    expect(forecastResponse.parse(answer)).toEqual(answer);
    expect(answer.origin).toBe('2026-10-28');
    expect(answer.dates[0]).toBe('2026-10-29');
    expect(answer.mean).toHaveLength(120);
    expect(answer.statistic).toBe('peak');
    expect(answer.backtest?.mase).toBeLessThan(answer.backtest?.seasonalNaive?.mase ?? 0);
    expect(answer.history.values).toHaveLength(150);
  });

  it('puts exhaustion where growth of one core a day meets capacity', () => {
    // 250 on the last day, 280 about a month later; growth is damped, so it may be later.
    const { p10, p50, probabilityBy } = answer.exhaustion ?? { probabilityBy: [] };
    expect((p10 ?? '') >= '2026-11-10').toBe(true);
    expect((p10 ?? '') <= (p50 ?? '9999')).toBe(true);
    expect(probabilityBy.map(({ days: told }) => told)).toEqual([30, 60, 90]);
    expect(probabilityBy[2]?.probability).toBeGreaterThan(0.3);
  });

  it('comes later with more capacity and never without any', () => {
    const at = (usable: number | null) => forecastOf({ ...input, usable });
    const plenty = at(10_000);
    expect(plenty).toMatchObject({ exhaustion: { p10: null, p50: null, p90: null } });
    expect(at(null)).toMatchObject({ usable: null, exhaustion: null });
    expect(at(0)).toMatchObject({ exhaustion: { p10: '2026-10-29', p90: '2026-10-29' } });
  });

  it('is the same when it is made again', () => {
    expect(forecastOf({ ...input })).toEqual(answer);
  });

  it('is cut to a nearer horizon and other quantiles without a forecaster', () => {
    const cut = sliceForecast(answer, { horizonDays: 30, quantiles: [0.5, 0.85, 0.999] });
    expect(forecastResponse.parse(cut)).toEqual(cut);
    if (cut.status !== 'forecast') throw new Error('no forecast');
    expect(Object.keys(cut.quantiles)).toEqual(['0.5', '0.85', '0.999']);
    expect(cut.mean).toEqual(answer.mean.slice(0, 30));
    const [low = 0, middle = 0, high = 0] = ['0.8', '0.85', '0.9'].map(
      (level) => (cut.quantiles[level] ?? answer.quantiles[level] ?? [])[9],
    );
    expect(middle).toBeCloseTo((low + high) / 2, 9);
    expect(cut.exhaustion?.probability).toHaveLength(30);
    expect(cut.exhaustion?.probabilityBy.map((told) => told.days)).toEqual([30]);
  });

  it('says what is missing when too little is known', () => {
    for (const known of [[], days.slice(0, 1)]) {
      const nothing = forecastOf({ ...input, days: known });
      expect(forecastResponse.parse(nothing)).toEqual(nothing);
      expect(nothing).toMatchObject({
        status: 'not_enough_data',
        observations: known.length,
        observationsNeeded: 2,
      });
      expect(sliceForecast(nothing, { horizonDays: 5, quantiles: [0.5] })).toBe(nothing);
    }
  });
});
