import { describe, expect, it } from 'vitest';
import { forecastSeries } from '../../../lib/forecasting/forecast-series.ts';
import type { Series } from '../../../lib/forecasting/series.ts';
import { remembered } from '../../../lib/planning/remembered.ts';

function days(values: readonly (number | null)[]): Series {
  return { start: 0, step: 'day', values };
}

function counting(most: number) {
  let made = 0;
  const forecast = remembered(most, (history, horizonDays) => {
    made += 1;
    return forecastSeries(history, horizonDays);
  });
  return {
    ask: (values: readonly (number | null)[], horizon = 5) =>
      forecast(days(values), horizon, 'ram'),
    made: () => made,
  };
}

describe('a forecaster that remembers', () => {
  it('forecasts the same series once, and gives the same forecast for it', () => {
    const { ask, made } = counting(4);
    const first = ask([1, null, 3]);
    expect(ask([1, null, 3])).toBe(first);
    expect(made()).toBe(1);
    const again = forecastSeries(days([1, null, 3]), 5);
    expect(first.ok && first.forecast.mean).toEqual(again.ok && again.forecast.mean);
  });

  it.each([
    { what: 'another value', values: [1, null, 4], horizon: 5 },
    { what: 'a day that became known', values: [1, 2, 3], horizon: 5 },
    { what: 'a day more', values: [1, null, 3, 3], horizon: 5 },
    { what: 'another horizon', values: [1, null, 3], horizon: 6 },
  ])('forecasts again for $what', ({ values, horizon }) => {
    const { ask, made } = counting(4);
    ask([1, null, 3]);
    ask(values, horizon);
    expect(made()).toBe(2);
  });

  it('forgets what was not asked for the longest', () => {
    const { ask, made } = counting(2);
    for (const value of [1, 2, 1, 3, 1]) ask([value, value]);
    expect(made()).toBe(3);
    ask([2, 2]);
    expect(made()).toBe(4);
  });
});
