import { describe, expect, it } from 'vitest';
import { parseRegion } from '../../../lib/identifiers.ts';
import { addDays, type Day } from '../../../lib/period/calendar.ts';
import { calendarEffects, effectOn } from '../../../lib/planning/calendar-effects.ts';
import { carriedGrowth } from '../../../lib/planning/carried-growth.ts';
import { uncensored } from '../../../lib/planning/censored.ts';
import { labelledHistory } from '../../../lib/planning/known-history.ts';
import type { LabelledShift } from '../../../lib/planning/labelled-shift.ts';
import { regionForecast } from '../../../lib/planning/region-forecast.ts';
import type { RegionForecastInputs } from '../../../lib/planning/region-inputs.ts';
import type { DailyDemand } from '../../../lib/planning/shown-effect.ts';
import { growingInputs, ORIGIN } from './growing-region.ts';

const START = '2026-06-01';
const week = (index: number) => (index % 7 < 5 ? 10 : 0);

function history(valueOn: (index: number) => number | null, days = 120): DailyDemand {
  return { start: START, values: Array.from({ length: days }, (_, index) => valueOn(index)) };
}

const label = (change: Partial<LabelledShift>): LabelledShift => ({
  id: 'l',
  region: parseRegion('west'),
  label: 'permanent',
  date: addDays(START, 80),
  ...change,
});

describe('a labelled shift', () => {
  const origin = addDays(START, 119);
  const shifted = history((index) => 100 + week(index) + (index >= 80 ? 50 : 0));
  const known = (shift: LabelledShift) =>
    labelledHistory(shifted, 'cores', { shifts: [shift], origin });

  it('that is permanent brings demand before it to the level after', () => {
    const { days, lasting } = known(label({}));
    for (const [index, value] of days.values.entries()) {
      expect(value).toBeCloseTo(150 + week(index), 3);
    }
    expect(lasting).toEqual([]);
  });

  it.each(['fault', 'temporary'] as const)('that is %s and past makes its days unknown', (kind) => {
    const { days } = known(label({ label: kind, until: addDays(START, 90) }));
    expect(days.values.slice(79, 91).map((value) => value === null)).toEqual([
      false,
      ...new Array(10).fill(true),
      false,
    ]);
  });

  it('that is temporary and lasts is taken out, and added until it ends', () => {
    const until = addDays(origin, 10);
    const { days, lasting } = known(label({ label: 'temporary', until }));
    expect(days.values[100]).toBeCloseTo(100 + week(100), 3);
    expect(lasting[0]?.until).toBe(until);
    expect(lasting[0]?.amount).toBeCloseTo(50, 3);
  });

  it('of another metric, or after the origin, changes nothing', () => {
    expect(known(label({ metric: 'ram' })).days).toBe(shifted);
    expect(known(label({ date: addDays(origin, 1) })).days).toBe(shifted);
  });
});

describe('demand of a region that was full', () => {
  it('is what the weeks before lead to, and never less than what was seen', () => {
    const wanted = (index: number) => 100 + index + week(index);
    const days = history((index) => Math.min(wanted(index), 200), 110);
    const { days: raised, censored } = uncensored(days, (_day, seen) => seen >= 200);
    expect(censored).toHaveLength(days.values.filter((value) => value === 200).length);
    for (const [index, value] of raised.values.entries()) {
      expect(value).toBeGreaterThanOrEqual(days.values[index] ?? 0);
      expect(Math.abs((value ?? 0) - wanted(index))).toBeLessThan(4);
    }
  });

  it('is left as it was seen where too little is known before', () => {
    const days = history((index) => (index < 5 ? 100 : 200), 20);
    const { days: raised } = uncensored(days, (_day, seen) => seen >= 200);
    expect(raised.values.slice(0, 14)).toEqual(days.values.slice(0, 14));
  });

  it('is told with the forecast, by capacity or by label', () => {
    const tight = { cores: { usable: [{ from: ORIGIN, usable: 590 }], hostSize: 64 }, ram: null };
    const made = regionForecast(growingInputs({ capacity: tight, horizonDays: 30 })).cores;
    const censored = (made.status === 'forecast' && made.plan?.data.censored) || [];
    expect(censored.length).toBeGreaterThan(5);
    const refused = label({ label: 'refused', date: '2026-11-01', until: '2026-11-03' });
    const told = regionForecast(growingInputs({ shifts: [refused], horizonDays: 30 })).cores;
    expect(told.status === 'forecast' && told.plan?.data.censored).toEqual([
      '2026-11-01',
      '2026-11-02',
    ]);
  });

  it('are those on which a hundredth of what was seen was refused, of that resource', () => {
    const refused = [
      { date: '2026-11-02', requests: 40, cores: 3, ramGib: 160 },
      { date: '2026-11-05', requests: 3, cores: 12, ramGib: 1 },
      { date: '2026-11-06', requests: 9, cores: 0, ramGib: 0 },
    ];
    const made = regionForecast(growingInputs({ refused, horizonDays: 30 }));
    const told = (answer: typeof made.cores) => (answer.status === 'forecast' ? answer.plan : null);
    expect(told(made.cores)?.data.censored).toEqual(['2026-11-05']);
    expect(told(made.ram)?.data.censored).toEqual(['2026-11-02']);
    expect(told(made.cores)?.data.refused).toEqual([
      { date: '2026-11-02', requests: 40, amount: 3 },
      { date: '2026-11-05', requests: 3, amount: 12 },
      { date: '2026-11-06', requests: 9, amount: 0 },
    ]);
  });
});

describe('growth that is carried on', () => {
  it('is all of a steady growth', () => {
    const days = history((index) => 500 + 2 * index + week(index), 300);
    expect(carriedGrowth(days.values)?.perDay).toBeCloseTo(2, 1);
  });

  it('is nothing of a demand that goes up and down', () => {
    const days = history((index) => 500 + 100 * Math.sin(index / 20), 300);
    expect(Math.abs(carriedGrowth(days.values)?.perDay ?? 9)).toBeLessThan(0.2);
  });

  it('does not heed one shift', () => {
    const days = history((index) => 500 + (index >= 150 ? 200 : 0) + week(index), 300);
    expect(Math.abs(carriedGrowth(days.values)?.perDay ?? 9)).toBeLessThan(0.05);
  });

  it('is not told from less than half a year', () => {
    expect(carriedGrowth(history((index) => index, 160).values)).toBeNull();
    expect(carriedGrowth(history(() => null, 400).values)).toBeNull();
  });
});

describe('what an operator may want to label', () => {
  const change = (of: (peak: number, index: number) => number) => {
    const { cores } = growingInputs().demand;
    return cores.map((day, index) => ({ ...day, peak: of(day.peak, index) }));
  };
  const dataOf = (cores: RegionForecastInputs['demand']['cores']) => {
    const made = regionForecast(
      growingInputs({ demand: { cores, ram: [] }, horizonDays: 30 }),
    ).cores;
    if (made.status !== 'forecast') throw new Error('no forecast');
    return made.plan?.data;
  };
  const day = (index: number) => addDays(ORIGIN, index - 199);

  it('is told: a collector that hung, a team that moved in, a day far off', () => {
    const hung = dataOf(change((peak, index) => (index >= 50 && index < 70 ? 555 : peak)));
    expect(hung?.frozen).toEqual([{ from: day(50), to: day(69) }]);
    const moved = dataOf(change((peak, index) => peak + (index >= 120 ? 200 : 0)));
    expect(moved?.shifts).toHaveLength(1);
    expect(moved?.shifts?.[0]?.size).toBeGreaterThan(150);
    expect(
      Math.abs(Date.parse(moved?.shifts?.[0]?.date ?? '') - Date.parse(day(120))),
    ).toBeLessThan(3 * 86_400_000);
    const spike = dataOf(change((peak, index) => (index === 90 ? 9 * peak : peak)));
    expect(spike?.outliers).toContain(day(90));
  });

  it('is nothing in a demand as usual', () => {
    expect(dataOf(change((peak) => peak))).toMatchObject({ frozen: [], shifts: [] });
  });
});

describe('a calendar', () => {
  const holidays = new Set<Day>([10, 38, 60, 85, 110].map((index) => addDays(START, index)));
  const isHoliday = (index: number) => holidays.has(addDays(START, index));

  it('is heeded where the past bears it out', () => {
    const days = history((index) => 100 + week(index) - (isHoliday(index) ? 30 : 0));
    const effects = calendarEffects(days, holidays);
    const holiday = effects.find(({ kind }) => kind === 'holiday');
    expect(holiday).toMatchObject({ days: 5, isHeeded: true });
    expect(effectOn(effects, holidays, addDays(START, 110))).toBeCloseTo(-25, 6);
    expect(effectOn(effects, holidays, addDays(START, 111))).toBe(0);
  });

  it('is told and left aside where it is not', () => {
    const surprise = [20, -20, 20, -20, 20];
    const at = [...holidays].sort();
    const days = history(
      (index) => 100 + week(index) + (surprise[at.indexOf(addDays(START, index))] ?? 0),
    );
    const [holiday] = calendarEffects(days, holidays);
    expect(holiday).toMatchObject({ kind: 'holiday', isHeeded: false });
    expect(effectOn(calendarEffects(days, holidays), holidays, addDays(START, 110))).toBe(0);
  });

  it('knows the ends of months by itself', () => {
    const days = history((index) => {
      const next = addDays(START, index + 1);
      return 100 + week(index) + (next.endsWith('-01') ? 40 : 0);
    }, 250);
    const effects = calendarEffects(days, new Set());
    expect(effects).toMatchObject([{ kind: 'month_end', isHeeded: true }]);
    expect(effectOn(effects, new Set(), '2027-04-30')).toBeGreaterThan(30);
    expect(effectOn(effects, new Set(), '2027-04-29')).toBe(0);
  });
});
