import type { DuckDBConnection } from '@duckdb/node-api';
import type { DayRequest, MeteredDay, MeteringEngine } from '../../ports/metering-engine.ts';
import { configuredSql } from './configured-meters.ts';
import { type DatabaseOptions, withDatabase } from './database.ts';
import { createChunks } from './day-chunks.ts';
import { readCompleteness } from './day-completeness.ts';
import { addCounterPieces } from './day-counters.ts';
import { createGaugePieces } from './day-gauges.ts';
import { createLakeViews } from './day-lake.ts';
import { addUsage, createUsage, writeUsage } from './day-quantities.ts';
import { countMisfits, countSamples, countUnknownSizes } from './day-report.ts';
import { createRows } from './day-rows.ts';
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
  const configured = configuredSql(metersOf(request));
  await createDayTables(connection, request);
  await createUsage(connection);
  await createLakeViews(connection, request);
  await createChunks(connection, request, configured);
  const samples = await countSamples(connection);
  const completeness = await readCompleteness(connection, request);
  await createRows(connection, { request, configured });
  await createGaugePieces(connection);
  await addCounterPieces(connection, configured);
  const unknownSizes = await countUnknownSizes(connection);
  const misfits = await countMisfits(connection, request, metersOf(request));
  await addUsage(connection);
  const totals = await readTotals(connection, request);
  await writeUsage(connection, request);
  const rows = await connection.runAndReadAll('SELECT count(*) FROM usage');
  const report = { ...samples, unknownSizes, misfits };
  const regionDay = { ...totals.regionDay, completeness };
  return { rows: Number(rows.getRows()[0]?.[0]), ...totals, regionDay, report };
}
