import { labelName } from '../labels.ts';

/** Columns of usage. */
export const USAGE_DIMENSIONS = [
  'region',
  'project',
  'resource',
  'measure',
  'class',
  'day',
  'hour',
] as const;

const LABEL = 'label:';

/** A column of usage, or what a label of the resource says: `label:environment`. */
export type UsageDimension = (typeof USAGE_DIMENSIONS)[number] | `${typeof LABEL}${string}`;

export function isUsageDimension(text: string): text is UsageDimension {
  if (text.startsWith(LABEL)) return labelName.safeParse(text.slice(LABEL.length)).success;
  return USAGE_DIMENSIONS.some((dimension) => dimension === text);
}

/** The name of the label; null for a column. */
export function labelIn(dimension: UsageDimension): string | null {
  return dimension.startsWith(LABEL) ? dimension.slice(LABEL.length) : null;
}

/** A sum of usage rows. */
export interface UsageSum {
  /**
   * What was asked for, in that order; hours as RFC 3339, `2026-10-29T10:00:00Z`, days as dates; empty where a
   * resource has no such label.
   */
  readonly keys: readonly string[];
  /** Exact decimal text without trailing zeros. */
  readonly quantity: string;
}

/** Which usage is summed, by what, and how the sums are written. */
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
