import { type DemandDay, demandSeries, type Metric } from '../capacity/demand.ts';
import { saysShort } from '../capacity/refused.ts';
import type { SeriesForecast } from '../forecasting/forecast-series.ts';
import { seededRandom } from '../forecasting/random.ts';
import type { Series } from '../forecasting/series.ts';
import { addDays, type Day, dayOf, startOfDay } from '../period/calendar.ts';
import { type CalendarEffect, calendarEffects, effectOn } from './calendar-effects.ts';
import { usableOn } from './capacity-outlook.ts';
import { uncensored } from './censored.ts';
import { demandPaths } from './demand-paths.ts';
import { type EventProgress, withoutEvents } from './event-progress.ts';
import { daysBetween } from './event-ramp.ts';
import { grownForecast } from './grown-forecast.ts';
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
  readonly calendar: readonly CalendarEffect[];
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
  const whole = uncensored(level, (day) => isFull(inputs, metric, { peaks, day }));
  const holidays = new Set(inputs.holidays ?? []);
  const effects = calendarEffects(whole.days, holidays);
  const calendar = (day: Day) => effectOn(effects, holidays, day);
  const plain = whole.days.values.map((value, index) =>
    value === null ? null : value - calendar(addDays(whole.days.start, index)),
  );
  const shift = new Float64Array(horizonDays).map((_, step) => {
    const day = addDays(origin, step + 1);
    return labelled.lasting.reduce(
      (sum, { until, amount }) => sum + (day < until ? amount : 0),
      calendar(day),
    );
  });
  const grown = grownForecast(
    { ...whole.days, values: plain },
    (series) => by.forecast(series, horizonDays, metric),
    { factor: growthFactor(inputs), shift },
  );
  if (grown === null) return null;
  const { result, toDemand } = grown;
  const drawn = (seed: number) =>
    demandPaths({
      quantile: (probability) => toDemand(result.forecast.quantile(probability)),
      history: grown.level,
      count: PATHS,
      random: seededRandom(seed),
    });
  return {
    metric,
    series: { start: startOfDay(peaks.start), step: 'day', values: peaks.values },
    origin,
    result,
    toDemand,
    paths: drawn(seedOf(`${region}/${metric}/${origin}`)),
    drawn,
    censored: whole.censored,
    calendar: effects,
  };
}

function growthFactor({ horizonDays, growthPercentPerYear = 0 }: RegionForecastInputs) {
  return new Float64Array(horizonDays).map(
    (_, step) => (1 + growthPercentPerYear / 100) ** ((step + 1) / 365),
  );
}

/** Full is a day whose peak, as observed, reached what was usable, on which much was refused, or of which it is said. */
function isFull(
  { capacity, shifts, refused = [] }: RegionForecastInputs,
  metric: Metric,
  { peaks, day }: { readonly peaks: DailyDemand; readonly day: Day },
): boolean {
  const seen = peaks.values[daysBetween(peaks.start, day)] ?? null;
  const short = refused.find(({ date }) => date === day);
  if (seen !== null && short !== undefined && saysShort(short, metric, seen)) return true;
  const isLabelled = shifts.some(
    (shift) =>
      shift.label === 'refused' &&
      (shift.metric ?? metric) === metric &&
      day >= shift.date &&
      day < (shift.until ?? day),
  );
  if (isLabelled) return true;
  const outlook = capacity[metric];
  if (outlook === null) return false;
  const usable = usableOn(outlook, day);
  return seen !== null && usable > 0 && seen >= usable;
}
