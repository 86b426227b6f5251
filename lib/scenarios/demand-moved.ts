import type { Metric } from '../capacity/demand.ts';
import { at } from '../forecasting/numbers.ts';
import type { Day } from '../period/calendar.ts';
import { addDays } from '../period/calendar.ts';
import { usableOn } from '../planning/capacity-outlook.ts';
import { daysBetween } from '../planning/event-ramp.ts';
import type { KnownRegion } from '../planning/gather-inputs.ts';
import type { OwnDemand } from '../planning/region-inputs.ts';
import type { ResourcePlan } from '../planning/resource-plan.ts';
import type { Scenario } from './scenario.ts';

type LostRegion = NonNullable<Scenario['lost']>;

/** Which share of the lost region's demand each other region takes: as told, else by usable cores. */
export function sharesOf(
  lost: LostRegion,
  known: readonly KnownRegion[],
): ReadonlyMap<string, number> {
  const told = lost.to?.map(({ region, share }) => [region, share] as const);
  const others = known.filter(({ inputs }) => inputs.region !== lost.region);
  const usable = others.map(({ inputs }) => {
    const cores = inputs.capacity.cores;
    return [inputs.region, cores === null ? 0 : usableOn(cores, lost.from)] as const;
  });
  const even = others.map(({ inputs }) => [inputs.region, 1] as const);
  const weights = told ?? (usable.some(([, amount]) => amount > 0) ? usable : even);
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  return new Map(
    weights
      .filter(([region]) => region !== lost.region)
      .map(([region, weight]) => [region, weight / sum]),
  );
}

/**
 * A share of the lost region's demand in each future of another, from a day on. Days on which the
 * lost region is not forecast any more take its last.
 */
export function demandMoved(input: {
  readonly plans: Readonly<Record<Metric, ResourcePlan | null>>;
  readonly from: Day;
  readonly share: number;
  readonly own: Readonly<Record<Metric, OwnDemand | null>>;
}): Readonly<Record<Metric, readonly Float64Array[] | null>> {
  const { plans, from, share, own } = input;
  const moved = (metric: Metric) => {
    const [plan, target] = [plans[metric], own[metric]];
    if (plan === null || target === null) return null;
    const first = daysBetween(addDays(target.origin, 1), from);
    const ahead = daysBetween(plan.outlook.origin, target.origin);
    return target.paths.map((path, index) => {
      const lost = plan.demand[index] ?? new Float64Array();
      const last = lost.length - 1;
      return path.map((_, step) =>
        step < first ? 0 : share * at(lost, Math.min(last, Math.max(0, step + ahead))),
      );
    });
  };
  return { cores: moved('cores'), ram: moved('ram') };
}
