import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { solvePositiveDefinite } from '../../../lib/forecasting/linear-equations.ts';
import { normalSource, seededRandom } from '../../../lib/forecasting/random.ts';
import {
  fitLagRegression,
  seasonalAutoregression,
} from '../../../lib/forecasting/seasonal-autoregression.ts';
import type { Series } from '../../../lib/forecasting/series.ts';

const hours = (values: Float64Array): Series => ({
  start: 0,
  step: 'hour',
  values: Array.from(values),
});

function forecastOf(history: Series, horizonSteps: number) {
  const fit = seasonalAutoregression([24, 168]).fit(history);
  if (!fit.ok) throw new Error(fit.reason);
  return fit.model.forecast(horizonSteps);
}

describe('a regression on lags', () => {
  it('finds the coefficients that made the values', () => {
    const normal = normalSource(seededRandom(1));
    const values = new Float64Array(6_000);
    for (let step = 24; step < values.length; step += 1) {
      const [last, day] = [values[step - 1] ?? 0, values[step - 24] ?? 0];
      values[step] = 10 + 0.5 * last + 0.3 * day + 2 * normal();
    }
    const { coefficients, mean, deviation } = fitLagRegression(values.subarray(500), [1, 24]);
    expect(coefficients[0]).toBeCloseTo(0.5, 1);
    expect(coefficients[1]).toBeCloseTo(0.3, 1);
    expect(mean).toBeCloseTo(50, -0.5);
    expect(deviation).toBeCloseTo(2, 1);
  });
});

describe('the seasonal autoregression', () => {
  it('goes on with a day and a week at once', () => {
    const wave = (step: number) =>
      100 + 30 * Math.sin((2 * Math.PI * step) / 24) + 20 * Math.cos((2 * Math.PI * step) / 168);
    const { mean } = forecastOf(hours(new Float64Array(700).map((_, step) => wave(step))), 168);
    for (const [step, value] of mean.entries()) {
      expect(Math.abs(value - wave(700 + step))).toBeLessThan(1);
    }
  });

  it('never runs far out of the range that was seen', () => {
    const growing = new Float64Array(400).map((_, step) => 1.02 ** step);
    const { mean } = forecastOf(hours(growing), 2_000);
    expect(Math.max(...mean)).toBeLessThanOrEqual(2 * 1.02 ** 399);
    const high = forecastOf(hours(growing), 2_000).quantile(0.975);
    expect(high.every(Number.isFinite)).toBe(true);
  });

  it('says how many observations it needs', () => {
    const fit = seasonalAutoregression([24]).fit(hours(new Float64Array(30)));
    expect(fit).toEqual({ ok: false, reason: 'too_short', observationsNeeded: 49 });
  });
});

describe('linear equations', () => {
  it('are solved', () => {
    const numbers = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), {
      minLength: 9,
      maxLength: 9,
    });
    fc.assert(
      fc.property(numbers, numbers, (entries, target) => {
        // M M' + 1 is positive definite whatever M.
        const of = (row: number, column: number) =>
          [0, 1, 2].reduce(
            (sum, k) => sum + (entries[3 * row + k] ?? 0) * (entries[3 * column + k] ?? 0),
            row === column ? 1 : 0,
          );
        const matrix = new Float64Array(9).map((_, place) => of(Math.floor(place / 3), place % 3));
        const solved = solvePositiveDefinite(matrix, Float64Array.from(target.slice(0, 3)));
        for (const row of [0, 1, 2]) {
          const sum = solved.reduce((total, value, column) => total + of(row, column) * value, 0);
          expect(sum).toBeCloseTo(target[row] ?? Number.NaN, 6);
        }
      }),
    );
  });

  it('leave an unknown at zero that the others tell', () => {
    const same = Float64Array.of(4, 0, 4, 4);
    expect(Array.from(solvePositiveDefinite(same, Float64Array.of(8, 8)))).toEqual([2, 0]);
  });
});
