import { ProblemError } from '../errors.ts';
import type { KnownRegion } from '../planning/gather-inputs.ts';
import type { PlannedEvent } from '../planning/planned-event.ts';
import { type RegionForecast, regionForecast } from '../planning/region-forecast.ts';
import type {
  ForecastBy,
  RegionForecastInputs,
  SeriesForecaster,
} from '../planning/region-inputs.ts';
import { type AddedDemand, demandInMix } from './demand-in-mix.ts';
import { demandMoved, sharesOf } from './demand-moved.ts';
import { meansOf, type PresentMix, toldMix } from './mix-answer.ts';
import { capacityIn, planIn } from './region-capacity.ts';
import type { Scenario } from './scenario.ts';
import type { ScenarioAnswer } from './scenario-answer.ts';
import { differenceOf, sideOf } from './scenario-side.ts';
import { scenarioUrl } from './scenario-url.ts';

const REGIONS_MOST = 12;

export interface ScenarioRegion extends KnownRegion {
  /** What stands, by the last survey; left out where none was made. */
  readonly presentMix?: PresentMix;
}

/**
 * A scenario beside the forecast, region by region. Both are made in the same way from what is known
 * now, so that a scenario of nothing is the forecast; nothing is kept of either.
 *
 * @param known every region that has demand
 * @throws ProblemError `refused` where the scenario speaks of what is not there
 */
export function answerScenario(
  scenario: Scenario,
  known: readonly ScenarioRegion[],
  forecast: SeriesForecaster,
): ScenarioAnswer {
  requireKnown(scenario, known);
  const asked = known.filter(
    ({ inputs: { region } }) =>
      scenario.regions === undefined || scenario.regions.some((one) => one === region),
  );
  requireFew(asked.length);
  const lost = lostDemand(scenario, known, forecast);
  return {
    scenario: { ...scenario },
    url: scenarioUrl(scenario),
    regions: asked.map((region) => {
      const { inputs } = region;
      const base = sideOf(inputs, regionForecast(inputs, { forecast }));
      const isLost = lost?.region === inputs.region;
      const changed = inputsIn(scenario, region);
      const by = { forecast, added: addedTo(scenario, { ...region, inputs: changed }, lost) };
      const other = isLost ? null : sideOf(changed, regionForecast(changed, by));
      return {
        region: inputs.region,
        lost: isLost,
        base,
        scenario: other,
        ...mixIn(scenario, region),
        difference: other && differenceOf(base, other),
      };
    }),
  };
}

function mixIn(
  scenario: Scenario,
  { inputs: { region }, plan, presentMix }: ScenarioRegion,
): Pick<ScenarioAnswer['regions'][number], 'mix'> {
  const means = meansOf(scenario, presentMix);
  if (means === null || scenario.mix === undefined) return {};
  const changed = plan && planIn(scenario, region, plan);
  return { mix: toldMix(scenario.mix, { region, means, presentMix, plan: changed }) };
}

/** An answer has 29 s: some 2 s a region leave a margin. @throws ProblemError `refused` */
function requireFew(regions: number): void {
  if (regions <= REGIONS_MOST) return;
  throw new ProblemError(
    'refused',
    `The scenario asks for ${regions} regions at once: name at most ${REGIONS_MOST} in "regions", and ask again for the others.`,
    [{ pointer: '/regions', message: `Name at most ${REGIONS_MOST}.` }],
  );
}

/** @throws ProblemError `refused` */
function requireKnown(scenario: Scenario, known: readonly KnownRegion[]): void {
  const names = new Set<string>(known.map(({ inputs }) => inputs.region));
  const { regions = [], orders = [], ratios = [], reserves = [], changes = [] } = scenario;
  const { events = [], lost } = scenario;
  const named = [...orders, ...ratios, ...reserves, ...changes, ...events, ...(lost?.to ?? [])];
  const missing = [...regions, ...named.map((one) => one.region), lost?.region].find(
    (region) => region !== undefined && !names.has(region),
  );
  if (missing === undefined) return;
  throw new ProblemError(
    'refused',
    `The scenario speaks of region "${missing}", of which no demand is known: GET /v1/regions lists those that there are.`,
  );
}

function inputsIn(scenario: Scenario, { inputs, plan }: KnownRegion): RegionForecastInputs {
  const { region, capacity } = inputs;
  return {
    ...inputs,
    capacity: capacityIn(scenario, region, { plan, capacity }),
    events: eventsIn(scenario, inputs),
    ...(scenario.growthPercentPerYear === undefined
      ? {}
      : { growthPercentPerYear: scenario.growthPercentPerYear }),
  };
}

function eventsIn(scenario: Scenario, inputs: RegionForecastInputs): readonly PlannedEvent[] {
  const own = (scenario.events ?? []).filter(({ region }) => region === inputs.region);
  const replaced = new Set([...own.map(({ id }) => id), ...(scenario.withoutEvents ?? [])]);
  return [...inputs.events.filter(({ id }) => !replaced.has(id)), ...own];
}

interface Lost {
  readonly region: string;
  readonly from: string;
  readonly made: RegionForecast;
  readonly shares: ReadonlyMap<string, number>;
}

/** What the lost region would have needed, with the scenario's growth and events in it. */
function lostDemand(
  scenario: Scenario,
  known: readonly ScenarioRegion[],
  forecast: SeriesForecaster,
): Lost | null {
  const { lost } = scenario;
  const region = known.find(({ inputs }) => inputs.region === lost?.region);
  if (lost === undefined || region === undefined) return null;
  const inputs = inputsIn(scenario, region);
  const added = addedTo(scenario, { ...region, inputs }, null);
  const made = regionForecast(inputs, { forecast, added });
  return { region: lost.region, from: lost.from, made, shares: sharesOf(lost, known) };
}

/** What the scenario adds to each future of a region beside events. */
function addedTo(
  scenario: Scenario,
  { inputs, presentMix }: ScenarioRegion,
  lost: Lost | null,
): NonNullable<ForecastBy['added']> {
  const means = meansOf(scenario, presentMix);
  return (own) => {
    const share = lost?.shares.get(inputs.region) ?? 0;
    const moved =
      lost === null || share === 0
        ? null
        : demandMoved({ plans: lost.made.plans, from: lost.from, share, own });
    const mixed: AddedDemand =
      means === null ? { cores: null, ram: null } : demandInMix(means.asked, means.present, own);
    return {
      cores: summed(mixed.cores, moved?.cores ?? null),
      ram: summed(mixed.ram, moved?.ram ?? null),
    };
  };
}

function summed(
  some: readonly Float64Array[] | null,
  more: readonly Float64Array[] | null,
): readonly Float64Array[] | null {
  if (some === null || more === null) return some ?? more;
  return some.map((path, index) => path.map((value, step) => value + (more[index]?.[step] ?? 0)));
}
