import type { DuckDBConnection } from '@duckdb/node-api';
import { isConfigured, type MeterTable } from '../../metering/meter-table.ts';
import { addDays } from '../../period/calendar.ts';
import type { DayRequest, MeteringReport } from '../../ports/metering-engine.ts';
import { configuredSql, misfitting } from './configured-meters.ts';
import { literal } from './database.ts';
import { lakeSource, ofShard } from './day-tables.ts';

/** Counts what the day's rows were, in the terms of an ingest report, over all objects. */
export async function countSamples(
  connection: DuckDBConnection,
): Promise<Omit<MeteringReport, 'unknownSizes' | 'misfits'>> {
  const [rows = 0, readings = 0] = await numbersOf(connection, COUNTS);
  if (rows === readings) return { samples: rows, duplicates: 0, conflicts: 0 };
  const [again = 0, duplicates = 0, conflicts = 0] = await numbersOf(connection, REPETITIONS);
  return { samples: rows - again, duplicates, conflicts };
}

/** Readings of the day whose size nobody knows, so that they stand in for nothing. */
export async function countUnknownSizes(connection: DuckDBConnection): Promise<number> {
  const [count = 0] = await numbersOf(
    connection,
    'SELECT count(*) FROM stand_in_reading WHERE NOT is_known AND day = 0',
  );
  return count;
}

/** Rows of the day that are of a configured meter by their name, and not by their type or unit. */
export async function countMisfits(
  connection: DuckDBConnection,
  request: DayRequest,
  meters: MeterTable,
): Promise<number> {
  if (!meters.all.some(isConfigured)) return 0;
  const { date } = request;
  const conditions = [misfitting(meters), ...ofShard(request)].join(' AND ');
  const [count = 0] = await numbersOf(
    connection,
    `SELECT count(*) FROM ${lakeSource(request)} lake ${configuredSql(meters).join}
     WHERE time >= TIMESTAMP ${literal(date)} AND time < TIMESTAMP ${literal(addDays(date, 1))} AND ${conditions}`,
  );
  return count;
}

async function numbersOf(connection: DuckDBConnection, query: string): Promise<number[]> {
  const result = await connection.runAndReadAll(query);
  return (result.getRows()[0] ?? []).map(Number);
}

const COUNTS = `
  SELECT (SELECT count(*) FROM candidate WHERE day_of(time_us) = 0),
    (SELECT count(*) FROM reading WHERE day_of(time_us) = 0)`;

/**
 * Of n rows of an identity with d contents, d - 1 are conflicts and n - d duplicates. A retried
 * ingest may have left one row in two parts: that is one row. Metadata is read for these rows alone.
 */
const REPETITIONS = `
  SELECT coalesce(sum(copies - rows), 0), coalesce(sum(rows - contents), 0), coalesce(sum(contents - 1), 0)
  FROM (
    SELECT count(*) AS copies, count(DISTINCT (ingest_id, line)) AS rows,
      count(DISTINCT (project, user_id, row_type, unit, volume, source, state, metadata)) AS contents
    FROM lake_row
    JOIN series USING (resource, meter)
    JOIN (
      SELECT series, time_us, identity_id FROM candidate
      WHERE day_of(time_us) = 0 GROUP BY ALL HAVING count(*) > 1) repeated
      ON repeated.series = series.series AND repeated.time_us = lake_row.time_us
        AND repeated.identity_id = CASE WHEN type = 'delta' THEN message_id ELSE '' END
    GROUP BY repeated.series, repeated.time_us, repeated.identity_id)`;
