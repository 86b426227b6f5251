import type { Metric } from '../capacity/demand.ts';
import { forecastSeries } from '../forecasting/forecast-series.ts';
import { at } from '../forecasting/numbers.ts';
import type { Day } from '../period/calendar.ts';
import { type EventProgress, eventProgress, withoutEvents } from './event-progress.ts';
import { type GrownForecast, grownForecast } from './grown-forecast.ts';
import type { PlannedEvent } from './planned-event.ts';
import { toldEvent } from './resource-answer.ts';
import { meanPath } from './resource-plan.ts';
import { rounded } from './rounded.ts';
import type { TeamAnswer } from './team-answer.ts';
import { quantilesWithEvents } from './team-events.ts';

/** Mean demand of a team, or of all, and its forecast without what events bring. */
export interface TeamNode {
  readonly values: readonly (number | null)[];
  /** The history as if its events had stood all along as they stand now. */
  readonly level: readonly (number | null)[];
  readonly made: GrownForecast;
  readonly progress: readonly EventProgress[];
}

/** Forecasts days as they would be without what their events have brought so far; null: too little is known. */
export function teamNode(of: {
  readonly metric: Metric;
  readonly start: Day;
  readonly origin: Day;
  readonly horizonDays: number;
  readonly values: TeamNode['values'];
  readonly events: readonly PlannedEvent[];
}): TeamNode | null {
  const { metric, start, origin, horizonDays, values, events } = of;
  const days = { start, values };
  const progress = events.map((event) => eventProgress(event, { [metric]: days }, origin));
  const level = withoutEvents(days, metric, { progress, origin });
  const made = grownForecast(level, (series) => forecastSeries(series, horizonDays));
  return made && { values, level: level.values, made, progress };
}

export function meanOf({ made }: TeamNode): Float64Array {
  return made.toDemand(made.result.forecast.mean);
}

interface ToldExactly {
  /** The mean, before it is rounded. */
  readonly exact: Float64Array;
}

/** The band of a team moves with its mean, and ends at zero. */
export function toldTeam(
  node: TeamNode,
  of: {
    /** As reconciled. */
    readonly mean: Float64Array;
    readonly paths: readonly Float64Array[] | null;
    readonly progress: readonly EventProgress[];
    readonly metric: Metric;
    readonly seedText: string;
  },
): Omit<TeamAnswer, 'team'> & ToldExactly {
  const { made } = node;
  const { mean, paths, progress, metric } = of;
  const before = meanOf(node);
  const ownAt = (level: number) =>
    made
      .toDemand(made.result.forecast.quantile(level))
      .map((value, step) => Math.max(0, value + at(mean, step) - at(before, step)));
  const quantileAt = paths === null ? ownAt : quantilesWithEvents(ownAt, paths, of.seedText);
  const quantile = (level: number) => Array.from(quantileAt(level), rounded);
  const added = paths && meanPath(paths);
  const exact =
    added === null ? mean : mean.map((value, step) => Math.max(0, value + at(added, step)));
  return {
    now: rounded(node.values.findLast((value) => value !== null) ?? 0),
    model: made.result.model,
    mean: Array.from(exact, rounded),
    p10: quantile(0.1),
    p50: quantile(0.5),
    p90: quantile(0.9),
    ...(progress.length === 0 ? {} : { events: progress.map((one) => toldEvent(one, metric)) }),
    exact,
  };
}
