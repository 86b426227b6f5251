import type { Metric } from '../capacity/demand.ts';
import type { Region } from '../identifiers.ts';
import { addDays, type Day } from '../period/calendar.ts';
import type { CapacityStore } from '../ports/capacity-store.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { ForecastStore } from '../ports/documents.ts';
import type { UsageTotals } from '../ports/usage-totals.ts';
import { type ShareBook, shareBook } from '../rating/shares.ts';
import { readTeam } from '../rating/team.ts';
import { todayOf } from './gather-inputs.ts';
import { plannedEvents } from './planned-events.ts';
import { type TeamDemands, teamDemandCollector } from './team-demand.ts';
import { eventsOfTeams } from './team-events.ts';
import { teamForecasts } from './team-forecasts.ts';

export interface TeamPorts {
  readonly totals: Pick<UsageTotals, 'listRegionDays' | 'listProjectDays'>;
  readonly configuration: Pick<ConfigStore, 'list'>;
  readonly capacity: Pick<CapacityStore, 'latest'>;
  readonly forecasts: Pick<ForecastStore, 'put'>;
  readonly now: () => Date;
}

/** Days of projects are many: a year and a month tell a team's growth and its week. */
const HISTORY_DAYS = 400;
/** Read at a time, and then only held as sums. */
const DAYS_AT_ONCE = 30;
const HORIZON_DAYS = 365;

export interface MadeTeamForecasts {
  readonly region: Region;
  readonly metric: Metric;
  /** Null when too little is known to forecast. */
  readonly teams: number | null;
}

/** Forecasts the teams of a region and keeps that for the API: an index, made again every night. */
export async function forecastTeams(
  ports: TeamPorts,
  { region, metric }: { readonly region: Region; readonly metric: Metric },
): Promise<MadeTeamForecasts> {
  const documents = await ports.configuration.list('team');
  const shares = shareBook(documents.map(({ body }) => readTeam(body)));
  const demands = await knownTeams(ports, shares, { region, metric });
  const snapshots = await ports.capacity.latest(region);
  const planned = await plannedEvents(ports.configuration, region, snapshots);
  const events = eventsOfTeams(planned, metric, shares);
  const inputs = { region, metric, events, horizonDays: HORIZON_DAYS };
  const made = demands && teamForecasts({ ...inputs, demands });
  if (made === null) return { region, metric, teams: null };
  await ports.forecasts.put({
    region,
    metric: `teams-${metric}`,
    origin: made.origin,
    createdAt: ports.now().toISOString(),
    body: made,
  });
  return { region, metric, teams: made.teams.length };
}

async function knownTeams(
  ports: TeamPorts,
  shares: ShareBook,
  { region, metric }: { readonly region: Region; readonly metric: Metric },
): Promise<TeamDemands | null> {
  const collector = teamDemandCollector(metric, shares);
  const today = todayOf(ports);
  const from = addDays(today, -HISTORY_DAYS);
  for (let day: Day = from; day < today; day = addDays(day, DAYS_AT_ONCE)) {
    const end = addDays(day, DAYS_AT_ONCE);
    collector.add(await ports.totals.listProjectDays(region, day, end < today ? end : today));
  }
  return collector.collected(await ports.totals.listRegionDays(region, from, today), today);
}
