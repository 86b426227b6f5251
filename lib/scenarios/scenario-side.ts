import type { ForecastAnswer, ForecastResponse } from '../capacity/forecast-answer.ts';
import { at } from '../forecasting/numbers.ts';
import type { CapacityOutlook } from '../planning/capacity-outlook.ts';
import type { RegionForecast } from '../planning/region-forecast.ts';
import type { RegionForecastInputs } from '../planning/region-inputs.ts';
import type { Difference, ResourceSide, ScenarioSide } from './scenario-answer.ts';

/** Days ahead for which demand is told. */
const TOLD_DAYS = [30, 90, 180, 365] as const;

/** The forecast of a region in short: what is compared. */
export function sideOf(inputs: RegionForecastInputs, made: RegionForecast): ScenarioSide {
  const { exhaustion } = made;
  return {
    cores: resourceOf(made.cores, inputs.capacity.cores),
    ram: resourceOf(made.ram, inputs.capacity.ram),
    joint: exhaustion && shortOf(exhaustion.joint),
    binding: exhaustion?.binding ?? null,
    order: exhaustion?.order ?? null,
    ...orderNeedsOf(made),
  };
}

/** Of both resources; where capacity is not known, of the one that there is. */
function orderNeedsOf({
  exhaustion,
  cores,
  ram,
}: RegionForecast): Pick<ScenarioSide, 'orderNeeds'> {
  const plans = [cores, ram].map((one) => (one.status === 'forecast' ? one.plan : undefined));
  const told =
    exhaustion === null
      ? plans.find((plan) => plan !== undefined)?.orderNeeds
      : exhaustion.orderNeeds;
  return told === undefined ? {} : { orderNeeds: told };
}

function resourceOf(
  answer: ForecastResponse,
  capacity: CapacityOutlook | null,
): ResourceSide | null {
  if (answer.status === 'not_enough_data') return null;
  const quantile = (level: string, days: number) => at(answer.quantiles[level] ?? [], days - 1);
  const { unit, origin, exhaustion } = answer;
  return {
    unit,
    origin,
    demand: TOLD_DAYS.filter((days) => days <= answer.horizonDays).map((days) => ({
      days,
      date: answer.dates[days - 1] ?? origin,
      p10: quantile('0.1', days),
      p50: quantile('0.5', days),
      p90: quantile('0.9', days),
    })),
    usable: stepsAhead(capacity, origin),
    exhaustion: exhaustion && shortOf(exhaustion),
  };
}

/** What holds on the origin, and what changes later. */
function stepsAhead(capacity: CapacityOutlook | null, origin: string): ResourceSide['usable'] {
  const steps = capacity?.usable ?? [];
  const first = Math.max(
    0,
    steps.findLastIndex(({ from }) => from <= origin),
  );
  return steps.slice(first).map((step) => ({ ...step }));
}

function shortOf({ probability: _, ...short }: NonNullable<ForecastAnswer['exhaustion']>) {
  return short;
}

/** Of whichever runs out first; null where one of the two sides does not know. */
export function differenceOf(base: ScenarioSide, changed: ScenarioSide): Difference | null {
  if (base.joint === null || changed.joint === null) return null;
  const [before, after] = [base.joint.days?.p50 ?? null, changed.joint.days?.p50 ?? null];
  const told = changed.joint.probabilityBy;
  return {
    p50Days: before === null || after === null ? null : after - before,
    probabilityBy: base.joint.probabilityBy.flatMap(({ days, probability }) => {
      const other = told.find((one) => one.days === days);
      return other === undefined ? [] : [{ days, change: other.probability - probability }];
    }),
  };
}
