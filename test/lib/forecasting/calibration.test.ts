import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coverage,
  meanAbsoluteError,
  pinball,
  seasonalScale,
} from '../../../lib/forecasting/accuracy.ts';
import { calibratedForecast } from '../../../lib/forecasting/calibrated-forecast.ts';
import { calibrate, type ErrorPath } from '../../../lib/forecasting/calibration.ts';
import { exhaustion } from '../../../lib/forecasting/exhaustion.ts';
import { normalSource, seededRandom } from '../../../lib/forecasting/random.ts';

function noisePaths(rounds: number, horizon: number, seed: number): number[][] {
  const normal = normalSource(seededRandom(seed));
  return Array.from({ length: rounds }, () => Array.from({ length: horizon }, normal));
}

/** Bounds at a level, for models that state a deviation of `stated` at every step. */
function bounds(
  paths: readonly ErrorPath[],
  rest: { readonly stated?: number; readonly steps?: number; readonly strideShare?: number } = {},
): (level: number) => Float64Array {
  const { stated = 1, steps = 20, strideShare = 1 } = rest;
  const spread = new Float64Array(steps).fill(stated);
  const errors = calibrate({ paths, spread, strideShare });
  return (level) => spread.map((_, step) => errors.scale(step) * errors.shape(level));
}

const value = (values: Float64Array, step: number) => values[step] ?? Number.NaN;

describe('intervals from backtest errors', () => {
  it('have the width of independent errors', () => {
    const bound = bounds(noisePaths(40, 20, 1));
    expect(value(bound(0.025), 0)).toBeGreaterThan(-2.2);
    expect(value(bound(0.025), 19)).toBeLessThan(-1.8);
    expect(value(bound(0.5), 5)).toBe(0);
  });

  it('have heavy tails beyond 95 %: those of Student with 4 degrees of freedom', () => {
    // scipy.stats.t.ppf([0.975, 0.99, 0.999], 4) = 2.776445, 3.746947, 7.173182
    const bound = bounds(noisePaths(40, 20, 1));
    const edge = value(bound(0.975), 0);
    expect(value(bound(0.99), 0) / edge).toBeCloseTo(3.746947 / 2.776445, 5);
    expect(value(bound(0.001), 0) / value(bound(0.025), 0)).toBeCloseTo(7.173182 / 2.776445, 5);
  });

  it('believe the backtest more when the models promise too much', () => {
    const promised = bounds(noisePaths(40, 20, 1), { stated: 0.25 });
    const honest = bounds(noisePaths(40, 20, 1), { stated: 1 });
    expect(value(honest(0.9), 3) / value(promised(0.9), 3)).toBeCloseTo(4 ** 0.4, 6);
  });

  it('reach further up than down: demand has a floor and no ceiling', () => {
    const bound = bounds(noisePaths(40, 20, 1));
    expect(value(bound(0.9), 3) / -value(bound(0.1), 3)).toBeCloseTo(1.13, 6);
  });

  it('grow with the horizon as errors did', () => {
    const walks = noisePaths(60, 50, 2).map((path) => {
      let sum = 0;
      return path.map((step) => {
        sum += step;
        return sum;
      });
    });
    const spread = new Float64Array(50).map((_, step) => Math.sqrt(step + 1));
    const errors = calibrate({ paths: walks, spread, strideShare: 1 });
    expect(errors.scale(48) / errors.scale(2)).toBeGreaterThan(2.8);
    expect(errors.scale(48) / errors.scale(2)).toBeLessThan(5.6);
    expect(errors.shared).toBeGreaterThan(0.2);
    expect(errors.carried(10)).toBeGreaterThan(0.8);
  });

  it('are wider the fewer independent errors there are', () => {
    const level = (noisePaths(1, 20, 4)[0] ?? []).map((error) => 5 + 0.1 * error);
    const turned = level.map((error) => -error);
    const few = bounds([level, turned], { strideShare: 0.25 });
    const many = bounds(Array.from({ length: 40 }, (_, turn) => (turn % 2 ? level : turned)));
    expect(value(few(0.975), 3)).toBeGreaterThan(1.2 * value(many(0.975), 3));
  });

  it('are never wider by nothing: a perfect backtest does not overrule the models', () => {
    const bound = bounds(
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
      { stated: 4 },
    );
    expect(value(bound(0.975), 1)).toBeGreaterThan(0.5);
    expect(value(bounds([[0, 0]], { stated: 0 })(0.975), 1)).toBe(0);
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
        const { shape, scale } = calibrate({
          paths: all,
          spread: Float64Array.from([1, 2, 3]),
          strideShare: 0.25,
        });
        let before = Number.NEGATIVE_INFINITY;
        for (let level = 1; level < 2_000; level += 1) {
          const quantile = shape(level / 2_000);
          expect(quantile).toBeGreaterThanOrEqual(before);
          before = quantile;
        }
        for (const step of [0, 5, 300]) expect(scale(step)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 50 },
    );
  });

  it('cover new errors as often as they promise', () => {
    let [inside, total] = [0, 0];
    for (let seed = 1; seed <= 40; seed += 1) {
      const [next = [], ...known] = noisePaths(9, 24, seed);
      const bound = bounds(known, { steps: 24, strideShare: 0.5 });
      inside += 24 * (coverage(next, bound(0.025), bound(0.975)) ?? 0);
      total += 24;
    }
    expect(inside / total).toBeGreaterThan(0.92);
    expect(inside / total).toBeLessThan(0.98);
  });
});

describe('paths of a calibrated forecast', () => {
  const mean = new Float64Array(20).fill(50);
  const errors = calibrate({
    paths: noisePaths(40, 20, 1),
    spread: mean.map(() => 1),
    strideShare: 1,
  });
  const forecast = calibratedForecast({ origin: 0, step: 'day', mean, errors });

  it('spread at each step as its quantiles say', () => {
    const paths = forecast.paths(4_000, seededRandom(5));
    for (const level of [0.1, 0.5, 0.9]) {
      const bound = value(forecast.quantile(level), 7);
      const below = paths.filter((path) => value(path, 7) <= bound).length / paths.length;
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
