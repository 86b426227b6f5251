import type { DatabaseOptions } from './database.ts';

/** DuckDB's limit covers its buffers; results, the Parquet writer and Node itself need the rest. */
const SHARE_PERCENT = 50;
/** Lambda gives a whole core per 1,769 MiB; two threads overlap reading and computing below that too. */
const THREADS = 2;

/** What DuckDB may take of a function with so much memory. */
export function engineLimits(
  functionMemoryMib: number,
): Pick<DatabaseOptions, 'memoryLimitMib' | 'threads'> {
  return {
    memoryLimitMib: Math.floor((functionMemoryMib * SHARE_PERCENT) / 100),
    threads: THREADS,
  };
}
