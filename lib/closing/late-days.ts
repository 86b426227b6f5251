import { compareText } from '../identifiers.ts';
import { addMonths, type Day, type Month } from '../period/calendar.ts';
import type { RatedGenerations } from '../ports/documents.ts';
import type { Partitions } from '../ports/partitions.ts';
import type { Regions } from '../ports/regions.ts';

/** A day of an issued month that was metered again since its bills were made: a matter of the next adjustment. */
export interface LateDay {
  readonly region: string;
  readonly date: Day;
  /** The sum over the shards of the day: what the bills were made from, and what is metered now. */
  readonly generation: { readonly billed: number; readonly metered: number };
}

interface Ports {
  readonly regions: Pick<Regions, 'list'>;
  readonly partitions: Pick<Partitions, 'list'>;
}

/** The generations that the month's usage has now. Read before usage is: what is metered in between then shows as late. */
export async function meteredGenerations(ports: Ports, period: Month): Promise<RatedGenerations> {
  const regions = await ports.regions.list();
  const [start, end] = [`${period}-01`, `${addMonths(period, 1)}-01`];
  const found = regions.map(async ({ region }): Promise<[string, Record<Day, number>]> => {
    const days: Record<Day, number> = {};
    for (const { date, metered } of await ports.partitions.list(region, start, end)) {
      days[date] = (days[date] ?? 0) + metered;
    }
    return [region, days];
  });
  return Object.fromEntries(await Promise.all(found));
}

/** Sorted by region and date. */
export async function lateDays(
  ports: Ports,
  period: Month,
  rated: RatedGenerations,
): Promise<LateDay[]> {
  const now = await meteredGenerations(ports, period);
  const late = Object.entries(now).flatMap(([region, days]) =>
    Object.entries(days).map(([date, generation]) => ({
      region,
      date,
      generation: { billed: rated[region]?.[date] ?? 0, metered: generation },
    })),
  );
  return late
    .filter(({ generation }) => generation.metered > generation.billed)
    .toSorted((a, b) => compareText(a.region, b.region) || compareText(a.date, b.date));
}
