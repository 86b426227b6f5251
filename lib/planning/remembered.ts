import { forecastSeries, type SeriesForecast } from '../forecasting/forecast-series.ts';
import type { Series } from '../forecasting/series.ts';
import type { SeriesForecaster } from './region-inputs.ts';

interface Known {
  readonly history: Series;
  readonly horizonDays: number;
  readonly made: SeriesForecast;
}

/**
 * Forecasts each series once and gives the same forecast for it again: most of the time of a
 * forecast is its backtest. Keeps the last `most`, so that memory is bounded.
 */
export function remembered(
  most: number,
  forecast: (history: Series, horizonDays: number) => SeriesForecast = forecastSeries,
): SeriesForecaster {
  const known: Known[] = [];
  return (history, horizonDays) => {
    const index = known.findIndex(
      (one) => one.horizonDays === horizonDays && sameSeries(one.history, history),
    );
    const found = known[index];
    if (found) {
      known.splice(index, 1);
      known.push(found);
      return found.made;
    }
    const made = forecast(history, horizonDays);
    known.push({ history, horizonDays, made });
    if (known.length > most) known.shift();
    return made;
  };
}

function sameSeries(a: Series, b: Series): boolean {
  return (
    a.start === b.start &&
    a.step === b.step &&
    a.values.length === b.values.length &&
    a.values.every((value, index) => value === (b.values[index] ?? null))
  );
}
