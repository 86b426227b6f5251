export const USAGE_DIMENSIONS = [
  'region',
  'project',
  'resource',
  'measure',
  'class',
  'day',
  'hour',
] as const;

export type UsageDimension = (typeof USAGE_DIMENSIONS)[number];

/** A sum of usage rows. */
export interface UsageSum {
  /** What was asked for, in that order; hours as RFC 3339, `2026-10-29T10:00:00Z`, days as dates. */
  readonly keys: readonly string[];
  /** Exact decimal text without trailing zeros. */
  readonly quantity: string;
}

export interface UsageSumsRequest {
  /** Local files: usage.parquet of the days asked for, in any order. */
  readonly usageFiles: readonly string[];
  /** What rows are summed by, each once. */
  readonly by: readonly UsageDimension[];
  /** A local folder of its own, for spilling. */
  readonly scratchFolder: string;
  /** Where the result goes. */
  readonly outputFile: string;
  /** What stands in the result: a head, and the text of batches of rows. */
  readonly format: {
    readonly head: string;
    readonly render: (rows: readonly UsageSum[]) => string;
  };
}

/** Sums usage to a file, in memory that does not grow with the result. */
export interface UsageSums {
  /** Sorted by the keys, as UTF-8 bytes. @returns the number of rows */
  write(request: UsageSumsRequest): Promise<number>;
}
