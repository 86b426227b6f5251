import { describe, expect, it } from 'vitest';
import { fillGaps } from '../../../lib/forecasting/gaps.ts';

describe('gaps, for fitting', () => {
  it('lie on the line between their neighbours', () => {
    expect([...fillGaps([1, null, null, 4], 1)]).toEqual([1, 2, 3, 4]);
  });

  it('take the nearest value at the ends', () => {
    expect([...fillGaps([null, 5, 6, null], 1)]).toEqual([5, 5, 6, 6]);
  });

  it('follow the season where it is known', () => {
    const week = [10, 12, 14, 12, 10, 2, 1];
    const values: (number | null)[] = [...week, ...week, ...week, ...week];
    values[12] = null;
    values[13] = null;
    const filled = fillGaps(values, 7);
    // A straight line would give 10 for both.
    expect(Math.abs((filled[12] ?? 0) - 2)).toBeLessThan(1);
    expect(Math.abs((filled[13] ?? 0) - 1)).toBeLessThan(1);
    expect(filled[11]).toBe(10);
  });

  it('leave what was observed as it was', () => {
    const values = [3, 1, 4, null, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7];
    const filled = fillGaps(values, 7);
    for (const [index, value] of values.entries()) {
      if (value !== null) expect(filled[index]).toBe(value);
    }
  });
});
