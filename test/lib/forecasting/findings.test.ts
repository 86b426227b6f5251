import { describe, expect, it } from 'vitest';
import { findingsIn } from '../../../lib/forecasting/findings.ts';
import { frozenRuns } from '../../../lib/forecasting/frozen-runs.ts';
import { normalSource, seededRandom } from '../../../lib/forecasting/random.ts';
import { daily } from './published-series.ts';

const LEVEL = 1_000;

/** Weekdays around 1,000 with noise, and `extra` on top. */
function demand(days: number, extra: (day: number) => number = () => 0, seed = 5): number[] {
  const normal = normalSource(seededRandom(seed));
  return Array.from(
    { length: days },
    (_, day) => LEVEL + 60 * Math.sin((2 * Math.PI * day) / 7) + 10 * normal() + extra(day),
  );
}

describe('what is found in a history', () => {
  it('is a level shift where a team moved in, with its size and day', () => {
    const { shifts } = findingsIn(daily(demand(200, (day) => (day >= 120 ? 400 : 0))));
    expect(shifts).toHaveLength(1);
    expect(Math.abs((shifts[0]?.index ?? 0) - 120)).toBeLessThanOrEqual(2);
    expect(Math.abs((shifts[0]?.size ?? 0) - 400)).toBeLessThan(20);
  });

  it('is both ends of what was temporary', () => {
    const { shifts } = findingsIn(
      daily(demand(300, (day) => (day >= 120 && day < 180 ? -300 : 0))),
    );
    expect(shifts.map(({ size }) => Math.sign(size))).toEqual([-1, 1]);
  });

  it.each([
    ['steady demand', () => 0],
    ['steady growth', (day: number) => 8 * day],
    ['a slow wave', (day: number) => 100 * Math.sin(day / 40)],
  ])('is no shift in %s', (_, extra) => {
    for (let seed = 1; seed <= 5; seed += 1) {
      expect(findingsIn(daily(demand(200, extra, seed))).shifts).toEqual([]);
    }
  });

  it('is one broken reading, by its place', () => {
    const found = findingsIn(daily(demand(200, (day) => (day === 60 ? 1e12 : 0))));
    expect(found).toEqual({ outliers: [60], shifts: [], frozen: [] });
  });

  it('is a collector that went on telling its last value', () => {
    const values = demand(200);
    values.fill(values[150] ?? 0, 150, 170);
    expect(findingsIn(daily(values)).frozen).toEqual([{ from: 150, to: 170 }]);
  });

  it('is nothing in a history of nothing', () => {
    expect(findingsIn(daily([null, null]))).toEqual({ outliers: [], shifts: [], frozen: [] });
  });
});

describe('a frozen run', () => {
  it('is not told of a constant, nor of counts that often repeat', () => {
    expect(frozenRuns(new Array(50).fill(3), 12)).toEqual([]);
    const counts = Array.from({ length: 90 }, (_, day) => Math.floor(day / 4));
    expect(frozenRuns([...counts, ...new Array(30).fill(22)], 12)).toEqual([]);
  });

  it('goes on over a gap', () => {
    const moving = Array.from({ length: 40 }, (_, day) => day * 1.5);
    const stuck = [7, 7, null, 7, 7];
    expect(frozenRuns([...moving, ...stuck, 99], 4)).toEqual([{ from: 40, to: 45 }]);
  });
});
