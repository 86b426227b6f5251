import { describe, expect, it } from 'vitest';
import { autoregression, fitAutoregression } from '../../../lib/forecasting/autoregression.ts';
import { dynamicTheta, dynamicThetaMean } from '../../../lib/forecasting/dynamic-theta.ts';
import { ets, fitEts } from '../../../lib/forecasting/ets.ts';
import type { FittedForecaster, Forecaster } from '../../../lib/forecasting/forecaster.ts';
import { kpss } from '../../../lib/forecasting/integrated.ts';
import { seasonalNaive } from '../../../lib/forecasting/seasonal-naive.ts';
import type { Series } from '../../../lib/forecasting/series.ts';
import { smooth, smoothedMean } from '../../../lib/forecasting/smoothing.ts';
import { theta } from '../../../lib/forecasting/theta.ts';
import { AIR_PASSENGERS, monthly, NILE } from './published-series.ts';

function fitted(forecaster: Forecaster, history: Series): FittedForecaster {
  const result = forecaster.fit(history);
  if (!result.ok) throw new Error(`${forecaster.name} did not fit`);
  return result.model;
}

const nile = monthly(NILE);
const passengers = monthly(AIR_PASSENGERS);

describe('a model', () => {
  it('forecasts only once it is fitted', () => {
    // @ts-expect-error a forecaster that is not fitted has no forecast
    expect(seasonalNaive(1).forecast).toBeUndefined();
  });

  it.each([seasonalNaive(12), theta, dynamicTheta, autoregression])(
    '$name says how much history it needs',
    (forecaster) => {
      const result = forecaster.fit(monthly([1, 2, 3]));
      expect(result).toMatchObject({ ok: false, reason: 'too_short' });
      if (!result.ok) expect(result.observationsNeeded).toBeGreaterThan(3);
    },
  );
});

describe('the seasonal naive', () => {
  it('repeats the last season', () => {
    const { mean } = fitted(seasonalNaive(12), passengers).forecast(14);
    expect([...mean.slice(0, 3)]).toEqual([417, 391, 419]);
    expect([...mean.slice(12)]).toEqual([417, 391]);
  });

  it('widens by the square root of the seasons ahead', () => {
    const forecast = fitted(seasonalNaive(1), nile).forecast(4);
    const width = (step: number) =>
      (forecast.quantile(0.975)[step] ?? 0) - (forecast.mean[step] ?? 0);
    expect(width(3) / width(0)).toBeCloseTo(2, 9);
  });

  it('simulates paths that spread as its quantiles say', () => {
    const forecast = fitted(seasonalNaive(1), nile).forecast(4);
    let state = 1;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const ends = forecast.paths(4_000, random).map((path) => path[3] ?? Number.NaN);
    const below = ends.filter((end) => end < (forecast.quantile(0.9)[3] ?? 0)).length;
    expect(below / ends.length).toBeCloseTo(0.9, 1);
  });
});

describe('exponential smoothing', () => {
  it('smooths as statsmodels ETSModel does with the same states', () => {
    // ETSModel(error add, damped trend, additive season of 12, known initial states).smooth
    const season = Float64Array.from([-20, -18, 5, -3, 0, 30, 50, 45, 10, -20, -45, -34]);
    const parameters = { alpha: 0.3, beta: 0.05, gamma: 0.4, phi: 0.95 };
    const result = smooth(Float64Array.from(AIR_PASSENGERS), parameters, {
      season,
      hasTrend: true,
    });
    expect(result.initial.level).toBeCloseTo(108.829874, 5);
    expect(result.squares).toBeCloseTo(47_954.6211, 3);
    const mean = smoothedMean(result.final, parameters.phi, 13);
    const expected = [
      456.8643, 439.9175, 488.7512, 507.7945, 521.2597, 579.6512, 645.4811, 629.957, 530.2289,
      476.3661, 418.9291, 460.097, 479.7767,
    ];
    for (const [step, value] of expected.entries()) expect(mean[step]).toBeCloseTo(value, 3);
  });

  it('finds the level of the Nile as R and statsforecast do', () => {
    // statsforecast 2.1.1 AutoETS("ANN"): alpha 0.24524, initial level 1111.24, MSE 20386.754, mean 805.479
    const fit = fitEts(Float64Array.from(NILE), { trend: 'none', seasonSteps: 1 });
    expect(fit.parameters.alpha).toBeCloseTo(0.2452, 3);
    expect(fit.squares / NILE.length).toBeLessThan(20_386.76);
    expect(fitted(ets([{ trend: 'none', seasonSteps: 1 }]), nile).forecast(1).mean[0]).toBeCloseTo(
      805.5,
      0,
    );
  });

  it('fits a damped trend at least as closely as statsforecast', () => {
    // statsforecast 2.1.1 AutoETS("AAN", damped=True) on the Nile: MSE 20083.574
    const fit = fitEts(Float64Array.from(NILE), { trend: 'damped', seasonSteps: 1 });
    expect(fit.squares / NILE.length).toBeLessThan(20_083.6);
    expect(fit.parameters.phi).toBeLessThanOrEqual(0.98);
  });

  it('takes the seasonal form for passengers and forecasts near statsforecast', () => {
    // AutoETS("AAA", damped=True): 445.2, 418.5, 452.5, ... 631.3 in the seventh month
    const forms = [
      { trend: 'none', seasonSteps: 1 },
      { trend: 'damped', seasonSteps: 1 },
      { trend: 'damped', seasonSteps: 12 },
    ] as const;
    const { mean } = fitted(ets(forms), passengers).forecast(12);
    expect(Math.abs((mean[0] ?? 0) - 445.2)).toBeLessThan(10);
    expect(Math.abs((mean[6] ?? 0) - 631.3)).toBeLessThan(10);
  });
});

describe('theta', () => {
  // statsforecast 2.1.1 Theta(season_length=1); its slope comes from a fit with another start
  it.each([
    { name: 'the Nile', history: nile, expected: [800.885, 799.5278, 798.1707, 796.8135] },
    { name: 'passengers', history: passengers, expected: [432.9292, 434.2578, 435.5863, 436.9149] },
  ])('forecasts $name as statsforecast does', ({ history, expected }) => {
    const { mean } = fitted(theta, history).forecast(4);
    for (const [step, value] of expected.entries()) {
      expect(Math.abs((mean[step] ?? 0) - value) / value).toBeLessThan(0.003);
    }
  });
});

describe('dynamic theta', () => {
  it('follows the recursion of statsforecast with its parameters', () => {
    // DynamicOptimizedTheta(season_length=1) on AirPassengers: x = [35.83181403, 0.99, 1.33517297]
    const mean = dynamicThetaMean(
      Float64Array.from(AIR_PASSENGERS),
      { initialLevel: 35.83181403, alpha: 0.99, theta: 1.33517297 },
      6,
    );
    const expected = [432.2609, 432.925, 433.5862, 434.2445, 434.8998, 435.5522];
    for (const [step, value] of expected.entries()) expect(mean[step]).toBeCloseTo(value, 3);
  });

  it('finds the flat forecast of the Nile', () => {
    // DynamicOptimizedTheta: 798.2302 at every step
    const { mean } = fitted(dynamicTheta, nile).forecast(6);
    expect(Math.abs((mean[5] ?? 0) - 798.23)).toBeLessThan(1);
  });
});

describe('autoregression', () => {
  it('has the coefficients of statsmodels burg', () => {
    // burg(NILE, order=2) = [0.40465834, 0.19846893], 20283.0717
    const fit = fitAutoregression(Float64Array.from(NILE), true);
    expect(fit.coefficients[0]).toBeCloseTo(0.40465834, 7);
    expect(fit.coefficients[1]).toBeCloseTo(0.19846893, 7);
    expect(fit.coefficients).toHaveLength(2);
    // statsmodels reports the variance of the innovations around this value
    expect(fit.deviation ** 2).toBeCloseTo(20_293.2, 0);
  });

  it('has the KPSS statistic of statsmodels', () => {
    // kpss(NILE, nlags=2) = 1.3152264631776724
    expect(kpss(Float64Array.from(NILE))).toBeCloseTo(1.3152264631776724, 10);
  });

  it('returns to the mean of a steady series and stays where a wandering one is', () => {
    let [shock, walk] = [1, 100];
    const noise = Array.from({ length: 300 }, () => {
      shock = (shock * 48_271) % 2_147_483_647;
      return shock / 2_147_483_647 - 0.5;
    });
    const steady = fitted(autoregression, monthly(noise.map((value) => 10 + value))).forecast(50);
    expect(steady.mean[49]).toBeCloseTo(10, 1);
    const walked = noise.map((value) => {
      walk += value;
      return walk;
    });
    const wandering = fitted(autoregression, monthly(walked)).forecast(50);
    expect(Math.abs((wandering.mean[49] ?? 0) - walk)).toBeLessThan(1.5);
    expect(wandering.quantile(0.9)[49] ?? 0).toBeGreaterThan(wandering.quantile(0.9)[0] ?? 0);
  });
});
