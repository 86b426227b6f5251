import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coverage,
  meanAbsoluteError,
  pinball,
  seasonalScale,
} from '../../../lib/forecasting/accuracy.ts';
import { calibratedForecast } from '../../../lib/forecasting/calibrated-forecast.ts';
import { calibrate } from '../../../lib/forecasting/calibration.ts';
import { exhaustion } from '../../../lib/forecasting/exhaustion.ts';
import { normalSource, seededRandom } from '../../../lib/forecasting/random.ts';

function noisePaths(rounds: number, horizon: number, seed: number): number[][] {
  const normal = normalSource(seededRandom(seed));
  return Array.from({ length: rounds }, () => Array.from({ length: horizon }, normal));
}

describe('intervals from backtest errors', () => {
  it('have the width of independent errors', () => {
    const errors = calibrate(noisePaths(40, 20, 1), 1);
    expect(errors.quantile(0.975, 0)).toBeGreaterThan(1.7);
    expect(errors.quantile(0.975, 19)).toBeLessThan(2.3);
    expect(errors.quantile(0.5, 5)).toBeCloseTo(0, 0);
  });

  it('grow with the horizon as the errors of a random walk', () => {
    const walks = noisePaths(60, 50, 2).map((path) => {
      let sum = 0;
      return path.map((value) => {
        sum += value;
        return sum;
      });
    });
    const errors = calibrate(walks, 1);
    const growth = errors.quantile(0.9, 48) / errors.quantile(0.9, 2);
    expect(growth).toBeGreaterThan(2.8);
    expect(growth).toBeLessThan(5.6);
    expect(errors.shared).toBeGreaterThan(0.2);
  });

  it('are wider the fewer rounds there are', () => {
    const path = noisePaths(1, 12, 4)[0] ?? [];
    const level = path.map((value) => 5 + 0.1 * value);
    const few = calibrate([level, level.map((value) => -value)], 0.25);
    const many = calibrate(
      Array.from({ length: 40 }, (_, turn) => level.map((value) => (turn % 2 ? value : -value))),
      1,
    );
    expect(few.quantile(0.975, 3)).toBeGreaterThan(1.2 * many.quantile(0.975, 3));
  });

  it('never cross, at any probability and step', () => {
    const path = fc.array(fc.option(fc.double({ min: -1e9, max: 1e9, noNaN: true })), {
      minLength: 2,
      maxLength: 12,
    });
    const paths = fc
      .array(path, { minLength: 1, maxLength: 6 })
      .filter((all) => all.flat().some((error) => error !== null));
    fc.assert(
      fc.property(paths, (all) => {
        const errors = calibrate(all, 0.25);
        for (const step of [0, 5, 300]) {
          let before = Number.NEGATIVE_INFINITY;
          for (let level = 1; level < 2_000; level += 1) {
            const value = errors.quantile(level / 2_000, step);
            expect(value).toBeGreaterThanOrEqual(before);
            before = value;
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('cover new errors as often as they promise', () => {
    let [inside, total] = [0, 0];
    for (let seed = 1; seed <= 40; seed += 1) {
      const [next = [], ...known] = noisePaths(9, 24, seed);
      const errors = calibrate(known, 0.5);
      const bound = (level: number) =>
        new Float64Array(24).map((_, step) => errors.quantile(level, step));
      inside += 24 * (coverage(next, bound(0.025), bound(0.975)) ?? 0);
      total += 24;
    }
    expect(inside / total).toBeGreaterThan(0.92);
    expect(inside / total).toBeLessThan(0.98);
  });
});

describe('paths of a calibrated forecast', () => {
  const errors = calibrate(noisePaths(40, 20, 1), 1);
  const forecast = calibratedForecast({
    origin: 0,
    step: 'day',
    mean: new Float64Array(20).fill(50),
    errors,
  });

  it('spread at each step as its quantiles say', () => {
    const paths = forecast.paths(4_000, seededRandom(5));
    for (const level of [0.1, 0.5, 0.9]) {
      const bound = forecast.quantile(level)[7] ?? 0;
      const below = paths.filter((path) => (path[7] ?? 0) <= bound).length / paths.length;
      expect(Math.abs(below - level)).toBeLessThan(0.03);
    }
  });

  it('are the same for the same seed', () => {
    expect(forecast.paths(3, seededRandom(9))).toEqual(forecast.paths(3, seededRandom(9)));
  });
});

describe('exhaustion', () => {
  const paths = [
    [1, 5, 1],
    [1, 1, 1],
    [4, 1, 6],
    [1, 1, 4],
  ].map((path) => Float64Array.from(path));

  it('is the first time that a path exceeds capacity: a peak counts for ever after', () => {
    const { probabilityBy, stepAt } = exhaustion(paths, new Float64Array(3).fill(3));
    expect([...probabilityBy]).toEqual([0.25, 0.5, 0.75]);
    expect(stepAt(0.1)).toBe(0);
    expect(stepAt(0.5)).toBe(1);
    expect(stepAt(0.9)).toBeNull();
  });

  it('is not reached by demand that equals capacity', () => {
    expect(exhaustion(paths, new Float64Array(3).fill(6)).stepAt(0.01)).toBeNull();
  });

  it('never comes nearer with more capacity', () => {
    const capacity = fc.double({ min: 0, max: 10, noNaN: true });
    fc.assert(
      fc.property(capacity, capacity, (low, extra) => {
        const tight = exhaustion(paths, new Float64Array(3).fill(low)).probabilityBy;
        const wide = exhaustion(paths, new Float64Array(3).fill(low + extra)).probabilityBy;
        for (const [step, probability] of wide.entries()) {
          expect(probability).toBeLessThanOrEqual(tight[step] ?? 0);
        }
      }),
    );
  });
});

describe('accuracy', () => {
  it('scores observed steps only', () => {
    expect(meanAbsoluteError([1, null, 5], Float64Array.from([2, 9, 3]))).toBe(1.5);
    expect(meanAbsoluteError([null], Float64Array.from([2]))).toBeNull();
    expect(coverage([1, null, 5], Float64Array.from([1, 0, 0]), Float64Array.from([2, 1, 4]))).toBe(
      0.5,
    );
  });

  it('scales by the seasonal naive (Hyndman and Koehler, 2006)', () => {
    expect(seasonalScale([1, 3, 2, 6], 1)).toBeCloseTo(7 / 3, 12);
    expect(seasonalScale([1, 3, null, 6], 2)).toBe(3);
    expect(seasonalScale([2, 2, 2], 1)).toBeNull();
  });

  it('has the pinball loss of its definition', () => {
    expect(pinball(10, 8, 0.9)).toBeCloseTo(1.8, 12);
    expect(pinball(8, 10, 0.9)).toBeCloseTo(0.2, 12);
  });
});
