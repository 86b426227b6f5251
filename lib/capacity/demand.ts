import type { Series } from '../forecasting/series.ts';
import { addDays, type Day, daysFrom, startOfDay } from '../period/calendar.ts';
import type { ImportedDay } from '../ports/capacity-store.ts';
import type { ProjectDay, RegionDay } from '../ports/usage-totals.ts';

export type Metric = 'cores' | 'ram';

/** Mean of the hours or the highest of them. The peak is what must fit. */
export type DailyStatistic = 'mean' | 'peak';

/** Below this many known hours of 24, a day's mean and peak could be far from the day's. */
const HOURS_NEEDED = 18;

/** Demand of one day, in cores or GiB. */
export interface DemandDay {
  readonly date: Day;
  readonly mean: number;
  readonly peak: number;
  readonly source: 'metered' | 'imported';
}

type Hours = readonly (number | null)[];

/**
 * The days that are known, before `today`, oldest first. A metered day wins over an imported one.
 * The current day is never among them: its hours are still to come.
 */
export function demandDays(input: {
  readonly metric: Metric;
  readonly metered: readonly RegionDay[];
  readonly imported: readonly ImportedDay[];
  readonly today: Day;
  /** A project may hold nothing for an hour; a region that does was not collected. */
  readonly isProject?: boolean;
}): DemandDay[] {
  const { metric, imported, today } = input;
  const days = new Map<Day, DemandDay>();
  for (const day of imported) {
    if (day.metric === metric) put(days, day.date, day.hours, 'imported');
  }
  for (const [date, hours] of meteredHours(input)) put(days, date, hours, 'metered');
  return [...days.values()]
    .filter((day) => day.date < today)
    .sort((a, b) => (a.date < b.date ? -1 : 1));
}

/**
 * The days of one project: on days on which the region was metered and the project was not seen, it
 * held nothing.
 */
export function projectDays(
  project: string,
  region: readonly RegionDay[],
  projects: readonly ProjectDay[],
): RegionDay[] {
  const own = new Map(
    projects
      .filter((day) => day.project === project)
      .map((day) => [`${day.date}#${day.shard}`, day]),
  );
  const none = new Array<string>(24).fill('0');
  return region.map((day) => {
    const { cores = none, ramGib = none } = own.get(`${day.date}#${day.shard}`) ?? {};
    return { ...day, cores, ramGib };
  });
}

/** Hourly means summed over shards. */
function meteredHours({
  metered,
  metric,
  isProject = false,
}: {
  readonly metered: readonly RegionDay[];
  readonly metric: Metric;
  readonly isProject?: boolean;
}): Map<Day, Hours> {
  const sums = new Map<Day, number[]>();
  for (const day of metered) {
    const hours = metric === 'cores' ? day.cores : day.ramGib;
    const before = sums.get(day.date) ?? new Array<number>(24).fill(0);
    sums.set(
      day.date,
      before.map((sum, hour) => sum + Number(hours[hour] ?? 0)),
    );
  }
  const anything =
    !isProject && [...sums.values()].some((hours) => hours.some((value) => value > 0));
  return new Map([...sums].map(([date, hours]) => [date, anything ? known(hours) : hours]));
}

/** An hour in which a region that has demand shows none at all was not collected. */
function known(hours: readonly number[]): Hours {
  return hours.map((value) => (value > 0 ? value : null));
}

function put(
  days: Map<Day, DemandDay>,
  date: Day,
  hours: Hours,
  source: DemandDay['source'],
): void {
  const values = hours.filter((value) => value !== null);
  if (values.length < HOURS_NEEDED) return;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  days.set(date, { date, mean, peak: Math.max(...values), source });
}

/** A daily series from the first known day to the last; days between that are unknown are gaps. */
export function demandSeries(days: readonly DemandDay[], statistic: DailyStatistic): Series | null {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return null;
  const byDate = new Map(days.map((day) => [day.date, day[statistic]]));
  return {
    start: startOfDay(first.date),
    step: 'day',
    values: daysFrom(first.date, addDays(last.date, 1)).map((date) => byDate.get(date) ?? null),
  };
}
