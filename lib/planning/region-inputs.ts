import type { DemandDay, Metric } from '../capacity/demand.ts';
import type { RefusedDay } from '../capacity/refused.ts';
import type { SeriesForecast } from '../forecasting/forecast-series.ts';
import type { Series } from '../forecasting/series.ts';
import type { Day } from '../period/calendar.ts';
import type { CapacityOutlook } from './capacity-outlook.ts';
import type { LabelledShift } from './labelled-shift.ts';
import type { PlannedEvent } from './planned-event.ts';
import type { PlanningSettings } from './planning-settings.ts';

/** All that the forecast of a region is made from: the same inputs give the same answer, to the last digit. */
export interface RegionForecastInputs {
  readonly region: string;
  /** Known days before today, oldest first. */
  readonly demand: Readonly<Record<Metric, readonly DemandDay[]>>;
  /** Null where no host is known. Planned events come on top. */
  readonly capacity: Readonly<Record<Metric, CapacityOutlook | null>>;
  readonly events: readonly PlannedEvent[];
  readonly shifts: readonly LabelledShift[];
  /** Days on which requests were refused, as notifications of Nova tell it. */
  readonly refused?: readonly RefusedDay[];
  /** Days of the calendars that the settings name. */
  readonly holidays?: readonly Day[];
  readonly settings: PlanningSettings;
  readonly horizonDays: number;
  /** On top of the growth that is forecast: for scenarios. */
  readonly growthPercentPerYear?: number;
}

/** What forecasts the demand of a resource, without its planned events. */
export type SeriesForecaster = (
  history: Series,
  horizonDays: number,
  metric: Metric,
) => SeriesForecast;

/** Demand by path and day after the origin, as it is before planned events. */
export interface OwnDemand {
  readonly origin: Day;
  readonly paths: readonly Float64Array[];
  /** The last peak observed. */
  readonly present: number;
}

/** What else than the inputs makes a forecast. */
export interface ForecastBy {
  /** Default: `forecastSeries`. */
  readonly forecast?: SeriesForecaster;
  /** What comes on top of each path beside events; null adds nothing. For scenarios. */
  readonly added?: (
    own: Readonly<Record<Metric, OwnDemand | null>>,
  ) => Readonly<Record<Metric, readonly Float64Array[] | null>>;
}
