import type { Metric } from '../capacity/demand.ts';
import { at } from '../forecasting/numbers.ts';
import { type JointErrors, reconciled } from '../forecasting/reconciliation.ts';
import { compareText } from '../identifiers.ts';
import { addDays } from '../period/calendar.ts';
import { UNASSIGNED } from '../rating/team.ts';
import type { PlannedEvent } from './planned-event.ts';
import { meanPath } from './resource-plan.ts';
import { rounded } from './rounded.ts';
import type { TeamForecasts } from './team-answer.ts';
import type { TeamDemand, TeamDemands } from './team-demand.ts';
import { NO_TEAM_EVENTS, type TeamEvents, teamEventPaths } from './team-events.ts';
import { meanOf, type TeamNode, teamNode, toldTeam } from './team-node.ts';

/** So many teams are forecast each for itself, the largest of the last four weeks; others as one. */
const MOST_TEAMS = 60;
const RECENT_DAYS = 28;
/** Of teams that are too small to be forecast each for itself. */
export const OTHER_TEAMS = 'other teams';

export interface TeamForecastInputs {
  readonly region: string;
  readonly metric: Metric;
  readonly demands: TeamDemands;
  /** Default: none. */
  readonly events?: TeamEvents;
  readonly horizonDays: number;
}

/**
 * Forecasts of the mean demand of teams that add up to the region's: each is forecast for itself,
 * and so is their sum; then all are reconciled, and what each team's events bring is added to it.
 * What an event brings that names nobody is nobody's. The order in which teams are given does not
 * count. Null where too little is known.
 */
export function teamForecasts(inputs: TeamForecastInputs): TeamForecasts | null {
  const { region, metric, demands, horizonDays, events = NO_TEAM_EVENTS } = inputs;
  const known = largest(withEventTeams(demands.teams, events));
  const teams = known.map(({ team }) => team);
  const ofRegion = summed(known);
  const origin = addDays(demands.start, ofRegion.length - 1);
  const nodeOf = (values: TeamNode['values'], own: readonly PlannedEvent[]) =>
    teamNode({ ...inputs, start: demands.start, origin, values, events: own });
  const parts = known.map(({ team, values }) =>
    nodeOf(values, eventsOf(team, teams, events.byTeam)),
  );
  const nodes = parts.filter((node) => node !== null);
  if (nodes.length < parts.length || nodes.length === 0) return null;
  const levels = nodes.map(({ level }, index) => ({ team: teams[index] ?? '', values: level }));
  // What names nobody shows in the sum, whosever it turns out to be.
  const total = nodeOf(summed(levels), events.unnamed);
  if (total === null) return null;
  const [whole = new Float64Array(), ...own] = [total, ...nodes].map(meanOf);
  const coherent = reconciled({ total: whole, parts: own }, errorsOf([total, ...nodes]));
  const told = nodes.map((node, index) => {
    const team = teams[index] ?? '';
    const progress = team === UNASSIGNED ? [...node.progress, ...total.progress] : node.progress;
    const paths = teamEventPaths({ region, metric, progress, origin, horizonDays });
    const mean = coherent.parts[index] ?? new Float64Array();
    return {
      team,
      ...toldTeam(node, { mean, paths, progress, metric, seedText: `${region}/${team}` }),
    };
  });
  const added = teamEventPaths({
    ...{ region, metric, origin, horizonDays },
    progress: [...nodes.flatMap(({ progress }) => progress), ...total.progress],
  });
  const addedMean = added && meanPath(added);
  return {
    region,
    metric,
    unit: metric === 'cores' ? 'cores' : 'GiB',
    statistic: 'mean',
    origin,
    horizonDays,
    mean: Array.from(coherent.total, (_, step) =>
      rounded(told.reduce((sum, { exact }) => sum + at(exact, step), 0)),
    ),
    beforeReconciliation: Array.from(whole, (value, step) =>
      rounded(Math.max(0, value + (addedMean === null ? 0 : at(addedMean, step)))),
    ),
    teams: told.map(({ exact: _, ...answer }) => answer),
  };
}

/** With those that only an event tells of: they have held nothing so far. */
function withEventTeams(
  teams: readonly TeamDemand[],
  { byTeam, unnamed }: TeamEvents,
): readonly TeamDemand[] {
  const [first] = teams;
  if (first === undefined) return teams;
  const known = new Set(teams.map(({ team }) => team));
  const named = [...byTeam.keys(), ...(unnamed.length > 0 ? [UNASSIGNED] : [])];
  const further = [...new Set(named)].filter((team) => !known.has(team));
  const nothing = first.values.map((value) => (value === null ? null : 0));
  return [...teams, ...further.map((team) => ({ team, values: nothing }))];
}

/** Those of small teams are of them all together. */
function eventsOf(
  team: string,
  teams: readonly string[],
  byTeam: TeamEvents['byTeam'],
): readonly PlannedEvent[] {
  if (team !== OTHER_TEAMS) return byTeam.get(team) ?? [];
  return [...byTeam].flatMap(([name, events]) => (teams.includes(name) ? [] : events));
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

/** Errors of all backtests at the same days; where the rounds differ, of none. */
function errorsOf(nodes: readonly TeamNode[]): JointErrors {
  const paths = nodes.map(({ made }) => (made.result.errors ?? []).flat());
  const length = paths[0]?.length ?? 0;
  if (paths.some((path) => path.length !== length)) return [nodes.map(() => 0)];
  const rows = Array.from({ length }, (_, index) => paths.map((path) => path[index] ?? null));
  const whole = rows.filter((row): row is number[] => row.every((error) => error !== null));
  return whole.length > 0 ? whole : [nodes.map(() => 0)];
}
