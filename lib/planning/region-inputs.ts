import type { DemandDay, Metric } from '../capacity/demand.ts';
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
  readonly settings: PlanningSettings;
  readonly horizonDays: number;
  /** On top of the growth that is forecast: for scenarios. */
  readonly growthPercentPerYear?: number;
}
