import { describe, expect, it } from 'vitest';
import { nelderMead } from '../../../lib/forecasting/nelder-mead.ts';
import {
  at,
  autocorrelations,
  lineThrough,
  medianOf,
  quantileOfSorted,
} from '../../../lib/forecasting/numbers.ts';
import {
  normalProbability,
  normalQuantile,
  normalSource,
  seededRandom,
} from '../../../lib/forecasting/random.ts';
import { NILE } from './published-series.ts';

describe('numbers of a sample', () => {
  it('interpolates quantiles as R type 7', () => {
    expect(quantileOfSorted([1, 2, 3, 10], 0.5)).toBe(2.5);
    expect(quantileOfSorted([1, 2, 3, 10], 0.9)).toBeCloseTo(7.9, 12);
    expect(medianOf([3, 1, 2])).toBe(2);
  });

  it('draws the line of least squares', () => {
    const line = lineThrough([1, 3, 5, 7]);
    expect(line.intercept).toBeCloseTo(1, 12);
    expect(line.slope).toBeCloseTo(2, 12);
    expect(lineThrough([5])).toEqual({ intercept: 5, slope: 0 });
  });

  it('has the autocorrelations of R acf(Nile)', () => {
    const [first, second] = autocorrelations(NILE, 2);
    expect(first).toBeCloseTo(0.498, 3);
    expect(second).toBeCloseTo(0.385, 3);
    expect(autocorrelations([4, 4, 4], 1)[0]).toBe(0);
  });

  it('reads outside of an array as not a number, never as zero', () => {
    expect(at([1], 1)).toBeNaN();
  });
});

describe('the normal distribution', () => {
  // scipy.stats.norm.ppf
  it.each([
    [0.001, -3.09023231],
    [0.025, -1.95996398],
    [0.3, -0.52440051],
    [0.9, 1.28155157],
    [0.999999, 4.75342431],
  ])('has its %f quantile at %f', (probability, expected) => {
    expect(normalQuantile(probability)).toBeCloseTo(expected, 6);
    expect(normalProbability(expected)).toBeCloseTo(probability, 6);
  });

  it('is drawn with mean 0 and variance 1, and the same for the same seed', () => {
    const draw = (seed: number) => {
      const normal = normalSource(seededRandom(seed));
      return Array.from({ length: 20_000 }, normal);
    };
    const values = draw(7);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(variance).toBeCloseTo(1, 1);
    expect(draw(7)).toEqual(values);
    expect(draw(8)).not.toEqual(values);
  });
});

describe('the downhill simplex', () => {
  it('finds the minimum of Rosenbrock', () => {
    const rosenbrock = (point: Float64Array) =>
      100 * (at(point, 1) - at(point, 0) ** 2) ** 2 + (1 - at(point, 0)) ** 2;
    const { point, value } = nelderMead(rosenbrock, [-1.2, 1], {
      step: 0.5,
      evaluations: 400,
      tolerance: 1e-12,
    });
    expect(value).toBeLessThan(1e-8);
    expect(point[0]).toBeCloseTo(1, 3);
  });

  it('stays inside where the function is defined', () => {
    const log = (point: Float64Array) =>
      at(point, 0) <= 0 ? Number.POSITIVE_INFINITY : at(point, 0) - Math.log(at(point, 0));
    const { point } = nelderMead(log, [3], { step: -4, evaluations: 100, tolerance: 1e-10 });
    expect(point[0]).toBeCloseTo(1, 3);
  });
});
