import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { medianOf } from '../../../lib/forecasting/numbers.ts';
import { fenced, movingMedians } from '../../../lib/forecasting/outliers.ts';
import { normalSource, seededRandom } from '../../../lib/forecasting/random.ts';

const WEEK = 7;

/** Weekdays around a level of 100, with noise. */
function weeks(days: number, at: (day: number) => number = () => 0): Float64Array {
  const normal = normalSource(seededRandom(4));
  return new Float64Array(days).map(
    (_, day) => 100 + 20 * Math.sin((2 * Math.PI * day) / WEEK) + normal() + at(day),
  );
}

describe('fencing outliers in', () => {
  it('draws one broken reading in, and leaves every other value', () => {
    const clean = weeks(140);
    const broken = weeks(140, (day) => (day === 60 ? 1e12 : 0));
    const result = fenced(broken, WEEK);
    expect(Math.abs((result[60] ?? 0) - (clean[60] ?? 0))).toBeLessThan(15);
    expect(result.filter((value, day) => value !== broken[day])).toHaveLength(1);
  });

  it.each([
    ['a level that stays', (day: number) => (day >= 70 ? 500 : 0)],
    ['a swing of a week', (day: number) => (day >= 70 && day < 77 ? 500 : 0)],
    ['a peak on the same weekday every week', (day: number) => (day % WEEK === 3 ? 500 : 0)],
    ['what came last: it may stay', (day: number) => (day === 139 ? 500 : 0)],
  ])('leaves %s', (_, at) => {
    const values = weeks(140, at);
    expect(fenced(values, WEEK)).toEqual(values);
  });

  it('leaves a constant, and a history too short to tell', () => {
    const constant = new Float64Array(60).fill(7);
    expect(fenced(constant, WEEK)).toEqual(constant);
    const short = Float64Array.of(1, 1, 1e9, 1, 1);
    expect(fenced(short, WEEK)).toEqual(short);
  });

  it('draws the newest value in only when it is beyond belief', () => {
    const steps = new Float64Array(140).map((_, day) => (day > 137 ? 9 : day > 100 ? 5 : 4));
    const moving = steps.map((value, day) => (day % 3 === 0 ? value + 0.001 : value));
    expect(fenced(moving, WEEK).at(-1)).toBe(moving.at(-1));
    const broken = weeks(140, (day) => (day === 139 ? 1e12 : 0));
    expect(fenced(broken, WEEK).at(-1)).toBeLessThan(200);
  });

  it('moves and scales with the values', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 120 }),
        fc.double({ min: 50, max: 5_000, noNaN: true }),
        fc.constantFrom(1 / 8, 1, 4, 1_024),
        (spike, size, scale) => {
          const values = weeks(140, (day) => (day === spike ? size : 0));
          const there = fenced(values, WEEK).map((value) => 3 + scale * value);
          const here = fenced(
            values.map((value) => 3 + scale * value),
            WEEK,
          );
          for (const [day, value] of here.entries()) {
            expect(value).toBeCloseTo(there[day] ?? Number.NaN, 6);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('moving medians', () => {
  it('are the medians of the windows', () => {
    const values = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 9, maxLength: 40 });
    fc.assert(
      fc.property(values, fc.constantFrom(1, 3, 7), (list, window) => {
        const half = window >> 1;
        const medians = movingMedians(Float64Array.from(list), window);
        for (const [index, median] of medians.entries()) {
          const center = Math.min(list.length - 1 - half, Math.max(half, index));
          expect(median).toBe(medianOf(list.slice(center - half, center + half + 1)));
        }
      }),
    );
  });
});
