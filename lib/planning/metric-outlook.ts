import { type DemandDay, demandSeries, type Metric } from '../capacity/demand.ts';
import type { SeriesForecast } from '../forecasting/forecast-series.ts';
import type { Forecast } from '../forecasting/forecaster.ts';
import { at } from '../forecasting/numbers.ts';
import { normalQuantile, seededRandom } from '../forecasting/random.ts';
import { observationsIn, type Series } from '../forecasting/series.ts';
import { addDays, type Day, dayOf, startOfDay } from '../period/calendar.ts';
import { usableOn } from './capacity-outlook.ts';
import { type CarriedGrowth, carriedGrowth, withoutGrowth } from './carried-growth.ts';
import { uncensored } from './censored.ts';
import { demandPaths } from './demand-paths.ts';
import { type EventProgress, withoutEvents } from './event-progress.ts';
import { labelledHistory } from './known-history.ts';
import type { RegionForecastInputs, SeriesForecaster } from './region-inputs.ts';
import { seedOf } from './seed.ts';
import type { DailyDemand } from './shown-effect.ts';

/** Futures of a region that every probability is counted over. */
export const PATHS = 1_000;

/** The demand of one resource ahead, before planned events. */
export interface MetricOutlook {
  readonly metric: Metric;
  /** As observed. */
  readonly series: Series;
  readonly origin: Day;
  readonly result: Extract<SeriesForecast, { ok: true }>;
  /** Brings what the forecast says, of a demand without growth, to what demand will be. */
  readonly toDemand: (values: Float64Array) => Float64Array;
  readonly paths: readonly Float64Array[];
  /** Other paths of the same demand. */
  readonly drawn: (seed: number) => readonly Float64Array[];
  readonly censored: readonly Day[];
}

/** The peaks of a resource by day; null where no day is known. */
export function dailyPeaks(days: readonly DemandDay[]): DailyDemand | null {
  const series = demandSeries(days, 'peak');
  return series && { start: dayOf(series.start), values: series.values };
}

/** Null where too little is known of the resource. */
export function metricOutlook(
  inputs: RegionForecastInputs,
  metric: Metric,
  by: { readonly progress: readonly EventProgress[]; readonly forecast: SeriesForecaster },
): MetricOutlook | null {
  const { progress } = by;
  const peaks = dailyPeaks(inputs.demand[metric]);
  if (peaks === null) return null;
  const origin = addDays(peaks.start, peaks.values.length - 1);
  const { horizonDays, region } = inputs;
  const labelled = labelledHistory(peaks, metric, { shifts: inputs.shifts, origin });
  const level = withoutEvents(labelled.days, metric, { progress, origin });
  const { days, censored } = uncensored(level, (day) => isFull(inputs, metric, { peaks, day }));
  const growth = carriedGrowth(days.values);
  const values = growth === null ? days.values : withoutGrowth(days.values, growth.perDay);
  const series: Series = { start: startOfDay(days.start), step: 'day', values };
  if (observationsIn(series) < 2) return null;
  const result = by.forecast(series, horizonDays, metric);
  if (!result.ok) return null;
  const shift = new Float64Array(horizonDays).map((_, step) => {
    const day = addDays(origin, step + 1);
    return labelled.lasting.reduce((sum, { until, amount }) => sum + (day < until ? amount : 0), 0);
  });
  const toDemand = demandOf(result.forecast, { growth, shift, factor: growthFactor(inputs) });
  const drawn = (seed: number) =>
    demandPaths({
      quantile: (probability) => toDemand(result.forecast.quantile(probability)),
      history: values,
      count: PATHS,
      random: seededRandom(seed),
    });
  return {
    metric,
    series: { ...series, values: peaks.values },
    origin,
    result,
    toDemand,
    paths: drawn(seedOf(`${region}/${metric}/${origin}`)),
    drawn,
    censored,
  };
}

const BETWEEN_10_AND_90 = 2 * normalQuantile(0.9);

/** Adds the growth that was taken out, with its own doubt, what labels say, and a scenario's growth. */
function demandOf(
  { mean, quantile }: Forecast,
  by: {
    readonly growth: CarriedGrowth | null;
    readonly shift: Float64Array;
    readonly factor: Float64Array;
  },
): (values: Float64Array) => Float64Array {
  const { perDay, deviationPerDay } = by.growth ?? { perDay: 0, deviationPerDay: 0 };
  const [low, high] = [quantile(0.1), quantile(0.9)];
  const widened = mean.map((_, step) => {
    const own = (at(high, step) - at(low, step)) / BETWEEN_10_AND_90;
    return own > 0 ? Math.hypot(1, (deviationPerDay * (step + 1)) / own) : 1;
  });
  return (values) =>
    values.map((value, step) => {
      const middle = at(mean, step);
      const spread = middle + at(widened, step) * (value - middle);
      const grown = (spread + perDay * (step + 1)) * at(by.factor, step);
      return Math.max(0, grown + at(by.shift, step));
    });
}

function growthFactor({ horizonDays, growthPercentPerYear = 0 }: RegionForecastInputs) {
  return new Float64Array(horizonDays).map(
    (_, step) => (1 + growthPercentPerYear / 100) ** ((step + 1) / 365),
  );
}

/** Full is a day whose peak, as observed, reached what was usable, or of which it is said. */
function isFull(
  { capacity, shifts }: RegionForecastInputs,
  metric: Metric,
  { peaks, day }: { readonly peaks: DailyDemand; readonly day: Day },
): boolean {
  const refused = shifts.some(
    (shift) =>
      shift.label === 'refused' &&
      (shift.metric ?? metric) === metric &&
      day >= shift.date &&
      day < (shift.until ?? day),
  );
  if (refused) return true;
  const outlook = capacity[metric];
  if (outlook === null) return false;
  const seen = peaks.values[(startOfDay(day) - startOfDay(peaks.start)) / 86_400_000_000] ?? null;
  const usable = usableOn(outlook, day);
  return seen !== null && usable > 0 && seen >= usable;
}
