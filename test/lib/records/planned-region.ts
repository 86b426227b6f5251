import { normalQuantile, normalSource } from '../../../lib/forecasting/random.ts';
import { startOfStep } from '../../../lib/forecasting/series.ts';
import { addDays, type Day } from '../../../lib/period/calendar.ts';
import { type PlannedEvent, plannedEventSchema } from '../../../lib/planning/planned-event.ts';
import type {
  RegionForecastInputs,
  SeriesForecaster,
} from '../../../lib/planning/region-inputs.ts';

const WIDTH = 10;

/** A forecaster that takes no time: the last week again, as wrong on all days of a future. */
export const lastWeekAgain: SeriesForecaster = (history, horizonDays) => {
  const week = history.values.slice(-7).map((value) => value ?? 0);
  const mean = new Float64Array(horizonDays).map((_, step) => week[step % 7] ?? 0);
  const name = 'seasonal_naive_7';
  return {
    ok: true,
    model: name,
    members: [{ name, weight: 1 }],
    backtest: null,
    forecast: {
      origin: startOfStep(history, history.values.length - 1),
      step: 'day',
      mean,
      quantile: (level) => mean.map((value) => value + WIDTH * normalQuantile(level)),
      paths: (count, random) => {
        const normal = normalSource(random);
        return Array.from({ length: count }, () => {
          const error = WIDTH * normal();
          return mean.map((value) => value + error);
        });
      },
    },
  };
};

/** A region whose demand of cores ends on `last`, with twice as much RAM, and room for 1,000 cores. */
export function regionUntil(
  last: Day,
  cores: readonly number[],
  with_: Partial<RegionForecastInputs> = {},
): RegionForecastInputs {
  const days = (scale: number) =>
    cores.map((value, index) => ({
      date: addDays(last, index + 1 - cores.length),
      mean: scale * value,
      peak: scale * value,
      source: 'metered' as const,
    }));
  return {
    region: 'west',
    demand: { cores: days(1), ram: days(2) },
    capacity: {
      cores: { usable: [{ from: '2020-01-01', usable: 1_000 }], hostSize: 100 },
      ram: { usable: [{ from: '2020-01-01', usable: 4_000 }], hostSize: 400 },
    },
    events: [],
    shifts: [],
    settings: {},
    horizonDays: 365,
    ...with_,
  };
}

export function event(fields: Record<string, unknown>): PlannedEvent {
  return plannedEventSchema.parse({ id: 'e', region: 'west', kind: 'launch', ...fields });
}

/** Weeks that repeat with a little noise, so that nothing is certain. */
export function steadyWeeks(level: number, days: number): number[] {
  return Array.from({ length: days }, (_, day) => level + (day % 7) + ((day * 7_919) % 13));
}
