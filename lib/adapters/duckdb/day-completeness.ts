import type { DuckDBConnection } from '@duckdb/node-api';
import { addDays, startOfDay } from '../../period/calendar.ts';
import { HOUR_US } from '../../period/instant.ts';
import type { DayCompleteness } from '../../ports/day-completeness.ts';
import type { DayRequest } from '../../ports/metering-engine.ts';
import { literal } from './database.ts';
import { lakeSource } from './day-lake.ts';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** More are no sources but a fault of who names them. */
const SOURCES_MAX = 100;

/**
 * How whole the day is, from the chunks that metering made of its samples: a handful a series, not its rows.
 * Without the names of sources.
 */
export async function readCompleteness(
  connection: DuckDBConnection,
  request: Pick<DayRequest, 'date'>,
): Promise<DayCompleteness> {
  const first = startOfDay(request.date) / HOUR_US;
  await connection.run(attended(first));
  const result = await connection.runAndReadAll(COUNTS);
  const numbers = (result.getRows()[0] ?? []).map(Number);
  const [expected = 0, seen = 0, missing = 0, readings = 0, readHours = 0, ...byHour] = numbers;
  await connection.run('DROP TABLE attended');
  return {
    expected,
    seen,
    missing,
    expectedByHour: byHour.slice(0, HOURS.length),
    coveredByHour: byHour.slice(HOURS.length),
    readings,
    readHours,
    sources: [],
  };
}

/**
 * A bit an hour of the day, hour 0 lowest: `own` with a reading, `reached` covered by one, `due` expected.
 * A reading reaches over the hours that its period or interval holds, beyond the first hour of an
 * interval: one of 300 s reaches over none, one of 24 h from midnight over the day.
 */
function attended(firstHour: number): string {
  return `
    CREATE OR REPLACE TEMP MACRO hour_in_day(us) AS (us // ${HOUR_US} - ${firstHour})::INTEGER;
    CREATE OR REPLACE TEMP MACRO hours_between(first, last) AS
      CASE WHEN last < 0 OR first > 23 THEN 0::UINTEGER
        ELSE ((1::UBIGINT << (least(last, 23) + 1)) - (1::UBIGINT << greatest(first, 0)))::UINTEGER END;
    CREATE TEMP TABLE attended AS
      WITH reach AS (
        SELECT meter, greatest(max(interval_us) - ${HOUR_US}, 0) AS reach_us FROM hold_rule GROUP BY meter),
      reading AS (
        SELECT series, resource, day, samples, deleted, first_at, last_at,
          greatest(last_at + coalesce(reach_us, 0), coalesce(held_until_us - 1, 0)) AS reaches_to
        FROM chunk JOIN series USING (series) LEFT JOIN reach USING (meter)
        WHERE type <> 'delta' AND day <= 0),
      gone AS (
        SELECT resource, bool_or(day < 0) AS gone_before, max(last_at) FILTER (day = 0) AS gone_at
        FROM reading WHERE deleted GROUP BY resource),
      by_series AS (
        SELECT series, resource, bool_or(day < 0) AS was_seen, sum(samples) FILTER (day = 0) AS samples,
          coalesce(bit_or(hours_between(hour_in_day(first_at), hour_in_day(last_at))) FILTER (day = 0), 0) AS own,
          coalesce(bit_or(hours_between(hour_in_day(first_at), hour_in_day(reaches_to))), 0) AS reached,
          min(hour_in_day(first_at)) FILTER (day = 0) AS first_hour, max(hour_in_day(last_at)) FILTER (day = 0) AS last_hour
        FROM reading GROUP BY series, resource)
      SELECT own, reached, coalesce(samples, 0) AS samples,
        was_seen AND NOT coalesce(gone_before, false) AS is_expected, gone_at IS NOT NULL AS is_gone,
        CASE WHEN is_expected OR own > 0 THEN hours_between(
          CASE WHEN is_expected THEN 0 ELSE first_hour END,
          CASE WHEN is_gone THEN greatest(hour_in_day(gone_at), coalesce(last_hour, 0)) ELSE 23 END)
        ELSE 0 END AS due
      FROM by_series LEFT JOIN gone USING (resource)`;
}

const bitsOf = (mask: string): string =>
  HOURS.map((hour) => `coalesce(sum((${mask} >> ${hour}) & 1), 0)`).join(', ');

const COUNTS = `
  SELECT count(*) FILTER (is_expected), count(*) FILTER (own > 0), count(*) FILTER (is_expected AND own = 0 AND NOT is_gone),
    coalesce(sum(samples), 0), coalesce(sum(bit_count(own)), 0), ${bitsOf('due')}, ${bitsOf('(reached & due)')}
  FROM attended`;

/** Names of `source` in the samples of the day, told by shard 0 for all. */
export async function readSources(
  connection: DuckDBConnection,
  request: DayRequest,
): Promise<string[]> {
  const { date, shard } = request;
  if (shard !== 0) return [];
  const result = await connection.runAndReadAll(`
    SELECT DISTINCT source FROM ${lakeSource(request)}
    WHERE time >= TIMESTAMP ${literal(date)} AND time < TIMESTAMP ${literal(addDays(date, 1))} AND source <> ''
    ORDER BY source LIMIT ${SOURCES_MAX}`);
  return result.getRows().map(([source]) => String(source));
}
