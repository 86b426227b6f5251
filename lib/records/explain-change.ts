import canonicalize from 'canonicalize';
import { type ForecastResponse, KEPT_QUANTILES } from '../capacity/forecast-answer.ts';
import { asByMembers, type Members } from '../forecasting/by-members.ts';
import type { Day } from '../period/calendar.ts';
import { addDays } from '../period/calendar.ts';
import { type RegionForecast, regionForecast } from '../planning/region-forecast.ts';
import type { RegionForecastInputs, SeriesForecaster } from '../planning/region-inputs.ts';
import type { Effect, ForecastChange } from './forecast-change.ts';
import type { KeptForecast } from './kept-forecast.ts';
import { type KeptPlan, readPlan } from './kept-plan.ts';
import { changeText, splitDemand, splitExhaustion, type Told } from './split-change.ts';

interface Now {
  readonly inputs: RegionForecastInputs;
  readonly made: RegionForecast;
  readonly madeOn: Day;
  /** As the forecast was made with; asked again for the same series, it should remember. */
  readonly forecast: SeriesForecaster;
}

/**
 * Why the forecast of a resource is another than the kept one: its inputs are replaced one after
 * another (data, model, events with labels and settings, capacity), and what each changes is told.
 * Null where one of the two is no forecast.
 */
export function explainChange(kept: KeptForecast, now: Now): ForecastChange | null {
  const { metric } = kept;
  const after = toldBy(now.made[metric]);
  const plan = readPlan(kept.inputs.plan);
  if (after === null || plan === null) return null;
  const { steps, modelsKnown } = replaced(kept, plan, { ...now, after });
  if (steps === null) return null;
  const before = toldByRecord(kept);
  const demand = splitDemand(before, steps);
  const exhaustion = splitExhaustion(before, steps);
  const unit = metric === 'cores' ? 'cores' : 'GiB';
  return {
    region: kept.region,
    metric,
    unit,
    before: { madeOn: kept.madeOn, origin: kept.origin },
    after: { madeOn: now.madeOn, origin: after.origin },
    demand,
    exhaustion,
    modelsKnown,
    text: changeText({ unit, since: kept.madeOn, demand, exhaustion }),
  };
}

function replaced(kept: KeptForecast, plan: KeptPlan, now: Now & { readonly after: Told }) {
  const { metric } = kept;
  const { inputs, after } = now;
  const present = membersOf(now.made[metric]);
  const earlier = kept.inputs.model.members;
  const told = (with_: Partial<RegionForecastInputs>, forecast: SeriesForecaster) => {
    const changed = { ...inputs, ...with_ };
    return same(changed, inputs) && forecast === now.forecast
      ? after
      : toldBy(regionForecast(changed, { forecast })[metric]);
  };
  let modelsKnown = true;
  const byEarlier: SeriesForecaster = (series, horizonDays, of) => {
    const made = now.forecast(series, horizonDays, of);
    if (!made.ok || of !== metric || same(earlier, present)) return made;
    const moved = asByMembers(made.forecast, series, { earlier, present });
    modelsKnown &&= moved !== null;
    return { ...made, forecast: moved ?? made.forecast };
  };
  const model = told(plan, now.forecast);
  const data = same(earlier, present) ? model : told(plan, byEarlier);
  const events = told({ capacity: plan.capacity }, now.forecast);
  const steps: Readonly<Record<Effect, Told>> | null = data &&
    model &&
    events && { data, model, events, capacity: after };
  return { steps, modelsKnown };
}

function same(a: unknown, b: unknown): boolean {
  return a === b || canonicalize(a) === canonicalize(b);
}

function membersOf(answer: ForecastResponse): Members {
  return answer.status === 'forecast' ? answer.model.members : [];
}

function toldBy(answer: ForecastResponse): Told | null {
  if (answer.status === 'not_enough_data') return null;
  const { origin, exhaustion, quantiles } = answer;
  return {
    median: quantiles['0.5'] ?? [],
    origin,
    exhaustion: exhaustion === null ? undefined : exhaustion.p50,
  };
}

function toldByRecord({ origin, quantiles, exhaustion }: KeptForecast): Told {
  const step = exhaustion?.findIndex((probability) => probability >= 0.5) ?? -1;
  return {
    median: quantiles[KEPT_QUANTILES.indexOf(0.5)] ?? [],
    origin,
    exhaustion: exhaustion === null ? undefined : step < 0 ? null : addDays(origin, step + 1),
  };
}
