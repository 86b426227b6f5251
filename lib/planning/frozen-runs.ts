import type { DemandDay } from '../capacity/demand.ts';
import { addDays, type Day } from '../period/calendar.ts';

/** Days on which a collector said the same over and over; `to` is the last of them. */
export interface FrozenRun {
  readonly from: Day;
  readonly to: Day;
}

const LEAST_DAYS = 7;
/** Demand that stands still on more of the days than this is no sign of anything. */
const STILL_SHARE = 0.5;

/** Runs of a week or more in which every hour of every day was the same, of a demand that moves otherwise. */
export function frozenRuns(days: readonly DemandDay[]): FrozenRun[] {
  const still = days.map(
    (day, index) =>
      day.mean === day.peak &&
      days[index - 1]?.peak === day.peak &&
      days[index - 1]?.date === addDays(day.date, -1),
  );
  const stillDays = still.filter(Boolean).length;
  if (stillDays > STILL_SHARE * days.length) return [];
  const runs: FrozenRun[] = [];
  let start = 0;
  for (let index = 1; index <= days.length; index += 1) {
    if (still[index]) continue;
    const [first, last] = [days[start], days[index - 1]];
    if (first && last && index - start >= LEAST_DAYS) {
      runs.push({ from: first.date, to: last.date });
    }
    start = index;
  }
  return runs;
}
