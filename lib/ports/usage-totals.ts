import type { Region } from '../identifiers.ts';
import type { Day } from '../period/calendar.ts';
import type { DayCompleteness } from './day-completeness.ts';
import type { PartitionKey } from './partitions.ts';

/** 24 hourly means of what was allocated (cores, or GiB of RAM), hour 0 first. Exact decimal text. */
export type HourlyMeans = readonly string[];

/** Totals of one project on one UTC day (of one shard): the sum of its hourly usage rows. */
export interface ProjectDay {
  readonly region: Region;
  readonly project: string;
  readonly date: Day;
  readonly shard: number;
  readonly generation: number;
  /** Quantity (decimal text) per measure and class, sorted by both. */
  readonly quantities: readonly {
    readonly measure: string;
    readonly class: string;
    readonly quantity: string;
  }[];
  readonly cores: HourlyMeans;
  readonly ramGib: HourlyMeans;
}

/** Demand of a whole region on one day (of one shard). */
export interface RegionDay {
  readonly region: Region;
  readonly date: Day;
  readonly shard: number;
  readonly generation: number;
  readonly cores: HourlyMeans;
  readonly ramGib: HourlyMeans;
  /** Of days that were metered before it was told there is none. */
  readonly completeness?: DayCompleteness;
}

/** Totals of days in the table, so that lists and demand need no file. */
export interface UsageTotals {
  /** Replaces all totals of the partition; older generations never overwrite newer ones. */
  replace(
    key: PartitionKey,
    generation: number,
    projects: readonly ProjectDay[],
    region: RegionDay,
  ): Promise<void>;
  /** Days from `from` up to and not including `to`; sorted by date, project, shard. */
  listProjectDays(region: Region, from: Day, to: Day): Promise<readonly ProjectDay[]>;
  /** Sorted by date, shard. */
  listRegionDays(region: Region, from: Day, to: Day): Promise<readonly RegionDay[]>;
}
