import type { Metric } from '../capacity/demand.ts';
import {
  exhaustionOf,
  type ForecastAnswer,
  type ForecastResponse,
  KEPT_QUANTILES,
} from '../capacity/forecast-answer.ts';
import type { PlanAnswer } from '../capacity/plan-answer.ts';
import { seasonalScale } from '../forecasting/accuracy.ts';
import { OBSERVATIONS_NEEDED } from '../forecasting/forecast-series.ts';
import { at, quantileOfSorted } from '../forecasting/numbers.ts';
import { observationsIn, primarySeasonSteps } from '../forecasting/series.ts';
import { addDays } from '../period/calendar.ts';
import { usableOn } from './capacity-outlook.ts';
import { toldData } from './data-answer.ts';
import { type EventProgress, sizeOf } from './event-progress.ts';
import { type DaysToExhaustion, daysToExhaustion, probabilityByDay } from './exhaustion-days.ts';
import { dailyPeaks } from './metric-outlook.ts';
import { toldNeeds } from './needs.ts';
import type { RegionForecastInputs } from './region-inputs.ts';
import type { ResourcePlan } from './resource-plan.ts';
import { rounded } from './rounded.ts';
import type { DailyDemand } from './shown-effect.ts';
import { toldOrder } from './told-order.ts';

interface Made {
  readonly plan: ResourcePlan | null;
  readonly progress: readonly EventProgress[];
}

/** The forecast of one resource of a region as the API tells it. */
export function plannedAnswer(
  inputs: RegionForecastInputs,
  metric: Metric,
  { plan, progress }: Made,
): ForecastResponse {
  const unit = metric === 'cores' ? 'cores' : 'GiB';
  const header = { region: inputs.region, metric, unit, statistic: 'peak' } as const;
  const peaks = dailyPeaks(inputs.demand[metric]);
  const history = peaks && toldHistory(peaks);
  if (plan === null || history === null) {
    return {
      ...header,
      status: 'not_enough_data',
      history,
      observations: peaks === null ? 0 : observationsOf(peaks),
      observationsNeeded: OBSERVATIONS_NEEDED,
    };
  }
  const { outlook } = plan;
  const { origin, result } = outlook;
  const { horizonDays } = inputs;
  const days = plan.capacity && daysToExhaustion(plan.demand, plan.capacity);
  const outlookCapacity = inputs.capacity[metric];
  return {
    ...header,
    status: 'forecast',
    history,
    origin,
    horizonDays,
    model: { name: result.model, members: [...result.members] },
    backtest: toldBacktest(plan),
    dates: Array.from({ length: horizonDays }, (_, step) => addDays(origin, step + 1)),
    ...toldDemand(plan),
    usable: outlookCapacity && usableOn(outlookCapacity, addDays(origin, 1)),
    exhaustion: days && exhaustionOf(origin, probabilityByDay(days, horizonDays)),
    plan: toldPlan(inputs, metric, { plan, progress, days }),
  };
}

function observationsOf({ values }: DailyDemand): number {
  return observationsIn({ start: 0, step: 'day', values });
}

function toldHistory({ start, values }: DailyDemand): ForecastAnswer['history'] {
  return { start, values: values.map((value) => (value === null ? null : rounded(value))) };
}

/** Errors are those of the demand without the growth that is carried on; MASE by the demand as observed. */
function toldBacktest({ outlook }: ResourcePlan): ForecastAnswer['backtest'] {
  const { backtest } = outlook.result;
  if (backtest === null) return null;
  const { mae, origins, horizonSteps, coverage95, seasonalNaive } = backtest;
  const { values } = outlook.series;
  const season = primarySeasonSteps('day');
  const scale = seasonalScale(values, values.length > season ? season : 1);
  const scaled = (error: number) => ({ mae: error, mase: scale === null ? null : error / scale });
  return {
    ...scaled(mae),
    origins,
    horizonDays: horizonSteps,
    coverage95,
    seasonalNaive: seasonalNaive && scaled(seasonalNaive.mae),
  };
}

/** Quantiles of the forecast itself, or counted over the paths where events change them. */
function toldDemand(
  plan: ResourcePlan,
): Pick<ForecastAnswer, 'mean' | 'lo95' | 'hi95' | 'quantiles'> {
  const { outlook, addedMean } = plan;
  const { forecast } = outlook.result;
  const own = outlook.toDemand;
  const mean = own(forecast.mean).map((value, step) =>
    Math.max(0, value + (addedMean === null ? 0 : at(addedMean, step))),
  );
  const sorted = addedMean === null ? null : sortedByDay(plan.demand);
  const quantile = (level: number) =>
    Array.from(
      sorted === null
        ? own(forecast.quantile(level))
        : sorted.map((values) => quantileOfSorted(values, level)),
      rounded,
    );
  return {
    mean: Array.from(mean, rounded),
    lo95: quantile(0.025),
    hi95: quantile(0.975),
    quantiles: Object.fromEntries(KEPT_QUANTILES.map((level) => [String(level), quantile(level)])),
  };
}

function sortedByDay(paths: readonly Float64Array[]): Float64Array[] {
  return Array.from(paths[0] ?? [], (_, step) =>
    Float64Array.from(paths, (path) => at(path, step)).sort(),
  );
}

function toldPlan(
  inputs: RegionForecastInputs,
  metric: Metric,
  made: Made & { readonly plan: ResourcePlan; readonly days: DaysToExhaustion | null },
): PlanAnswer {
  const { plan, progress, days } = made;
  const { region, settings } = inputs;
  return {
    ...toldOrder({ region, settings, days, origin: plan.outlook.origin }),
    needs: toldNeeds(inputs, plan),
    events: progress.map((one) => toldEvent(one, metric)),
    capacity: [...(inputs.capacity[metric]?.usable ?? [])],
    data: toldData(inputs, metric, plan),
  };
}

export function toldEvent({ event, state, realised }: EventProgress, metric: Metric) {
  const { id, kind, name, date } = event;
  return {
    id,
    kind,
    ...(name === undefined ? {} : { name }),
    date,
    state,
    planned: sizeOf(event, metric) ?? null,
    realised: realised[metric] ?? null,
  };
}
