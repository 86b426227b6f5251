import { type DemandDay, demandSeries, type Metric } from '../capacity/demand.ts';
import type { SeriesForecast } from '../forecasting/forecast-series.ts';
import { at } from '../forecasting/numbers.ts';
import { samplePaths } from '../forecasting/sample-paths.ts';
import { observationsIn, type Series } from '../forecasting/series.ts';
import { addDays, type Day, dayOf, startOfDay } from '../period/calendar.ts';
import { usableOn } from './capacity-outlook.ts';
import { uncensored } from './censored.ts';
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
  /** Factor and shift of each day ahead that the forecast itself does not know. */
  readonly factor: Float64Array;
  readonly shift: Float64Array;
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
  const series: Series = { start: startOfDay(days.start), step: 'day', values: days.values };
  if (observationsIn(series) < 2) return null;
  const result = by.forecast(series, horizonDays, metric);
  if (!result.ok) return null;
  const factor = growthFactor(inputs);
  const shift = new Float64Array(horizonDays).map((_, step) => {
    const day = addDays(origin, step + 1);
    return labelled.lasting.reduce((sum, { until, amount }) => sum + (day < until ? amount : 0), 0);
  });
  const drawn = (seed: number) =>
    samplePaths(result.forecast, { count: PATHS, seed }).map((path) => moved(path, factor, shift));
  return {
    metric,
    series: { ...series, values: peaks.values },
    origin,
    result,
    factor,
    shift,
    paths: drawn(seedOf(`${region}/${metric}/${origin}`)),
    drawn,
    censored,
  };
}

export function moved(path: Float64Array, factor: Float64Array, shift: Float64Array): Float64Array {
  return path.map((value, step) => Math.max(0, value * at(factor, step) + at(shift, step)));
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
