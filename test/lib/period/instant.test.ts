import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  daysInMonth,
  formatInstant,
  instantOfDate,
  parseInstant,
} from '../../../lib/period/instant.ts';

describe('parseInstant', () => {
  it.each([
    ['2026-10-05T10:00:00Z', '2026-10-05T10:00:00Z'],
    ['2026-10-05 10:00:00', '2026-10-05T10:00:00Z'],
    ['2026-10-05T10:00:00', '2026-10-05T10:00:00Z'],
    ['2026-10-05T10:00:00z', '2026-10-05T10:00:00Z'],
    ['2026-10-05T10:00:00+00:00', '2026-10-05T10:00:00Z'],
    ['2026-10-05T10:00:00-00:00', '2026-10-05T10:00:00Z'],
    ['2026-10-05T10:00:00+05:30', '2026-10-05T04:30:00Z'],
    ['2026-10-05T10:00:00-0930', '2026-10-05T19:30:00Z'],
    ['2026-10-05T10:00:00.5', '2026-10-05T10:00:00.500000Z'],
    ['2026-10-05T10:00:00.123456', '2026-10-05T10:00:00.123456Z'],
    ['2026-10-05T10:00:00.123456999Z', '2026-10-05T10:00:00.123456Z'],
    ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z'],
  ])('reads %s as %s', (text, expected) => {
    const instant = parseInstant(text);
    expect(instant === null ? null : formatInstant(instant)).toBe(expected);
  });

  it.each([
    ['30 February, which JavaScript moves to March', '2026-02-30T00:00:00Z'],
    ['29 February of a common year', '2026-02-29T00:00:00Z'],
    ['29 February of 1900', '1900-02-29T00:00:00Z'],
    ['31 April', '2026-04-31T00:00:00Z'],
    ['hour 24', '2026-10-05T24:00:00Z'],
    ['a leap second', '2026-12-31T23:59:60Z'],
    ['minute 60', '2026-10-05T10:60:00Z'],
    ['month 13', '2026-13-01T00:00:00Z'],
    ['month 0', '2026-00-10T00:00:00Z'],
    ['day 0', '2026-10-00T00:00:00Z'],
    ['an offset of 24 hours', '2026-10-05T10:00:00+24:00'],
    ['an offset of 60 minutes', '2026-10-05T10:00:00+01:60'],
    ['a date alone', '2026-10-05'],
    ['no seconds', '2026-10-05T10:00Z'],
    ['epoch seconds', '1767225600'],
    ['a year of five digits', '+12026-10-05T10:00:00Z'],
    ['a point without digits', '2026-10-05T10:00:00.Z'],
    ['a comma for the point', '2026-10-05T10:00:00,5Z'],
    ['text around it', ' 2026-10-05T10:00:00Z'],
    ['a line end after it', '2026-10-05T10:00:00Z\n'],
    ['a name of a zone', '2026-10-05T10:00:00 CET'],
    ['nothing', ''],
  ])('does not read %s', (_name, text) => {
    expect(parseInstant(text)).toBeNull();
  });

  it('agrees with Date on every instant that Date can write', () => {
    const dates = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('2250-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseInstant(date.toISOString())).toBe(instantOfDate(date));
      }),
    );
  });

  it('reads back every microsecond that it writes', () => {
    const instants = fc.integer({ min: -62_135_596_800_000_000, max: 8_000_000_000_000_000 });
    fc.assert(
      fc.property(instants, (instant) => {
        expect(parseInstant(formatInstant(instant))).toBe(instant);
      }),
    );
  });
});

it('counts the days of months', () => {
  expect([1, 2, 3, 4, 12].map((month) => daysInMonth(2026, month))).toEqual([31, 28, 31, 30, 31]);
  expect([1900, 2000, 2023, 2024].map((year) => daysInMonth(year, 2))).toEqual([28, 29, 28, 29]);
});
