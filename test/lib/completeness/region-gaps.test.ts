import { describe, expect, it } from 'vitest';
import { regionGaps } from '../../../lib/completeness/region-gaps.ts';
import { addDays, type Day, daysFrom, startOfDay } from '../../../lib/period/calendar.ts';
import type { DayCompleteness } from '../../../lib/ports/day-completeness.ts';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const END = startOfDay('2026-12-01');
const ALL = HOURS.map(() => 10);

/** A day of 10 series polled each 5 minutes, but for what is given. */
function day(changes: Partial<DayCompleteness> = {}): DayCompleteness {
  const coveredByHour = changes.coveredByHour ?? ALL;
  const readHours = coveredByHour.reduce((sum, count) => sum + count, 0);
  return {
    expected: 10,
    seen: 10,
    missing: 0,
    expectedByHour: ALL,
    coveredByHour,
    readings: 12 * readHours,
    readHours,
    sources: ['openstack'],
    ...changes,
  };
}

/** All 10 series are silent in these hours. */
const without = (...hours: number[]) =>
  day({ coveredByHour: HOURS.map((hour) => (hours.includes(hour) ? 0 : 10)) });

/** Near a day with data, so that metering was asked, and nothing came. */
const NOTHING_CAME = day({
  seen: 0,
  missing: 10,
  coveredByHour: HOURS.map(() => 0),
  sources: [],
});

function gaps(told: readonly (DayCompleteness | null)[], now = END) {
  const first = '2026-10-05';
  const days = daysFrom(first, addDays(first, told.length));
  const byDay = new Map<Day, DayCompleteness | null>(
    days.map((date, index) => [date, told[index] ?? null]),
  );
  return regionGaps(days, byDay, now);
}

const missing = (told: readonly (DayCompleteness | null)[], now = END) =>
  gaps(told, now).map(({ missingHours }) => missingHours);

describe('missing hours', () => {
  it('are those without a reading that data followed', () => {
    expect(missing([day(), without(11, 12), day()])).toEqual([[], [11, 12], []]);
  });

  it('make up the whole of silent days, and the morning of the day that ends the silence', () => {
    const back = day({
      expected: 0,
      expectedByHour: HOURS.map((hour) => (hour < 9 ? 0 : 10)),
      coveredByHour: HOURS.map((hour) => (hour < 9 ? 0 : 10)),
    });
    const found = missing([day(), NOTHING_CAME, null, null, back, day()]);
    expect(found).toEqual([[], HOURS, HOURS, HOURS, HOURS.slice(0, 9), []]);
  });

  it('are none after the last reading: whether more comes nobody knows', () => {
    const lastDay = without(...HOURS.slice(15));
    const found = gaps([day(), lastDay, NOTHING_CAME, null]);
    expect(found.map(({ missingHours }) => missingHours)).toEqual([[], [], [], []]);
    expect(found.map(({ emptyHours }) => emptyHours)).toEqual([[], HOURS.slice(15), HOURS, HOURS]);
  });

  it('are none before the first reading of the region', () => {
    const first = day({
      expected: 0,
      expectedByHour: HOURS.map((hour) => (hour < 15 ? 0 : 10)),
      coveredByHour: HOURS.map((hour) => (hour < 15 ? 0 : 10)),
    });
    expect(gaps([null, first, day()]).map(({ emptyHours }) => emptyHours)).toEqual([[], [], []]);
  });

  it('are none where everything was deleted', () => {
    const gone = day({
      expectedByHour: HOURS.map((hour) => (hour > 9 ? 0 : 10)),
      coveredByHour: HOURS.map((hour) => (hour > 9 ? 0 : 10)),
    });
    const later = day({ expected: 0, expectedByHour: HOURS.map(() => 0), seen: 0, sources: [] });
    expect(missing([day(), gone, later, null, day()])).toEqual([[], [], [], [], []]);
  });

  it('are none of few series: one instance that is off looks the same', () => {
    const few = (told: DayCompleteness): DayCompleteness => ({
      ...told,
      expected: 4,
      expectedByHour: HOURS.map(() => 4),
      coveredByHour: told.coveredByHour.map((count) => Math.min(count, 4)),
    });
    const found = gaps([few(day()), few(without(11)), few(day())]);
    expect(found[1]).toMatchObject({ emptyHours: [11], missingHours: [] });
  });

  it('are none of series that are read now and then', () => {
    const sparse = day({
      coveredByHour: HOURS.map((hour) => (hour === 10 || hour === 14 ? 10 : 0)),
      readings: 20,
      readHours: 20,
    });
    expect(missing([sparse, sparse])).toEqual([[], []]);
  });

  it('are none that are still to come', () => {
    const now = startOfDay('2026-10-06') + 13 * 3_600_000_000 + 1;
    const [, today] = gaps([day(), without(...HOURS.slice(11))], now);
    expect(today?.emptyHours).toEqual([11, 12]);
  });
});

describe('low hours', () => {
  it('have fewer than half of the series of the median hour, and of those expected', () => {
    const low = day({ coveredByHour: HOURS.map((hour) => (hour === 7 ? 4 : hour === 8 ? 5 : 10)) });
    expect(gaps([day(), low])[1]).toMatchObject({ lowHours: [7], missingHours: [] });
    const deleted = { ...low, expectedByHour: HOURS.map((hour) => (hour === 7 ? 4 : 10)) };
    expect(gaps([day(), deleted])[1]?.lowHours).toEqual([]);
  });
});

describe('silent sources', () => {
  const from = (...sources: string[]) => day({ sources });
  const silent = (told: readonly (DayCompleteness | null)[]) =>
    gaps(told).map(({ silentSources }) => silentSources);

  it('are those that delivered on two days running before, until they deliver again', () => {
    const found = silent([
      from('a', 'b'),
      from('a', 'b'),
      from('a'),
      from('a'),
      from('a', 'b'),
      from('a'),
    ]);
    expect(found).toEqual([[], [], ['b'], ['b'], [], []]);
  });

  it('are forgotten after a week', () => {
    const found = silent([
      from('a', 'b'),
      from('a', 'b'),
      ...Array.from({ length: 9 }, () => from('a')),
    ]);
    expect(found.filter((names) => names.includes('b'))).toHaveLength(7);
  });
});
