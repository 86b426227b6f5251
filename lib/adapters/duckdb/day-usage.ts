import type { DuckDBConnection } from '@duckdb/node-api';
import { mergedDay } from '../../completeness/day-record.ts';
import type { DayCompleteness } from '../../ports/day-completeness.ts';
import type {
  DayRequest,
  MeteredDay,
  MeteringEngine,
  MeteringReport,
} from '../../ports/metering-engine.ts';
import { configuredSql } from './configured-meters.ts';
import { countOf, type DatabaseOptions, withDatabase } from './database.ts';
import { createChunks } from './day-chunks.ts';
import { readCompleteness, readSources } from './day-completeness.ts';
import { addCounterPieces } from './day-counters.ts';
import { createGaugePieces } from './day-gauges.ts';
import { createLakeViews, createShard } from './day-lake.ts';
import { addUsage, createUsage, writeUsage } from './day-quantities.ts';
import { countMisfits, countSamples, countUnknownSizes } from './day-report.ts';
import { createRows } from './day-rows.ts';
import { resourceSlices } from './day-slices.ts';
import { createDayTables, metersOf } from './day-tables.ts';
import { readTotals } from './day-totals.ts';

/** Below so many rows a second thread costs more than it gives: DuckDB hands out 122,880 at a time. */
const ROWS_PER_THREAD = 250_000;

type EngineLimits = Pick<DatabaseOptions, 'memoryLimitMib' | 'threads'> & {
  /** Rows that are metered at a time; as many as memory is meant for without. */
  readonly sliceRows?: number;
};

/**
 * Metering in DuckDB: whole numbers throughout, so results are exact and do not depend on the order
 * of rows, files or threads.
 */
export function duckdbMeteringEngine({ sliceRows, ...limits }: EngineLimits): MeteringEngine {
  return {
    meterDay: (request) => {
      const threads = request.sampleRows < ROWS_PER_THREAD ? 1 : limits.threads;
      const options = { ...limits, threads, directory: request.scratchFolder };
      return withDatabase(options, (connection) => meterDay(connection, request, sliceRows));
    },
  };
}

type SliceReport = Omit<MeteringReport, 'misfits'>;

async function meterDay(
  connection: DuckDBConnection,
  request: DayRequest,
  sliceRows: number | undefined,
): Promise<MeteredDay> {
  await createDayTables(connection, request);
  await createUsage(connection, request);
  await createShard(connection, request);
  const report = { samples: 0, duplicates: 0, conflicts: 0, unknownSizes: 0 };
  const parts: { readonly completeness: DayCompleteness }[] = [];
  for (const slice of await resourceSlices(connection, request, sliceRows)) {
    await createLakeViews(connection, request, slice);
    const metered = await meterSlice(connection, request);
    for (const key of Object.keys(report) as (keyof SliceReport)[]) {
      report[key] += metered.report[key];
    }
    parts.push(metered);
  }
  const misfits = await countMisfits(connection, request, metersOf(request));
  const sources = await readSources(connection, request);
  const completeness = mergedDay(parts);
  const { projects, regionDay } = await readTotals(connection, request);
  await writeUsage(connection, request);
  return {
    rows: await countOf(connection, 'FROM usage'),
    projects,
    regionDay:
      completeness === null
        ? regionDay
        : { ...regionDay, completeness: { ...completeness, sources } },
    report: { ...report, misfits },
  };
}

/** Adds the usage of the resources of `lake_row`. */
async function meterSlice(
  connection: DuckDBConnection,
  request: DayRequest,
): Promise<{ readonly report: SliceReport; readonly completeness: DayCompleteness }> {
  const configured = configuredSql(metersOf(request), request.labels);
  await createChunks(connection, request, configured);
  const samples = await countSamples(connection);
  const completeness = await readCompleteness(connection, request);
  await createRows(connection, { request, configured });
  await createGaugePieces(connection);
  await addCounterPieces(connection, configured);
  const unknownSizes = await countUnknownSizes(connection);
  await addUsage(connection);
  return { report: { ...samples, unknownSizes }, completeness };
}
