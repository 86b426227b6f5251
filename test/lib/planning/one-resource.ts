import type { DemandDay, Metric } from '../../../lib/capacity/demand.ts';
import type { ForecastResponse } from '../../../lib/capacity/forecast-answer.ts';
import { regionForecast } from '../../../lib/planning/region-forecast.ts';

export interface OneResource {
  readonly region: string;
  readonly metric: Metric;
  readonly days: readonly DemandDay[];
  /** In cores or GiB, the same on every day; null when it is not known. */
  readonly usable: number | null;
  readonly horizonDays: number;
}

/** The forecast of a region of which one resource is known, and nothing is planned. */
export function forecastOf({
  region,
  metric,
  days,
  usable,
  horizonDays,
}: OneResource): ForecastResponse {
  const nothing = { cores: [], ram: [] };
  const unknown = { cores: null, ram: null };
  const known = usable === null ? null : { usable: [{ from: '2020-01-01', usable }], hostSize: 64 };
  return regionForecast({
    region,
    demand: { ...nothing, [metric]: days },
    capacity: { ...unknown, [metric]: known },
    events: [],
    shifts: [],
    settings: {},
    horizonDays,
  })[metric];
}
