import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { predictLinear, repeatedWeek } from '../../../lib/records/simple-forecasts.ts';

describe('repeating the week', () => {
  it('says of each day what it was seven days before', () => {
    const week = [1, 2, 3, 4, 5, 6, 7];
    expect(repeatedWeek([9, ...week], 9)).toEqual([...week, 1, 2]);
  });

  it('repeats the last value where no week is known', () => {
    expect(repeatedWeek([3, 5], 3)).toEqual([5, 5, 5]);
  });
});

describe('predict_linear', () => {
  it('goes on with the line through the last 30 days, whatever was before', () => {
    const line = Array.from({ length: 30 }, (_, index) => 100 + 2 * index);
    const told = predictLinear([7_000, 1, ...line], 3);
    expect(told.map((value) => Number(value.toFixed(9)))).toEqual([160, 162, 164]);
  });

  it('is the least squares of R: lm(c(1, 3, 2, 5) ~ 1:4) at 5 and 6', () => {
    const told = predictLinear([1, 3, 2, 5], 2);
    expect(told.map((value) => Number(value.toFixed(9)))).toEqual([5.5, 6.6]);
  });

  it('is not moved by days that were not observed', () => {
    const told = predictLinear([10, null, 30, 40, null, null], 2);
    expect(told.map((value) => Number(value.toFixed(9)))).toEqual([70, 80]);
  });

  it('says the same value again of a single one', () => {
    expect(predictLinear([null, 42, null], 2)).toEqual([42, 42]);
  });

  it('moves and grows as its history does', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 2, maxLength: 60 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: -500, max: 500 }),
        (values, factor, shift) => {
          const plain = predictLinear(values, 10);
          const changed = predictLinear(
            values.map((value) => factor * value + shift),
            10,
          );
          for (const [step, value] of changed.entries()) {
            expect(value).toBeCloseTo(factor * (plain[step] ?? Number.NaN) + shift, 6);
          }
        },
      ),
      { numRuns: 100 },
    ));
});
