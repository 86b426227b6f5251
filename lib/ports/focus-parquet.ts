import type { FocusRow } from '../billing/export/focus-columns.ts';

/** Rows to write, and where. */
export interface FocusParquetRequest {
  readonly rows: readonly FocusRow[];
  /** A local folder of its own. */
  readonly scratchFolder: string;
  readonly outputFile: string;
}

/** Writes rows of FOCUS as Parquet: decimals as decimals, times as times, text as it is. */
export interface FocusParquet {
  write(request: FocusParquetRequest): Promise<void>;
}
