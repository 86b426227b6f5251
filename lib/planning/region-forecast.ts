import type { Metric } from '../capacity/demand.ts';
import { exhaustionOf, type ForecastResponse } from '../capacity/forecast-answer.ts';
import { seededRandom } from '../forecasting/random.ts';

import type { Day } from '../period/calendar.ts';
import { usableAfter } from './capacity-outlook.ts';
import { eventPaths } from './event-paths.ts';
import { type EventProgress, eventProgress } from './event-progress.ts';
import { daysBetween } from './event-ramp.ts';
import { daysToExhaustion, jointDays, probabilityByDay } from './exhaustion-days.ts';
import { dailyPeaks, metricOutlook, PATHS } from './metric-outlook.ts';
import { orderBy } from './order-by.ts';
import { coupledPaths, weeklyCorrelation } from './path-coupling.ts';
import { orderRisk } from './planning-settings.ts';
import type { RegionExhaustion } from './region-answer.ts';
import type { RegionForecastInputs } from './region-inputs.ts';
import { plannedAnswer } from './resource-answer.ts';
import { type ResourcePlan, resourcePlan } from './resource-plan.ts';
import { seedOf } from './seed.ts';

/** What a region's inputs say of the days ahead. */
export interface RegionForecast {
  readonly cores: ForecastResponse;
  readonly ram: ForecastResponse;
  /** Null where capacity or demand of both is unknown. */
  readonly exhaustion: RegionExhaustion | null;
}

const METRICS: readonly Metric[] = ['cores', 'ram'];

/**
 * The forecast of a region from its inputs and nothing else: demand by resource with planned events,
 * held against capacity future by future, each resource alone and both together.
 */
export function regionForecast(inputs: RegionForecastInputs): RegionForecast {
  const origin = newestDay(inputs);
  const progress = origin === null ? [] : progressOf(inputs, origin);
  const plans = planned(inputs, progress);
  return {
    cores: plannedAnswer(inputs, 'cores', { plan: plans.cores, progress }),
    ram: plannedAnswer(inputs, 'ram', { plan: plans.ram, progress }),
    exhaustion: jointAnswer(inputs, plans),
  };
}

type Plans = Readonly<Record<Metric, ResourcePlan | null>>;

function newestDay({ demand }: RegionForecastInputs): Day | null {
  const last = METRICS.flatMap((metric) => demand[metric].at(-1)?.date ?? []);
  return last.sort().at(-1) ?? null;
}

/** In the order of their dates and ids, so that none depends on the order given. */
function progressOf(inputs: RegionForecastInputs, origin: Day): EventProgress[] {
  const demand = Object.fromEntries(
    METRICS.flatMap((metric) => {
      const peaks = dailyPeaks(inputs.demand[metric]);
      return peaks === null ? [] : [[metric, peaks]];
    }),
  );
  return inputs.events
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((event) => eventProgress(event, demand, origin));
}

function planned(inputs: RegionForecastInputs, progress: readonly EventProgress[]): Plans {
  const [cores, ram] = METRICS.map((metric) => metricOutlook(inputs, metric, progress));
  const outlooks = { cores: cores ?? null, ram: ram ?? null };
  const coupled =
    outlooks.cores && outlooks.ram
      ? coupledPaths(outlooks.cores.paths, outlooks.ram.paths, {
          correlation: weeklyCorrelation(outlooks.cores.series.values, outlooks.ram.series.values),
          random: seededRandom(seedOf(`${inputs.region}/coupling`)),
        })
      : null;
  const plans = METRICS.map((metric) => {
    const outlook = outlooks[metric];
    if (outlook === null) return null;
    const paths = metric === 'ram' && coupled !== null ? coupled : outlook.paths;
    const capacity = inputs.capacity[metric];
    const { origin } = outlook;
    const { horizonDays, region } = inputs;
    const events = eventPaths({
      region,
      metric,
      progress,
      origin,
      horizonDays,
      count: PATHS,
      hostSize: capacity?.hostSize ?? null,
    });
    return resourcePlan({
      outlook: { ...outlook, paths },
      added: events.demand,
      usable: capacity && usableAfter(capacity, origin, horizonDays),
      addedCapacity: events.capacity,
    });
  });
  return { cores: plans[0] ?? null, ram: plans[1] ?? null };
}

/** Days are counted from the later of the two origins. */
function jointAnswer(inputs: RegionForecastInputs, plans: Plans): RegionExhaustion | null {
  const known = METRICS.flatMap((metric) => {
    const plan = plans[metric];
    if (plan === null || plan.capacity === null) return [];
    return [{ metric, plan, days: daysToExhaustion(plan.demand, plan.capacity) }];
  });
  const origin = known
    .map(({ plan }) => plan.outlook.origin)
    .sort()
    .at(-1);
  if (origin === undefined) return null;
  const { region, settings } = inputs;
  const since = known.map(({ plan, days }) => {
    const passed = daysBetween(plan.outlook.origin, origin);
    return days.map((day) => Math.max(1, day - passed));
  });
  const { days, bindingShare } = jointDays(since);
  const horizonDays = inputs.horizonDays;
  const told = (of: Float64Array) => exhaustionOf(origin, probabilityByDay(of, horizonDays));
  const most = Math.max(...bindingShare);
  const binding = most > 0 ? known[bindingShare.indexOf(most)]?.metric : undefined;
  return {
    region,
    origin,
    horizonDays,
    resources: known.map(({ metric }, index) => ({
      metric,
      exhaustion: told(since[index] ?? days),
      bindingShare: bindingShare[index] ?? 0,
    })),
    joint: told(days),
    binding: binding ?? null,
    order:
      settings.leadTimeDays === undefined
        ? null
        : orderBy({
            days,
            leadTimeDays: settings.leadTimeDays,
            risk: orderRisk(settings),
            origin,
            random: seededRandom(seedOf(`${region}/lead-time`)),
          }),
  };
}
