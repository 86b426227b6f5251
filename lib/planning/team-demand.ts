import { type DemandDay, demandDays, type Metric } from '../capacity/demand.ts';
import { toText } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import { addDays, type Day, daysFrom, startOfDay } from '../period/calendar.ts';
import type { ProjectDay, RegionDay } from '../ports/usage-totals.ts';
import type { ShareBook } from '../rating/shares.ts';
import { UNASSIGNED } from '../rating/team.ts';

/** Mean demand of one team by day; null where the region was not known. */
export interface TeamDemand {
  readonly team: string;
  readonly values: readonly (number | null)[];
}

/** Of all teams, from the first metered day on: they add up to the metered region, day by day. */
export interface TeamDemands {
  readonly start: Day;
  readonly teams: readonly TeamDemand[];
}

type Means = Map<string, number>;

/** Collects days of projects as they are read, so that no more than their sums are held. */
export function teamDemandCollector(metric: Metric, shares: ShareBook) {
  const byDay = new Map<Day, Means>();
  return {
    add(days: readonly ProjectDay[]): void {
      for (const day of days) {
        const means = byDay.get(day.date) ?? new Map<string, number>();
        byDay.set(day.date, means);
        for (const { team, share } of partsOf(shares, day)) {
          means.set(team, (means.get(team) ?? 0) + share * meanOf(day, metric));
        }
      }
    },
    /** @param region all days of the region that were read; null where none is known */
    collected(region: readonly RegionDay[], today: Day): TeamDemands | null {
      const known = demandDays({ metric, metered: region, imported: [], today });
      const [first, last] = [known[0], known.at(-1)];
      if (!first || !last) return null;
      return { start: first.date, teams: teamsOf(byDay, known) };
    },
  };
}

function meanOf(day: ProjectDay, metric: Metric): number {
  const hours = metric === 'cores' ? day.cores : day.ramGib;
  return hours.reduce((sum, hour) => sum + Number(hour), 0) / 24;
}

/** Who held the project when the day began: bills split by the hour, forecasts need not. */
function partsOf(shares: ShareBook, { project, date }: ProjectDay) {
  const start = startOfDay(date);
  const span = shares.get(project)?.find((one) => one.start <= start && start < one.end);
  if (span === undefined) return [{ team: UNASSIGNED, share: 1 }];
  return span.parts.map(({ team, percent }) => ({ team, share: Number(toText(percent)) / 100 }));
}

/** Sorted by team. */
function teamsOf(byDay: ReadonlyMap<Day, Means>, known: readonly DemandDay[]): TeamDemand[] {
  const whole = new Map(known.map((day) => [day.date, day.mean]));
  const teams = [...new Set(known.flatMap(({ date }) => [...(byDay.get(date)?.keys() ?? [])]))];
  const days = daysFrom(known[0]?.date ?? '', addDays(known.at(-1)?.date ?? '', 1));
  return teams.sort(compareText).map((team) => ({
    team,
    values: days.map((day) => {
      const mean = whole.get(day);
      return mean === undefined ? null : partOf(byDay.get(day), { team, mean });
    }),
  }));
}

/** Hours that are unknown were read as nothing, of all teams alike. */
function partOf(means: Means | undefined, of: { readonly team: string; readonly mean: number }) {
  const read = [...(means?.values() ?? [])].reduce((sum, one) => sum + one, 0);
  return read > 0 ? ((means?.get(of.team) ?? 0) * of.mean) / read : 0;
}
