import type { Metric } from '../capacity/demand.ts';
import type { PlanAnswer } from '../capacity/plan-answer.ts';
import { amountOf } from '../capacity/refused.ts';
import { findingsIn } from '../forecasting/findings.ts';
import type { Series } from '../forecasting/series.ts';
import { addDays, type Day, dayOf } from '../period/calendar.ts';
import type { RegionForecastInputs } from './region-inputs.ts';
import type { ResourcePlan } from './resource-plan.ts';
import { rounded } from './rounded.ts';

const REFUSED_TOLD_DAYS = 365;

/** What was made of the data of a resource, as the API tells it. */
export function toldData(
  inputs: RegionForecastInputs,
  metric: Metric,
  { outlook }: ResourcePlan,
): PlanAnswer['data'] {
  const { origin, series, censored, calendar } = outlook;
  return {
    ...toldFindings(series),
    missingDays: series.values.filter((value) => value === null).length,
    censored: [...censored],
    calendar: calendar.map((effect) => ({ ...effect })),
    ...toldRefused(inputs, metric, origin),
    labels: inputs.shifts
      .filter((shift) => (shift.metric ?? metric) === metric && shift.date <= origin)
      .map(({ id }) => id),
  };
}

/** Of the year up to the origin. */
function toldRefused(
  { refused = [] }: RegionForecastInputs,
  metric: Metric,
  origin: Day,
): Pick<PlanAnswer['data'], 'refused'> {
  const from = addDays(origin, -REFUSED_TOLD_DAYS);
  const days = refused.filter(({ date }) => date > from && date <= origin);
  if (days.length === 0) return {};
  return {
    refused: days.map((day) => ({
      date: day.date,
      requests: day.requests,
      amount: rounded(amountOf(day, metric)),
    })),
  };
}

/** What an operator may want to label. */
function toldFindings(series: Series): Pick<PlanAnswer['data'], 'frozen' | 'shifts' | 'outliers'> {
  const { frozen, shifts, outliers } = findingsIn(series);
  const dayAt = (index: number) => addDays(dayOf(series.start), index);
  return {
    frozen: frozen.map(({ from, to }) => ({ from: dayAt(from), to: dayAt(to - 1) })),
    shifts: shifts.map(({ index, size }) => ({ date: dayAt(index), size: rounded(size) })),
    outliers: outliers.map(dayAt),
  };
}
