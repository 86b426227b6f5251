import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backtest } from '../../../lib/forecasting/backtest.ts';
import { forecastSeries, type SeriesForecast } from '../../../lib/forecasting/forecast-series.ts';
import type { Forecast } from '../../../lib/forecasting/forecaster.ts';
import { normalSource, seededRandom } from '../../../lib/forecasting/random.ts';
import { roster } from '../../../lib/forecasting/roster.ts';
import type { Step } from '../../../lib/forecasting/series.ts';
import { forecastLine, type SeriesLine } from '../../../lib/forecasting/series-line.ts';
import { AIR_PASSENGERS, daily, monthly } from './published-series.ts';

function answered(result: SeriesForecast): Forecast {
  if (!result.ok) throw new Error(`no forecast: ${result.reason}`);
  return result.forecast;
}

function weekly(days: number, seed: number): number[] {
  const normal = normalSource(seededRandom(seed));
  return Array.from(
    { length: days },
    (_, day) => 1_000 + day + (day % 7 > 4 ? -80 : 0) + 10 * normal(),
  );
}

describe('a forecast', () => {
  it('goes on with growth and the week', () => {
    const forecast = answered(forecastSeries(daily(weekly(200, 1)), 14));
    for (const [step, value] of forecast.mean.entries()) {
      const day = 200 + step;
      const expected = 1_000 + day + (day % 7 > 4 ? -80 : 0);
      expect(Math.abs(value - expected)).toBeLessThan(20);
    }
  });

  it('of passengers is near what came to be: 1960 from the years before', () => {
    const forecast = answered(forecastSeries(monthly(AIR_PASSENGERS.slice(0, 132)), 12));
    const actual = AIR_PASSENGERS.slice(132);
    const errors = actual.map((value, month) => Math.abs(value - (forecast.mean[month] ?? 0)));
    const mape = errors.reduce((sum, error, month) => sum + error / (actual[month] ?? 1), 0) / 12;
    // R: ets 4.9 %, auto.arima 4.2 %, the seasonal naive 10 %
    expect(mape).toBeLessThan(0.05);
  });

  it('moves and scales with its series', () => {
    const history = weekly(120, 2);
    const base = answered(forecastSeries(daily(history), 20));
    const moved = answered(forecastSeries(daily(history.map((value) => 3 * value + 500)), 20));
    for (const level of [0.025, 0.9]) {
      const [low, high] = [base.quantile(level), moved.quantile(level)];
      for (const [step, value] of low.entries()) {
        expect(Math.abs((high[step] ?? 0) - (3 * value + 500))).toBeLessThan(1e-3 * value);
      }
    }
  });

  it('of a constant is the constant, with a finite interval', () => {
    for (const value of [0, 7, 1e9]) {
      const forecast = answered(forecastSeries(daily(new Array(60).fill(value)), 30));
      expect([...forecast.mean]).toEqual(new Array(30).fill(value));
      expect(forecast.quantile(0.975).every(Number.isFinite)).toBe(true);
    }
  });

  it('is never negative', () => {
    const falling = Array.from({ length: 100 }, (_, day) => Math.max(0, 99 - day));
    const forecast = answered(forecastSeries(daily(falling), 60));
    expect(Math.min(...forecast.mean, ...forecast.quantile(0.025))).toBeGreaterThanOrEqual(0);
    const paths = forecast.paths(50, seededRandom(1));
    expect(Math.min(...paths.flatMap((path) => [...path]))).toBeGreaterThanOrEqual(0);
  });

  it('damps a trend rather than follow it for ever', () => {
    const steep = Array.from({ length: 60 }, (_, day) => 100 + day * day);
    const forecast = answered(forecastSeries(daily(steep), 365));
    const straightOn = 100 + 59 * 59 + 365 * 2 * 60;
    expect(forecast.mean[364]).toBeLessThan(straightOn);
  });

  it('says nothing of a history without two observations', () => {
    for (const values of [[], [null, null], [5], [null, 5, null]]) {
      const result = forecastSeries(daily(values), 5);
      expect(result).toMatchObject({ ok: false, reason: 'not_enough_data', observationsNeeded: 2 });
    }
  });

  it('of two equal days is honest about what it does not know', () => {
    const result = forecastSeries(daily([100, 100]), 5);
    const forecast = answered(result);
    expect([...forecast.mean]).toEqual([100, 100, 100, 100, 100]);
    expect(forecast.quantile(0.975)[0] ?? 0).toBeGreaterThan(120);
    expect(result.ok && result.backtest).toBeNull();
  });

  it('stands gaps, spikes and broken counters, always finite and in order', () => {
    const value = fc.oneof(
      { weight: 10, arbitrary: fc.double({ min: 0, max: 1_000, noNaN: true }) },
      { weight: 2, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.constantFrom(0, 1e12, 1e-12) },
    );
    const step = fc.constantFrom<Step>('hour', 'day', 'week', 'month');
    const history = fc.array(value, { minLength: 0, maxLength: 90 });
    fc.assert(
      fc.property(history, step, fc.integer({ min: 1, max: 40 }), (values, stepName, horizon) => {
        const result = forecastSeries({ start: 0, step: stepName, values }, horizon);
        if (!result.ok) {
          expect(values.filter((one) => one !== null).length).toBeLessThan(2);
          return;
        }
        const { forecast } = result;
        const [low, high] = [forecast.quantile(0.025), forecast.quantile(0.975)];
        expect(forecast.mean).toHaveLength(horizon);
        for (const [ahead, mean] of forecast.mean.entries()) {
          expect(Number.isFinite(mean) && Number.isFinite(high[ahead] ?? Number.NaN)).toBe(true);
          expect(low[ahead] ?? Number.NaN).toBeGreaterThanOrEqual(0);
          expect(low[ahead] ?? Number.NaN).toBeLessThanOrEqual(mean);
          expect(high[ahead] ?? Number.NaN).toBeGreaterThanOrEqual(mean);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('has intervals that hold: 95 % of what comes lies inside', () => {
    let [inside, total] = [0, 0];
    for (let seed = 1; seed <= 25; seed += 1) {
      const values = weekly(134, seed);
      const forecast = answered(forecastSeries(daily(values.slice(0, 120)), 14));
      const [low, high] = [forecast.quantile(0.025), forecast.quantile(0.975)];
      for (const [step, value] of values.slice(120).entries()) {
        total += 1;
        if (value >= (low[step] ?? 0) && value <= (high[step] ?? 0)) inside += 1;
      }
    }
    expect(inside / total).toBeGreaterThan(0.91);
    expect(inside / total).toBeLessThan(0.995);
  }, 60_000);

  it('is told by nothing that came after its origin', () => {
    const history = weekly(160, 6);
    const poisoned = [...history.slice(0, 150), ...new Array(10).fill(1e9)];
    const [clean, other] = [history, poisoned].map((values) =>
      answered(forecastSeries(daily(values.slice(0, 150)), 10)),
    );
    expect(other?.mean).toEqual(clean?.mean);
    // Within the backtest too: what an origin is shown ends at it.
    const rounds = (values: number[]) =>
      backtest(daily(values), roster('day', 150), {
        horizonSteps: 10,
        origins: [149],
        windowSteps: 1_500,
      });
    const means = (values: number[]) => rounds(values)[0]?.forecasts.map((one) => one?.mean);
    expect(means(poisoned)).toEqual(means(history));
  });

  it('is set by no broken reading, wherever it lies', () => {
    const history = weekly(200, 7);
    const before = answered(forecastSeries(daily(history), 14));
    for (const place of [20, 100, 186, 199]) {
      const broken = history.map((value, day) => (day === place ? 1e12 : value));
      const { mean } = answered(forecastSeries(daily(broken), 14));
      for (const [step, value] of mean.entries()) {
        expect(Math.abs(value - (before.mean[step] ?? 0))).toBeLessThan(60);
      }
    }
  });

  it('takes ten years of hours in its stride', () => {
    const hours = Array.from(
      { length: 87_600 },
      (_, hour) => 500 + 100 * Math.sin((2 * Math.PI * hour) / 24) + (hour % 13),
    );
    const forecast = answered(forecastSeries({ start: 0, step: 'hour', values: hours }, 48));
    expect(
      Math.abs((forecast.mean[5] ?? 0) - 500 - 100 * Math.sin((2 * Math.PI * 5) / 24)),
    ).toBeLessThan(20);
  });
});

describe('a line of a series file', () => {
  const line: SeriesLine = {
    id: 'west/cores',
    freq: 'daily',
    m: 7,
    h: 14,
    y: weekly(90, 3),
    cap: 1_095,
  };

  it('gives the same answer every time', () => {
    expect(forecastLine(line)).toEqual(forecastLine(line));
  });

  it('tells the probability of exhaustion by each step', () => {
    const answer = forecastLine(line);
    if (!('mean' in answer) || !answer.pexh) throw new Error('no answer');
    expect(answer.pexh).toHaveLength(14);
    expect(answer.pexh).toEqual(answer.pexh.toSorted((a, b) => a - b));
    expect(answer.pexh[13]).toBeGreaterThan(0.5);
    expect(answer.pexh[0]).toBeLessThan(0.5);
    expect(forecastLine({ ...line, cap: 1e6 })).toMatchObject({ pexh: new Array(14).fill(0) });
  });
});
