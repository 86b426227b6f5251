import type { DuckDBConnection } from '@duckdb/node-api';
import { isConfigured, type MeterTable } from '../../metering/meter-table.ts';
import { addDays } from '../../period/calendar.ts';
import type { DayRequest, MeteringReport } from '../../ports/metering-engine.ts';
import { configuredSql, misfitting } from './configured-meters.ts';
import { countOf, literal } from './database.ts';
import { lakeSource, ofShard } from './day-lake.ts';

/** Counts what the day's rows were, in the terms of an ingest report, over all objects. */
export async function countSamples(
  connection: DuckDBConnection,
): Promise<Omit<MeteringReport, 'unknownSizes' | 'misfits'>> {
  const [rows = 0, doubtful = 0] = await numbersOf(connection, COUNTS);
  if (doubtful === 0) return { samples: rows, duplicates: 0, conflicts: 0 };
  await connection.run(REPEATED);
  if ((await countOf(connection, 'FROM repeated')) === 0) {
    return { samples: rows, duplicates: 0, conflicts: 0 };
  }
  const [again = 0, duplicates = 0, conflicts = 0] = await numbersOf(connection, REPETITIONS);
  return { samples: rows - again, duplicates, conflicts };
}

/** Readings of the day whose size nobody knows, so that they stand in for nothing. */
export async function countUnknownSizes(connection: DuckDBConnection): Promise<number> {
  const [count = 0] = await numbersOf(
    connection,
    'SELECT coalesce(sum(samples), 0) FROM stand_in_reading WHERE NOT is_known AND day = 0',
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
  SELECT coalesce(sum(samples), 0), coalesce(sum(samples) FILTER (NOT is_unique), 0) FROM chunk WHERE day = 0`;

/** Identities of the day with more than one row. */
const REPEATED = `
  CREATE OR REPLACE TEMP TABLE repeated AS
    SELECT series, time_us, CASE WHEN row.type = 'delta' THEN message_id ELSE '' END AS identity_id
    FROM near_row row JOIN series USING (resource, meter)
    JOIN (FROM chunk WHERE day = 0 AND NOT is_unique) chunk USING (series)
    WHERE chunk.hour = hour_of(time_us) AND chunk.slot = slot_of(time_us, slot_us)
    GROUP BY ALL HAVING count(*) > 1`;

/**
 * Of n rows of an identity with d contents, d - 1 are conflicts and n - d duplicates. A retried
 * ingest may have left one row in two parts: that is one row. Metadata is read for these rows alone.
 * Contents are compared by their columns: of a member without a column only the ingest report tells.
 */
const REPETITIONS = `
  SELECT coalesce(sum(copies - rows), 0), coalesce(sum(rows - contents), 0), coalesce(sum(contents - 1), 0)
  FROM (
    SELECT count(*) AS copies, count(DISTINCT (ingest_id, line)) AS rows,
      count(DISTINCT (project, user_id, row_type, unit, volume, held_until, source, state, metadata)) AS contents
    FROM lake_text_row row
    JOIN series USING (resource, meter)
    JOIN repeated ON repeated.series = series.series AND repeated.time_us = row.time_us
      AND repeated.identity_id = CASE WHEN type = 'delta' THEN message_id ELSE '' END
    GROUP BY repeated.series, repeated.time_us, repeated.identity_id)`;
