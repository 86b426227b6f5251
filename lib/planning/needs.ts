import type { PlanAnswer } from '../capacity/plan-answer.ts';
import { at, quantileOfSorted } from '../forecasting/numbers.ts';
import { addDays } from '../period/calendar.ts';
import { newsvendorQuantile, orderRisk } from './planning-settings.ts';
import type { RegionForecastInputs } from './region-inputs.ts';
import type { ResourcePlan } from './resource-plan.ts';
import { rounded } from './rounded.ts';

/** Days ahead by which needs are told. */
const NEEDS_BY = [30, 60, 90, 180, 365] as const;

/** What to have, at the quantile that the two costs ask for; null where capacity is not known. */
export function toldNeeds(
  inputs: RegionForecastInputs,
  { demand, capacity, outlook }: ResourcePlan,
): PlanAnswer['needs'] {
  if (capacity === null) return null;
  const quantile = newsvendorQuantile(inputs.settings) ?? 1 - orderRisk(inputs.settings);
  const by = NEEDS_BY.filter((days) => days <= inputs.horizonDays).map((days) => {
    const highest = demand.map((path) => Math.max(...path.subarray(0, days)));
    const missing = demand.map((path, index) => {
      const limits = capacity[index] ?? [];
      let most = 0;
      for (let step = 0; step < days; step += 1) {
        most = Math.max(most, at(path, step) - at(limits, step));
      }
      return most;
    });
    const told = (values: readonly number[]) =>
      rounded(quantileOfSorted(Float64Array.from(values).sort(), quantile));
    const date = addDays(outlook.origin, days);
    return { days, date, demand: told(highest), missing: told(missing) };
  });
  return { quantile, by };
}
