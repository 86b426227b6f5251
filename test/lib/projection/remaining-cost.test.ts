import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PARTS, type Pace, remainingCost } from '../../../lib/projection/remaining-cost.ts';

const HOURS = 744;
/** A Thursday, as 2026-10-01 was: 0 is the first day of 1970. */
const FIRST_WEEKDAY = 0;

/** A month of these days, the last of them whole; of a cost a day in hundredths. */
function paceOf(costs: readonly number[], more: Partial<Pace> = {}): Pace {
  const days = costs.map((cost) => BigInt(Math.round(cost * 1_000_000)));
  return {
    month: { firstWeekday: FIRST_WEEKDAY, costs: days },
    before: null,
    grown: days.reduce((sum, day) => sum + day, 0n),
    elapsedHours: costs.length * 24,
    hoursInMonth: HOURS,
    ...more,
  };
}

/** What the whole month comes to, in days of the cost 1. */
function monthOf(pace: Pace) {
  const { low, middle, high } = remainingCost(pace);
  const whole = (parts: bigint) =>
    (Number(pace.grown) / 1_000_000) * (1 + Number(parts) / Number(PARTS));
  return { low: whole(low), middle: whole(middle), high: whole(high) };
}

const flat = (days: number, cost = 1) => Array.from({ length: days }, () => cost);
/** Thursday to Wednesday: Saturday and Sunday rest. */
const week = (days: number, weekend = 0.5) =>
  Array.from({ length: days }, (_, day) => ([2, 3].includes(day % 7) ? weekend : 1));

describe('what the rest of a month costs', () => {
  it('is the rate of the hours so far until three days have passed', () => {
    expect(monthOf(paceOf([1, 0.4])).middle).toBeCloseTo((1.4 / 48) * HOURS, 6);
    const hour = paceOf([], { grown: 1_000_000n, elapsedHours: 1 });
    expect(monthOf(hour).middle).toBeCloseTo(HOURS, 6);
  });

  it('goes on from where days stand, not from their mean: a team that came late was not idle before', () => {
    const late = paceOf([...flat(9, 0), ...flat(6)]);
    expect(monthOf(late).middle).toBeCloseTo(6 + 16, 1);
    const doubled = paceOf([...flat(8), ...flat(7, 2)]);
    expect(monthOf(doubled).middle).toBeGreaterThan(8 + 14 + 16 * 1.8);
  });

  it('of a team that came today is the rate of its hours today', () => {
    const today = paceOf(flat(9, 0), { grown: 500_000n, elapsedHours: 9 * 24 + 12 });
    expect(monthOf(today).middle).toBeCloseTo(22, 6);
    expect(monthOf(today).high).toBeGreaterThan(26);
  });

  it('does not take the day on which a team came, of which it had a part, for a low one', () => {
    const late = paceOf([...flat(9, 0), 0.2, ...flat(5)]);
    expect(monthOf(late).middle).toBeCloseTo(5.2 + 16, 6);
  });

  it('leaves room for a team that came for a day and went', () => {
    const gone = monthOf(paceOf([...flat(9, 0), 1, ...flat(5, 0)]));
    expect(gone.middle).toBeLessThan(8);
    expect(gone.high).toBeGreaterThan(gone.middle + 1);
    const before = { firstWeekday: 5, costs: [0n, 5n, 0n, 0n] };
    expect(monthOf(paceOf(flat(9), { before })).middle).toBeCloseTo(31, 0);
  });

  it('expects of a day what its weekday cost, once each was seen twice', () => {
    const [days, whole] = [week(16), week(31)];
    const truth = whole.reduce((sum, cost) => sum + cost, 0);
    expect(monthOf(paceOf(days)).middle / truth).toBeCloseTo(1, 2);
  });

  it('knows weekdays from the month before on the first days', () => {
    const [days, whole] = [week(3), week(31)];
    const truth = whole.reduce((sum, cost) => sum + cost, 0);
    // September 2026 began two days earlier in the week.
    const september = Array.from({ length: 30 }, (_, day) => whole[(day + 5) % 7] ?? 1);
    const before = {
      firstWeekday: 5,
      costs: september.map((cost) => BigInt(cost * 1_000)),
    };
    const told = monthOf(paceOf(days, { before }));
    expect(Math.abs(told.middle / truth - 1)).toBeLessThan(0.03);
    expect(Math.abs(monthOf(paceOf(days)).middle / truth - 1)).toBeGreaterThan(0.05);
  });

  it('is the wider the more days went up and down, and the fewer there are', () => {
    const widthOf = (costs: number[]) => {
      const { low, middle, high } = monthOf(paceOf(costs));
      return (high - low) / middle;
    };
    const wild = Array.from({ length: 10 }, (_, day) => (day % 3 === 0 ? 2 : 0.5));
    expect(widthOf(wild)).toBeGreaterThan(3 * widthOf(flat(10)));
    expect(widthOf(flat(4))).toBeGreaterThan(2 * widthOf(flat(20)));
  });

  it('of nothing so far is nothing', () => {
    expect(remainingCost(paceOf(flat(5, 0)))).toEqual({ low: 0n, middle: 0n, high: 0n });
  });

  const cost = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1, max: 10_000_000 }) },
    { weight: 1, arbitrary: fc.constant(0) },
  );
  const course = fc.record({
    days: fc.array(cost, { minLength: 0, maxLength: 31 }),
    today: fc.integer({ min: 1, max: 1_000_000 }),
    hours: fc.integer({ min: 1, max: 23 }),
    before: fc.option(fc.array(cost, { minLength: 1, maxLength: 31 })),
  });
  type Course = typeof course extends fc.Arbitrary<infer T> ? T : never;
  const paceOfCourse = ({ days, today, hours, before }: Course, times = 1): Pace => {
    const isOver = days.length === 31;
    const costs = days.map((day) => BigInt(day * times));
    const grown = costs.reduce((sum, day) => sum + day, 0n);
    return {
      month: { firstWeekday: FIRST_WEEKDAY, costs },
      before: before === null ? null : { firstWeekday: 5, costs: before.map((day) => BigInt(day)) },
      grown: isOver ? grown : grown + BigInt(today * times),
      elapsedHours: isOver ? HOURS : days.length * 24 + hours,
      hoursInMonth: HOURS,
    };
  };

  it('never crosses: low, middle, high, none below nothing', () => {
    fc.assert(
      fc.property(course, (one) => {
        const { low, middle, high } = remainingCost(paceOfCourse(one));
        expect(low >= 0n && low <= middle && middle <= high).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('is nothing at the end of the month', () => {
    fc.assert(
      fc.property(fc.array(cost, { minLength: 31, maxLength: 31 }), (days) => {
        const ended = paceOfCourse({ days, today: 1, hours: 1, before: null });
        expect(remainingCost(ended)).toEqual({ low: 0n, middle: 0n, high: 0n });
      }),
      { numRuns: 50 },
    );
  });

  it('keeps its proportions when all prices are a thousand times what they are', () => {
    fc.assert(
      fc.property(course, (one) => {
        const [plain, scaled] = [
          remainingCost(paceOfCourse(one)),
          remainingCost(paceOfCourse(one, 1_000)),
        ];
        for (const key of ['low', 'middle', 'high'] as const) {
          const difference = Number(plain[key] - scaled[key]);
          expect(Math.abs(difference)).toBeLessThanOrEqual(1e-9 * Number(plain[key]) + 1e6);
        }
      }),
      { numRuns: 100 },
    );
  });
});
