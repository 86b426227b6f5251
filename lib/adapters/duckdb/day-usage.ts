import type { DuckDBConnection } from '@duckdb/node-api';
import type { DayRequest, MeteredDay, MeteringEngine } from '../../ports/metering-engine.ts';
import { type DatabaseOptions, withDatabase } from './database.ts';
import { addCounterPieces } from './day-counters.ts';
import { createGaugePieces } from './day-gauges.ts';
import { createUsage, writeUsage } from './day-quantities.ts';
import { createReadings } from './day-readings.ts';
import { countMisfits, countSamples, countUnknownSizes } from './day-report.ts';
import { createDayTables, metersOf } from './day-tables.ts';
import { readTotals } from './day-totals.ts';

/** Below so many rows a second thread costs more than it gives: DuckDB hands out 122,880 at a time. */
const ROWS_PER_THREAD = 250_000;

/**
 * Metering in DuckDB: whole numbers throughout, so results are exact and do not depend on the order
 * of rows, files or threads.
 */
export function duckdbMeteringEngine(
  limits: Pick<DatabaseOptions, 'memoryLimitMib' | 'threads'>,
): MeteringEngine {
  return {
    meterDay: (request) => {
      const threads = request.sampleRows < ROWS_PER_THREAD ? 1 : limits.threads;
      const options = { ...limits, threads, directory: request.scratchFolder };
      return withDatabase(options, (connection) => meterDay(connection, request));
    },
  };
}

/** Tables are dropped as soon as they have served: on a large day each takes gigabytes. */
async function meterDay(connection: DuckDBConnection, request: DayRequest): Promise<MeteredDay> {
  await createDayTables(connection, request);
  await createReadings(connection, metersOf(request));
  const samples = await countSamples(connection);
  await connection.run('DROP TABLE candidate');
  await createGaugePieces(connection);
  await addCounterPieces(connection);
  const unknownSizes = await countUnknownSizes(connection);
  const misfits = await countMisfits(connection, request, metersOf(request));
  await connection.run('DROP TABLE reading');
  await createUsage(connection);
  const totals = await readTotals(connection, request);
  await writeUsage(connection, request);
  const rows = await connection.runAndReadAll('SELECT count(*) FROM usage');
  const report = { ...samples, unknownSizes, misfits };
  return { rows: Number(rows.getRows()[0]?.[0]), ...totals, report };
}
