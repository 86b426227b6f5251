import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBoundary, parseWholeHour } from '../../../lib/period/boundary.ts';
import {
  addDays,
  addMonths,
  dayOf,
  daysFrom,
  daysOfMonth,
  hoursOfMonth,
  isDay,
  isMonth,
  monthOf,
  periodOfMonth,
  startOfDay,
} from '../../../lib/period/calendar.ts';
import { DAY_US, formatInstant } from '../../../lib/period/instant.ts';

describe('months and days', () => {
  it('have as many hours as UTC days give them: no hour is lost or doubled', () => {
    const hours = ['2026-02', '2028-02', '2026-03', '2026-10', '2026-11'].map(hoursOfMonth);
    expect(hours).toEqual([672, 696, 744, 744, 720]);
  });

  it('are half-open: the end of one is the start of the next', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000 }), (index) => {
        const month = addMonths('2010-01', index);
        expect(periodOfMonth(month).end).toBe(periodOfMonth(addMonths(month, 1)).start);
        expect(monthOf(periodOfMonth(month).start)).toBe(month);
        expect(monthOf(periodOfMonth(month).end - 1)).toBe(month);
      }),
    );
  });

  it('step over the turn of a year', () => {
    expect(addMonths('2026-12', 1)).toBe('2027-01');
    expect(addMonths('2026-01', -1)).toBe('2025-12');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2024-03-01', -1)).toBe('2024-02-29');
  });

  it('list their days', () => {
    expect(daysOfMonth('2026-02')).toHaveLength(28);
    expect(daysFrom('2026-10-30', '2026-11-02')).toEqual([
      '2026-10-30',
      '2026-10-31',
      '2026-11-01',
    ]);
    expect(daysFrom('2026-10-30', '2026-10-30')).toEqual([]);
  });

  it('put each instant into one day', () => {
    expect(dayOf(startOfDay('2026-10-05'))).toBe('2026-10-05');
    expect(dayOf(startOfDay('2026-10-05') + DAY_US - 1)).toBe('2026-10-05');
    expect(dayOf(-1)).toBe('1969-12-31');
  });

  it.each(['2026-02-29', '2026-13-01', '2026-1-01', '2026-10-05T00:00:00Z', ''])(
    'do not know a day %j',
    (text) => expect(isDay(text)).toBe(false),
  );

  it.each(['2026-00', '2026-13', '2026-1', '2026-10-01', '26-10', ''])(
    'do not know a month %j',
    (text) => expect(isMonth(text)).toBe(false),
  );
});

describe('boundaries', () => {
  it.each([
    ['2026-10-01', '2026-10-01T00:00:00Z'],
    ['2026-10-01T07:00:00Z', '2026-10-01T07:00:00Z'],
    ['2026-10-01T09:00:00+02:00', '2026-10-01T07:00:00Z'],
    ['9999-12-31', '9999-12-31T00:00:00Z'],
  ])('%s is %s', (text, expected) => {
    const instant = parseBoundary(text);
    expect(instant === null ? null : formatInstant(instant)).toBe(expected);
  });

  it.each(['2026-10-01T07:30:00Z', '2026-10-01T07:00:01Z', '2026-10', '2026-02-30', 'tomorrow'])(
    '%s is none',
    (text) => expect(parseBoundary(text)).toBeNull(),
  );

  it('an hour is not given by a date', () => expect(parseWholeHour('2026-10-01')).toBeNull());
});
