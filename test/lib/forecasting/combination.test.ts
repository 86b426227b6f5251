import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BacktestRound } from '../../../lib/forecasting/backtest.ts';
import {
  combine,
  type MemberForecast,
  memberErrors,
  weightedMedian,
  weightsByError,
} from '../../../lib/forecasting/combination.ts';
import { seasonalNaive } from '../../../lib/forecasting/seasonal-naive.ts';
import { choose } from '../../../lib/forecasting/selection.ts';

const steps = (...values: number[]): MemberForecast => ({
  mean: Float64Array.from(values),
  spread: Float64Array.from(values, () => 1),
});

describe('a combination of forecasts', () => {
  it('weighs members by the fourth power of their error', () => {
    const [good = 0, bad = 0] = weightsByError([1, 1.25]);
    expect(good / bad).toBeCloseTo(1.25 ** 4, 9);
    expect(good + bad).toBeCloseTo(1, 12);
    expect(weightsByError([null, 3])).toEqual([0, 1]);
    expect(weightsByError([null, null])).toEqual([0.5, 0.5]);
    expect(weightsByError([0, 1])).toEqual([1, 0]);
  });

  it('leaves out a member that errs more than half as much again as the best', () => {
    expect(weightsByError([1, 1.6, null])).toEqual([1, 0, 0]);
    const [, near = 0] = weightsByError([1, 1.4]);
    expect(near).toBeGreaterThan(0.2);
  });

  it('of one member is that member, and of equal members their value', () => {
    expect([...combine([steps(1, 2), null], [0.5, 0.5]).mean]).toEqual([1, 2]);
    expect([...combine([steps(4), steps(4), steps(4)], [0.2, 0.3, 0.5]).mean]).toEqual([4]);
  });

  it('lies between its members', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(
        values,
        fc.infiniteStream(fc.double({ min: 0.01, max: 1, noNaN: true })),
        (all, stream) => {
          const weights = all.map(() => stream.next().value ?? 1);
          const [value = Number.NaN] = combine(
            all.map((one) => steps(one)),
            weights,
          ).mean;
          const slack = 1e-9 * (1 + Math.max(...all.map(Math.abs)));
          expect(value).toBeGreaterThanOrEqual(Math.min(...all) - slack);
          expect(value).toBeLessThanOrEqual(Math.max(...all) + slack);
        },
      ),
    );
  });

  it('has the plain median for equal weights', () => {
    const entries = [5, 1, 9].map((value) => ({ value, weight: 1 }));
    expect(weightedMedian(entries)).toBe(5);
    expect(weightedMedian([1, 2, 3, 10].map((value) => ({ value, weight: 1 })))).toBe(2.5);
  });
});

describe('the choice of a model', () => {
  const members = [seasonalNaive(1), seasonalNaive(2), seasonalNaive(3)];
  const round = (...forecasts: (MemberForecast | null)[]): BacktestRound => ({
    origin: 0,
    actual: [10, null, 10],
    forecasts,
  });

  it('measures members on what was observed', () => {
    const rounds = [round(steps(10, 99, 12), null, steps(10, 0, 10))];
    expect(memberErrors(rounds, 3)).toEqual([1, null, 0]);
  });

  it('is one model where the others err much more', () => {
    const rounds = Array.from({ length: 4 }, () =>
      round(steps(10.1, 0, 10.1), steps(19, 0, 19), steps(20, 0, 20)),
    );
    const choice = choose(members, rounds);
    expect(choice.name).toBe('naive');
    expect(choice.members).toEqual([{ forecaster: members[0], weight: 1 }]);
    expect(choice.error).toBeCloseTo(0.1, 3);
  });

  it('weighs in each round only the models that could be fitted there', () => {
    const good = steps(10, 0, 10);
    const rounds = [
      round(null, steps(17, 0, 17)),
      ...[1, 2, 3].map(() => round(good, steps(17, 0, 17))),
    ];
    const choice = choose([seasonalNaive(1), seasonalNaive(2)], rounds);
    expect(choice.errors[0]).toEqual([-7, null, -7]);
    expect(choice.errors[1]).toEqual([0, null, 0]);
  });

  it('never takes a benchmark, unless no model could be fitted', () => {
    const benchmark = { ...seasonalNaive(1), isBenchmark: true };
    const best = round(steps(10, 0, 10), steps(12, 0, 12));
    const choice = choose([benchmark, seasonalNaive(2)], [best, best]);
    expect(choice.name).toBe('seasonal_naive_2');
    const alone = round(steps(10, 0, 10), null);
    expect(choose([benchmark, seasonalNaive(2)], [alone, alone]).name).toBe('naive');
  });

  it('takes the combination when members err on both sides', () => {
    const rounds = Array.from({ length: 4 }, () =>
      round(steps(12, 0, 12), steps(8, 0, 8), steps(8.2, 0, 8.2)),
    );
    const choice = choose(members, rounds);
    expect(choice.name).toBe('combination');
    expect(choice.error).toBeLessThan(1.8);
  });
});
