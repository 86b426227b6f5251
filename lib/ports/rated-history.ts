import type { Region } from '../identifiers.ts';
import type { Day } from '../period/calendar.ts';

/** What another system (CloudKitty) rated on one UTC day: shown beside bills, never part of one, never rated again. */
export interface RatedSum {
  /** Empty where the rows name none. */
  readonly project: string;
  /** What was rated, in the words of the system: `volume.size`. Empty in a summary over all types. */
  readonly type: string;
  /** Empty where the rows do not say it. */
  readonly unit: string;
  /** `dataframes`: each rated point. `summary`: sums that the system made; never added to the points they sum. */
  readonly source: 'dataframes' | 'summary';
  /** Columns that a summary was grouped by, sorted: summaries by other columns tell the same again. */
  readonly groupedBy: readonly string[];
  /** Length of a summary's windows: those of another length tell the same again. Null for data frames. */
  readonly windowSeconds: number | null;
  /** Exact decimal text, in `unit`. */
  readonly quantity: string;
  /** Exact decimal text, in the currency of the system that rated it, which it does not say. */
  readonly price: string;
  readonly rows: number;
}

/** All sums of a day. */
export interface RatedDay {
  readonly region: Region;
  readonly date: Day;
  /** Goes up with every replacement. */
  readonly version: number;
  readonly sums: readonly RatedSum[];
}

/** Index of the rated history in the lake, a sum per day and what is summed. Rebuilt from it. */
export interface RatedDays {
  /** 0 for a day that was never written. Strongly consistent. */
  version(region: Region, date: Day): Promise<number>;
  /**
   * Puts the sums in the place of those of `version`. @returns false when others came between: count again
   */
  replace(
    day: { readonly region: Region; readonly date: Day; readonly sums: readonly RatedSum[] },
    version: number,
  ): Promise<boolean>;
  /** Days from `from` up to and not including `to` that have sums, by date. */
  list(region: Region, from: Day, to: Day): Promise<readonly RatedDay[]>;
}
