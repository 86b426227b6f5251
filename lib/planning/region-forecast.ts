import type { Metric } from '../capacity/demand.ts';
import { exhaustionOf, type ForecastResponse } from '../capacity/forecast-answer.ts';
import { forecastSeries } from '../forecasting/forecast-series.ts';
import { at } from '../forecasting/numbers.ts';
import { seededRandom } from '../forecasting/random.ts';
import type { Day } from '../period/calendar.ts';
import { usableAfter } from './capacity-outlook.ts';
import { eventPaths } from './event-paths.ts';
import { type EventProgress, eventProgress } from './event-progress.ts';
import { daysBetween } from './event-ramp.ts';
import { daysToExhaustion, jointDays, probabilityByDay } from './exhaustion-days.ts';
import { dailyPeaks, type MetricOutlook, metricOutlook, PATHS } from './metric-outlook.ts';
import { coupledPaths, weeklyCorrelation } from './path-coupling.ts';
import type { RegionExhaustion } from './region-answer.ts';
import type { ForecastBy, OwnDemand, RegionForecastInputs } from './region-inputs.ts';
import { plannedAnswer } from './resource-answer.ts';
import { type ResourcePlan, resourcePlan } from './resource-plan.ts';
import { seedOf } from './seed.ts';
import { toldOrder } from './told-order.ts';

/** What a region's inputs say of the days ahead. */
export interface RegionForecast {
  readonly cores: ForecastResponse;
  readonly ram: ForecastResponse;
  /** Null where capacity or demand of both is unknown. */
  readonly exhaustion: RegionExhaustion | null;
  /** The futures that the answers were counted over. */
  readonly plans: Plans;
}

const METRICS: readonly Metric[] = ['cores', 'ram'];

/**
 * The forecast of a region from its inputs and nothing else: demand by resource with planned events,
 * held against capacity future by future, each resource alone and both together.
 */
export function regionForecast(inputs: RegionForecastInputs, by: ForecastBy = {}): RegionForecast {
  const origin = newestDay(inputs);
  const progress = origin === null ? [] : progressOf(inputs, origin);
  const plans = planned(inputs, progress, by);
  return {
    cores: plannedAnswer(inputs, 'cores', { plan: plans.cores, progress }),
    ram: plannedAnswer(inputs, 'ram', { plan: plans.ram, progress }),
    exhaustion: jointAnswer(inputs, plans),
    plans,
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

function planned(
  inputs: RegionForecastInputs,
  progress: readonly EventProgress[],
  { forecast = forecastSeries, added }: ForecastBy,
): Plans {
  const [cores, ram] = METRICS.map((metric) =>
    metricOutlook(inputs, metric, { progress, forecast }),
  );
  const outlooks = coupledOutlooks(inputs.region, { cores: cores ?? null, ram: ram ?? null });
  const further = added?.({ cores: ownDemand(outlooks.cores), ram: ownDemand(outlooks.ram) });
  const plans = METRICS.map((metric) => {
    const outlook = outlooks[metric];
    if (outlook === null) return null;
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
      outlook,
      added: together(events.demand, further?.[metric] ?? null),
      usable: capacity && usableAfter(capacity, origin, horizonDays),
      addedCapacity: events.capacity,
    });
  });
  return { cores: plans[0] ?? null, ram: plans[1] ?? null };
}

type Outlooks = Readonly<Record<Metric, MetricOutlook | null>>;

/** Cores and RAM on one path each, as they went together. */
function coupledOutlooks(region: string, outlooks: Outlooks): Outlooks {
  const { cores, ram } = outlooks;
  if (cores === null || ram === null) return outlooks;
  const twins = ram.drawn(seedOf(`${region}/cores/${cores.origin}`));
  const paths = coupledPaths(twins, ram.paths, {
    correlation: weeklyCorrelation(cores.series.values, ram.series.values),
    random: seededRandom(seedOf(`${region}/coupling`)),
  });
  return { cores, ram: { ...ram, paths } };
}

function ownDemand(outlook: MetricOutlook | null): OwnDemand | null {
  if (outlook === null) return null;
  const { origin, paths, series } = outlook;
  return { origin, paths, present: series.values.findLast((value) => value !== null) ?? 0 };
}

function together(
  some: readonly Float64Array[] | null,
  more: readonly Float64Array[] | null,
): readonly Float64Array[] | null {
  if (some === null || more === null) return some ?? more;
  return some.map((path, index) => path.map((value, step) => value + at(more[index] ?? [], step)));
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
    ...toldOrder({ region, settings, days, origin }),
  };
}
