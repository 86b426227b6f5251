import type { Day } from '../period/calendar.ts';
import { addDays } from '../period/calendar.ts';

/** Usable capacity from a day on, in cores or GiB. */
export interface UsableFrom {
  readonly from: Day;
  readonly usable: number;
}

/** What demand may reach over time, as far as it is known without planned events. */
export interface CapacityOutlook {
  /** By `from`, at least one; before the first day the first holds. */
  readonly usable: readonly UsableFrom[];
  /** What a host of mean size adds, in cores or GiB. */
  readonly hostSize: number;
}

export function usableOn({ usable }: CapacityOutlook, day: Day): number {
  const known = usable.findLast(({ from }) => from <= day) ?? usable[0];
  return known?.usable ?? 0;
}

/** Each of the `count` days after the origin. */
export function usableAfter(outlook: CapacityOutlook, origin: Day, count: number): Float64Array {
  return new Float64Array(count).map((_, step) => usableOn(outlook, addDays(origin, step + 1)));
}
