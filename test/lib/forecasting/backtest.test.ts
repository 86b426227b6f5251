import { describe, expect, it } from 'vitest';
import { backtest, rollingOrigins } from '../../../lib/forecasting/backtest.ts';
import { forecastSeries } from '../../../lib/forecasting/forecast-series.ts';
import type { Forecaster } from '../../../lib/forecasting/forecaster.ts';
import { linearForecast } from '../../../lib/forecasting/linear-forecast.ts';
import { seededRandom } from '../../../lib/forecasting/random.ts';
import { roster } from '../../../lib/forecasting/roster.ts';
import { seasonalNaive } from '../../../lib/forecasting/seasonal-naive.ts';
import { sliceThrough } from '../../../lib/forecasting/series.ts';
import { AIR_PASSENGERS, daily, monthly } from './published-series.ts';

/** Remembers all that it was shown. */
function witness(shown: number[][]): Forecaster {
  return {
    name: 'witness',
    fit(history) {
      shown.push(history.values.map((value) => value ?? Number.NaN));
      const forecast = (horizonSteps: number) =>
        linearForecast({
          history,
          mean: new Float64Array(horizonSteps),
          deviation: 0,
          weights: new Float64Array(horizonSteps),
        });
      return { ok: true, model: { forecast } };
    },
  };
}

describe('a backtest', () => {
  const plan = { horizonSteps: 3, origins: [9, 12], windowSteps: 100 };

  it('shows a model what lies before each origin, and scores it on what follows', () => {
    const shown: number[][] = [];
    const values = Array.from({ length: 16 }, (_, index) => index);
    const rounds = backtest(daily(values), [witness(shown)], plan);
    expect(shown.map((history) => Math.max(...history))).toEqual([9, 12]);
    expect(rounds.map((round) => round.actual)).toEqual([
      [10, 11, 12],
      [13, 14, 15],
    ]);
  });

  it('never uses the future: poison after the origin changes no model at all', () => {
    const random = seededRandom(3);
    const honest = Array.from(
      { length: 120 },
      (_, day) => 100 + day + 10 * Math.sin((2 * Math.PI * day) / 7) + 5 * random(),
    );
    const poisoned = honest.map((value, index) => (index <= 80 ? value : 1e9 * (index % 3)));
    const gaps = (values: number[]) =>
      values.map((value, index) => (index % 11 === 5 || index > 118 ? null : value));
    const fits = (values: number[]) =>
      backtest(daily(gaps(values)), roster('day', 120), {
        horizonSteps: 14,
        origins: [60, 80],
        windowSteps: 1_000,
      }).map((round) => round.forecasts);
    expect(fits(poisoned)).toEqual(fits(honest));
  });

  it('gives the forecast that the history alone would give', () => {
    const series = monthly(AIR_PASSENGERS);
    const [round] = backtest(series, roster('month', 144), {
      horizonSteps: 12,
      origins: [120],
      windowSteps: 1_000,
    });
    const cut = sliceThrough(series, 120);
    for (const [index, forecaster] of roster('month', 144).entries()) {
      const fit = forecaster.fit(cut);
      if (fit.ok) expect(round?.forecasts[index]?.mean).toEqual(fit.model.forecast(12).mean);
    }
  });

  it('limits the window that is fitted', () => {
    const shown: number[][] = [];
    const values = Array.from({ length: 16 }, (_, index) => index);
    backtest(daily(values), [witness(shown)], { ...plan, windowSteps: 4 });
    expect(shown).toEqual([
      [6, 7, 8, 9],
      [9, 10, 11, 12],
    ]);
  });

  it('keeps a gap a gap where it scores', () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, null, 12, 13, 14, 15, 16];
    const [round] = backtest(daily(values), [seasonalNaive(7)], plan);
    expect(round?.actual).toEqual([null, 12, 13]);
  });
});

describe('rolling origins', () => {
  it('leave a horizon to score and enough to fit', () => {
    const input = { lengthSteps: 50, horizonSteps: 10, strideSteps: 5, count: 4 };
    expect(rollingOrigins({ ...input, leastHistorySteps: 20 })).toEqual([24, 29, 34, 39]);
    expect(rollingOrigins({ ...input, leastHistorySteps: 33 })).toEqual([34, 39]);
    expect(rollingOrigins({ ...input, leastHistorySteps: 41 })).toEqual([]);
  });
});

describe('the record of a forecast', () => {
  it('beats the seasonal naive on passengers, and says by how much', () => {
    const result = forecastSeries(monthly(AIR_PASSENGERS), 12);
    if (!result.ok || !result.backtest) throw new Error('no backtest');
    const { mae, mase, seasonalNaive: naive, origins } = result.backtest;
    expect(origins).toBeGreaterThan(3);
    expect(mae).toBeLessThan(0.8 * (naive?.mae ?? 0));
    expect((mase ?? 0) / (naive?.mase ?? 0)).toBeCloseTo(mae / (naive?.mae ?? 0), 9);
  });
});
