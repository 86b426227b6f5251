import type { InstantUs } from '../period/instant.ts';
import type { UsageRow, UsageSpan } from '../rating/usage-row.ts';

/** The usage of one month, as rating wants it. */
export interface MonthUsageRequest {
  /** Local files: all usage.parquet of the month's days, in any order. */
  readonly usageFiles: readonly string[];
  /** Measures whose rows must name their resource; all others come added up over resources. */
  readonly byResource: ReadonlySet<string>;
  /** A local folder of its own, for spilling. */
  readonly scratchFolder: string;
}

/** The usage of a month, in the order of hours. */
export interface MonthUsage {
  /** End of the last hour that has usage; null when there is none. */
  readonly through: InstantUs | null;
  /** Hourly, exact. To be read once, within `use`. */
  readonly rows: AsyncIterable<UsageRow | UsageSpan>;
}

/** Reads the usage that metering wrote, for rating. */
export interface MonthUsageReader {
  read<T>(request: MonthUsageRequest, use: (usage: MonthUsage) => Promise<T>): Promise<T>;
}
