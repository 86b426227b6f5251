import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Hierarchy,
  type JointErrors,
  reconciled,
} from '../../../lib/forecasting/reconciliation.ts';

/** Errors of a total and three parts at twelve times. */
const ERRORS: JointErrors = [
  [-6.45, -2.41, -2.29, -0.12],
  [0.92, 1.26, 1.64, 0.05],
  [-2.39, -1.66, -1.45, 0.37],
  [4.86, 4.9, 2.23, -0.62],
  [-0.57, -2.87, 0.45, 0.1],
  [-6.87, -5.2, -2.16, -0.58],
  [-6.48, -1.89, -1.24, -0.36],
  [2.37, 1.66, 0.6, -0.29],
  [0.08, 1.23, 1.32, -0.82],
  [-2.1, -0.77, -1.29, -0.09],
  [-5.35, -3.87, -1.53, -0.02],
  [-5.51, -0.91, -1.41, -0.2],
];
const BASE: Hierarchy = {
  total: Float64Array.from([100, 110, 90]),
  parts: [
    [50, 52, 40],
    [30, 31, 33],
    [10, 12, 9],
  ].map((values) => Float64Array.from(values)),
};

describe('forecasts that add up', () => {
  /*
   * Reference: NumPy 2.4.6 with S = [1 1 1; I], C = E'E / 12, lambda of Schaefer and Strimmer on the
   * correlations (0.226717), W = lambda diag(C) + (1 - lambda) C, S (S' W^-1 S)^-1 S' W^-1 y.
   */
  it('are those of MinT with a shrunk covariance, as NumPy solves it', () => {
    const { total, parts } = reconciled(BASE, ERRORS);
    const expected = [
      [93.143376, 99.715064, 84.514701],
      [52.785081, 56.177622, 42.228065],
      [30.58695, 31.880425, 33.46956],
      [9.771345, 11.657018, 8.817076],
    ];
    for (const [node, values] of [total, ...parts].entries()) {
      for (const [step, value] of values.entries()) {
        expect(value).toBeCloseTo(expected[node]?.[step] ?? Number.NaN, 6);
      }
    }
  });

  it('are left as they are where they add up', () => {
    const parts = BASE.parts;
    const total = Float64Array.from([90, 95, 82]);
    const kept = reconciled({ total, parts }, ERRORS);
    for (const [index, part] of parts.entries()) {
      for (const [step, value] of part.entries()) {
        expect(kept.parts[index]?.[step]).toBeCloseTo(value, 9);
      }
    }
  });

  it('share the excess evenly where no error is known', () => {
    const { parts } = reconciled(BASE, [[0, 0, 0, 0]]);
    for (const [index, own] of [50, 30, 10].entries()) {
      expect(parts[index]?.[0]).toBeCloseTo(own + 10 / 3, 9);
    }
  });

  const error = fc.double({ min: -50, max: 50, noNaN: true });
  const hierarchy = fc.integer({ min: 1, max: 6 }).chain((parts) =>
    fc.record({
      total: fc.double({ min: 0, max: 1_000, noNaN: true }),
      parts: fc.array(fc.double({ min: 0, max: 300, noNaN: true }), {
        minLength: parts,
        maxLength: parts,
      }),
      errors: fc.array(fc.array(error, { minLength: parts + 1, maxLength: parts + 1 }), {
        minLength: 2,
        maxLength: 20,
      }),
    }),
  );
  const of = (values: readonly number[]) => values.map((value) => Float64Array.of(value));

  it('add up, and none is below zero', () => {
    fc.assert(
      fc.property(hierarchy, ({ total, parts, errors }) => {
        const made = reconciled({ total: Float64Array.of(total), parts: of(parts) }, errors);
        const values = made.parts.map((part) => part[0] ?? Number.NaN);
        expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
        const sum = values.reduce((all, value) => all + value, 0);
        expect(made.total[0]).toBeCloseTo(sum, 6);
      }),
      { numRuns: 200 },
    );
  });

  it('do not depend on the order of the parts', () => {
    fc.assert(
      fc.property(hierarchy, ({ total, parts, errors }) => {
        const whole = Float64Array.of(total);
        const one = reconciled({ total: whole, parts: of(parts) }, errors);
        const turned = errors.map(([first = 0, ...rest]) => [first, ...rest.toReversed()]);
        const other = reconciled({ total: whole, parts: of(parts.toReversed()) }, turned);
        for (const [index, part] of other.parts.toReversed().entries()) {
          expect(part[0]).toBeCloseTo(one.parts[index]?.[0] ?? Number.NaN, 6);
        }
      }),
      { numRuns: 200 },
    );
  });
});
