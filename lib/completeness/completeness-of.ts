import type { Region } from '../identifiers.ts';
import { addDays, type Day, dayOf, daysFrom } from '../period/calendar.ts';
import { instantOfDate } from '../period/instant.ts';
import type { UsageTotals } from '../ports/usage-totals.ts';
import { mergedDay } from './day-record.ts';
import { type DayGaps, lookBack, regionGaps } from './region-gaps.ts';

/** Days after the last that is asked for: whether data came after a silence. */
const LOOK_AHEAD_DAYS = 7;

/** What the days of a region from `from` up to and not including `to` lack; days to come are left out. */
export async function completenessOfDays(
  ports: { readonly totals: Pick<UsageTotals, 'listRegionDays'>; readonly now: () => Date },
  region: Region,
  { from, to }: { readonly from: Day; readonly to: Day },
): Promise<DayGaps[]> {
  const start = lookBack(from);
  const now = instantOfDate(ports.now());
  const tomorrow = addDays(dayOf(now), 1);
  const end = to < tomorrow ? to : tomorrow;
  if (end <= from) return [];
  const stored = await ports.totals.listRegionDays(region, start, addDays(end, LOOK_AHEAD_DAYS));
  const told = new Map(
    [...Map.groupBy(stored, ({ date }) => date)].map(([date, shards]) => [date, mergedDay(shards)]),
  );
  return regionGaps(daysFrom(start, end), told, now).filter(({ date }) => date >= from);
}
