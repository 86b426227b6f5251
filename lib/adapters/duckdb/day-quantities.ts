import type { DuckDBConnection } from '@duckdb/node-api';
import type { DayRequest } from '../../ports/metering-engine.ts';
import { literal } from './database.ts';

/**
 * Sums the pieces into `usage`: one row per (project, resource, measure, class, hour), its quantity
 * as `whole` units and `pico` (10^-12), rounded half-even once. Rows of 0 are dropped.
 */
export async function createUsage(connection: DuckDBConnection): Promise<void> {
  await connection.run(USAGE);
}

/**
 * A sum N = n + f / 10^18 + t / 10^36 over the denominator D. With n = q x D + r the quantity is
 * q + (r x 10^18 + f + t / 10^18) / (D x 10^18), so its pico units are
 * (r x 10^18 + f) / (D x 10^6), and t only decides ties. D <= 10^20 keeps all of it in 127 bits.
 */
const USAGE = `
  CREATE TEMP TABLE usage AS
    WITH summed AS (
      SELECT resource, measure, payer, hour, any_value(denominator) AS denominator,
        sum(whole * factor) AS whole, sum(fraction * factor) AS fraction, sum(tail * factor) AS tail
      FROM piece JOIN series USING (series) JOIN meter USING (meter) JOIN measure USING (measure)
      GROUP BY resource, measure, payer, hour),
    carried_tail AS (
      SELECT * REPLACE (
        CASE WHEN tail = 0 THEN fraction ELSE fraction + tail // 1000000000000000000 END AS fraction,
        CASE WHEN tail = 0 THEN tail ELSE tail % 1000000000000000000 END AS tail) FROM summed),
    carried AS (
      SELECT * REPLACE (
        CASE WHEN fraction = 0 THEN whole ELSE whole + fraction // 1000000000000000000 END AS whole,
        CASE WHEN fraction = 0 THEN fraction ELSE fraction % 1000000000000000000 END AS fraction) FROM carried_tail),
    divided AS (
      SELECT *, CASE WHEN whole < denominator THEN 0 ELSE whole // denominator END AS quotient, denominator * 1000000 AS divisor
      FROM carried),
    remaining AS (
      SELECT *, (whole - quotient * denominator) * 1000000000000000000 + fraction AS dividend FROM divided),
    floored AS (
      SELECT *, CASE WHEN dividend = 0 THEN 0 ELSE dividend // divisor END AS floor FROM remaining),
    rounded AS (
      SELECT *, 2 * (dividend - floor * divisor) AS twice_rest FROM floored),
    counted AS (
      SELECT resource, measure, payer, hour, quotient,
        floor::BIGINT + (twice_rest > divisor OR (twice_rest = divisor AND (tail > 0 OR floor::BIGINT % 2 = 1)))::INTEGER AS pico
      FROM rounded)
    SELECT project, resource, measure, class, hour,
      quotient + (pico = 1000000000000)::INTEGER AS whole, pico % 1000000000000 AS pico
    FROM counted JOIN payer USING (payer)
    WHERE quotient > 0 OR pico > 0;
`;

/** Writes usage.parquet: sorted, and by one thread, so that the same rows give the same bytes. */
export async function writeUsage(connection: DuckDBConnection, request: DayRequest): Promise<void> {
  await connection.run('SET threads = 1');
  await connection.run(`
    COPY (
      SELECT ${literal(request.region)} AS region, project, resource, measure, class,
        make_timestamp(hour * 3600000000) AS hour,
        (whole::DECIMAL(38,12) + pico::DECIMAL(12,0) * 0.000000000001)::DECIMAL(38,12) AS quantity,
        ${request.generation}::BIGINT AS generation
      FROM usage ORDER BY project, resource, measure, class, hour
    ) TO ${literal(request.usageFile)} (FORMAT parquet, COMPRESSION zstd)`);
}
