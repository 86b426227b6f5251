import type { Metric } from '../capacity/demand.ts';
import { forecastSeries } from '../forecasting/forecast-series.ts';
import { at } from '../forecasting/numbers.ts';
import { type JointErrors, reconciled } from '../forecasting/reconciliation.ts';
import { compareText } from '../identifiers.ts';
import { addDays } from '../period/calendar.ts';
import { type GrownForecast, grownForecast } from './grown-forecast.ts';
import { rounded } from './rounded.ts';
import type { TeamAnswer, TeamForecasts } from './team-answer.ts';
import type { TeamDemand, TeamDemands } from './team-demand.ts';

/** So many teams are forecast each for itself, the largest of the last four weeks; others as one. */
const MOST_TEAMS = 60;
const RECENT_DAYS = 28;
/** Of teams that are too small to be forecast each for itself. */
export const OTHER_TEAMS = 'other teams';

export interface TeamForecastInputs {
  readonly region: string;
  readonly metric: Metric;
  readonly demands: TeamDemands;
  readonly horizonDays: number;
}

interface Node {
  readonly values: readonly (number | null)[];
  readonly made: GrownForecast;
}

/**
 * Forecasts of the mean demand of teams that add up to the region's: each is forecast for itself,
 * and so is their sum; then all are reconciled. The order in which teams are given does not count.
 * Null where too little is known.
 */
export function teamForecasts(inputs: TeamForecastInputs): TeamForecasts | null {
  const { region, metric, demands, horizonDays } = inputs;
  const teams = largest(demands.teams);
  const nodeOf = (values: readonly (number | null)[]): Node | null => {
    const days = { start: demands.start, values };
    const made = grownForecast(days, (series) => forecastSeries(series, horizonDays));
    return made && { values, made };
  };
  const total = nodeOf(summed(teams));
  const parts = teams.map(({ values }) => nodeOf(values));
  if (total === null || parts.length === 0) return null;
  const nodes = parts.filter((node) => node !== null);
  if (nodes.length < parts.length) return null;
  const means = [total, ...nodes].map(meanOf);
  const [whole = new Float64Array(), ...own] = means;
  const coherent = reconciled({ total: whole, parts: own }, errorsOf([total, ...nodes]));
  const origin = addDays(demands.start, total.values.length - 1);
  const unit = metric === 'cores' ? 'cores' : 'GiB';
  return {
    region,
    metric,
    unit,
    statistic: 'mean',
    origin,
    horizonDays,
    mean: Array.from(coherent.total, rounded),
    beforeReconciliation: Array.from(whole, rounded),
    teams: nodes.map((node, index) => ({
      team: teams[index]?.team ?? '',
      ...toldTeam(node, coherent.parts[index] ?? new Float64Array()),
    })),
  };
}

/** Sorted by team, so that sums do not depend on the order given. */
function largest(teams: readonly TeamDemand[]): TeamDemand[] {
  const recent = ({ values }: TeamDemand) =>
    values.slice(-RECENT_DAYS).reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const sorted = teams.toSorted((a, b) => recent(b) - recent(a) || compareText(a.team, b.team));
  const own = sorted.slice(0, MOST_TEAMS).sort((a, b) => compareText(a.team, b.team));
  const others = sorted.slice(MOST_TEAMS).sort((a, b) => compareText(a.team, b.team));
  return others.length === 0 ? own : [...own, { team: OTHER_TEAMS, values: summed(others) }];
}

function summed(teams: readonly TeamDemand[]): (number | null)[] {
  const first = teams[0]?.values ?? [];
  return first.map((value, index) =>
    value === null ? null : teams.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
  );
}

function meanOf({ made }: Node): Float64Array {
  return made.toDemand(made.result.forecast.mean);
}

/** Errors of all backtests at the same days; where the rounds differ, of none. */
function errorsOf(nodes: readonly Node[]): JointErrors {
  const paths = nodes.map(({ made }) => (made.result.errors ?? []).flat());
  const length = paths[0]?.length ?? 0;
  if (paths.some((path) => path.length !== length)) return [nodes.map(() => 0)];
  const rows = Array.from({ length }, (_, index) => paths.map((path) => path[index] ?? null));
  const whole = rows.filter((row): row is number[] => row.every((error) => error !== null));
  return whole.length > 0 ? whole : [nodes.map(() => 0)];
}

/** The band of a team moves with its mean, and ends at zero. */
function toldTeam(node: Node, mean: Float64Array): Omit<TeamAnswer, 'team'> {
  const { made } = node;
  const before = meanOf(node);
  const quantile = (level: number) =>
    Array.from(made.toDemand(made.result.forecast.quantile(level)), (value, step) =>
      rounded(Math.max(0, value + at(mean, step) - at(before, step))),
    );
  return {
    now: rounded(node.values.findLast((value) => value !== null) ?? 0),
    model: made.result.model,
    mean: Array.from(mean, rounded),
    p10: quantile(0.1),
    p50: quantile(0.5),
    p90: quantile(0.9),
  };
}
