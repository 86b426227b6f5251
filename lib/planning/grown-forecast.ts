import type { SeriesForecast } from '../forecasting/forecast-series.ts';
import type { Forecast } from '../forecasting/forecaster.ts';
import { at } from '../forecasting/numbers.ts';
import { normalQuantile } from '../forecasting/random.ts';
import { observationsIn, type Series } from '../forecasting/series.ts';
import { startOfDay } from '../period/calendar.ts';
import { type CarriedGrowth, carriedGrowth, withoutGrowth } from './carried-growth.ts';
import type { DailyDemand } from './shown-effect.ts';

/** A forecast of demand whose steady growth was taken out before, and is carried on after. */
export interface GrownForecast {
  readonly result: Extract<SeriesForecast, { ok: true }>;
  /** What was forecast: the history without its growth. */
  readonly level: readonly (number | null)[];
  /** Brings what the forecast says, of a demand without growth, to what demand will be. */
  readonly toDemand: (values: Float64Array) => Float64Array;
}

/** What comes on top, by day ahead. */
export interface OnTop {
  readonly factor: Float64Array;
  readonly shift: Float64Array;
}

const BETWEEN_10_AND_90 = 2 * normalQuantile(0.9);
const OBSERVATIONS_NEEDED = 2;

/** Null where too little is known. */
export function grownForecast(
  days: DailyDemand,
  forecast: (history: Series) => SeriesForecast,
  onTop?: OnTop,
): GrownForecast | null {
  const growth = carriedGrowth(days.values);
  const level = growth === null ? days.values : withoutGrowth(days.values, growth.perDay);
  const series: Series = { start: startOfDay(days.start), step: 'day', values: level };
  if (observationsIn(series) < OBSERVATIONS_NEEDED) return null;
  const result = forecast(series);
  if (!result.ok) return null;
  return { result, level, toDemand: demandOf(result.forecast, growth, onTop) };
}

/** Adds the growth that was taken out, with its own doubt, and what comes on top. */
function demandOf(
  { mean, quantile }: Forecast,
  growth: CarriedGrowth | null,
  onTop: OnTop | undefined,
): (values: Float64Array) => Float64Array {
  const { perDay, deviationPerDay } = growth ?? { perDay: 0, deviationPerDay: 0 };
  const [low, high] = [quantile(0.1), quantile(0.9)];
  const widened = mean.map((_, step) => {
    const own = (at(high, step) - at(low, step)) / BETWEEN_10_AND_90;
    return own > 0 ? Math.hypot(1, (deviationPerDay * (step + 1)) / own) : 1;
  });
  return (values) =>
    values.map((value, step) => {
      const middle = at(mean, step);
      const spread = middle + at(widened, step) * (value - middle);
      const grown = (spread + perDay * (step + 1)) * (onTop?.factor[step] ?? 1);
      return Math.max(0, grown + (onTop?.shift[step] ?? 0));
    });
}
