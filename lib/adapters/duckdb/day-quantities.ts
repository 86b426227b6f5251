import type { DuckDBConnection } from '@duckdb/node-api';
import type { DayRequest } from '../../ports/metering-engine.ts';
import { literal } from './database.ts';
import { labelMacros } from './day-labels.ts';

/**
 * `usage`: one row per (project, resource, measure, class, labels, hour), its quantity as `whole` units and
 * `pico` (10^-12), rounded half-even once. Rows of 0 are dropped.
 */
export async function createUsage(
  connection: DuckDBConnection,
  { labels = [] }: Pick<DayRequest, 'labels'>,
): Promise<void> {
  await connection.run(USAGE);
  await connection.run(labelMacros(labels));
}

/** Sums the pieces, of resources that have no other, into rows of `usage`. */
export async function addUsage(connection: DuckDBConnection): Promise<void> {
  await connection.run(ADD_USAGE);
}

const USAGE = `
  CREATE TEMP TABLE usage (project VARCHAR, resource VARCHAR, measure VARCHAR, class VARCHAR, labels VARCHAR, hour BIGINT, whole HUGEINT, pico BIGINT);
  CREATE TEMP MACRO rounds_up(rest, divisor, is_more, is_odd) AS
    2 * rest > divisor OR (2 * rest = divisor AND (is_more OR is_odd));
`;

/**
 * A sum N = n + f / 10^18 + t / 10^36 over the denominator D. With n = q x D + r the quantity is
 * q + (r x 10^18 + f + t / 10^18) / (D x 10^18), so its pico units are
 * (r x 10^18 + f) / (D x 10^6), and t only decides ties. D <= 10^20 keeps all of it in 127 bits.
 *
 * Division of 128-bit integers is some 500 times slower than of 64-bit ones. Nearly all sums are
 * whole, and their pico units r x 10^12 / D, reduced to r x pico_factor / pico_divisor, fit in 64.
 */
const ADD_USAGE = `
  CREATE OR REPLACE TEMP TABLE summed AS
    SELECT resource, measure, payer, hour, any_value(denominator) AS denominator,
      any_value(pico_factor) AS pico_factor, any_value(pico_divisor) AS pico_divisor,
      sum(whole * factor) AS whole, sum(fraction * factor) AS fraction, sum(tail * factor) AS tail
    FROM piece JOIN series USING (series) JOIN meter USING (meter) JOIN measure USING (measure)
    GROUP BY resource, measure, payer, hour;
  INSERT INTO usage
    WITH narrow AS (
      SELECT resource, measure, payer, hour, whole::BIGINT AS whole, denominator::BIGINT AS denominator, pico_factor, pico_divisor
      FROM summed WHERE pico_factor IS NOT NULL AND fraction = 0 AND tail = 0 AND whole < 9000000000000000000),
    narrow_divided AS (
      SELECT *, whole // denominator AS quotient, (whole % denominator) * pico_factor AS dividend FROM narrow),
    narrow_rounded AS (
      SELECT *, dividend // pico_divisor AS floor,
        floor + rounds_up(dividend % pico_divisor, pico_divisor, false, floor % 2 = 1)::INTEGER AS pico
      FROM narrow_divided),
    wide AS (
      FROM summed WHERE pico_factor IS NULL OR fraction > 0 OR tail > 0 OR whole >= 9000000000000000000),
    carried_tail AS (
      SELECT * REPLACE (fraction + tail // 1000000000000000000 AS fraction, tail % 1000000000000000000 AS tail) FROM wide),
    carried AS (
      SELECT * REPLACE (whole + fraction // 1000000000000000000 AS whole, fraction % 1000000000000000000 AS fraction) FROM carried_tail),
    divided AS (
      SELECT *, whole // denominator AS quotient, (whole - quotient * denominator) * 1000000000000000000 + fraction AS dividend,
        denominator * 1000000 AS divisor
      FROM carried),
    rounded AS (
      SELECT *, dividend // divisor AS floor,
        floor::BIGINT + rounds_up(dividend - floor * divisor, divisor, tail > 0, floor::BIGINT % 2 = 1)::INTEGER AS pico
      FROM divided),
    counted AS (
      SELECT resource, measure, payer, hour, quotient::HUGEINT AS quotient, pico FROM narrow_rounded
      UNION ALL
      SELECT resource, measure, payer, hour, quotient, pico FROM rounded)
    SELECT project, resource, measure, class_in(class), labels_in(class), hour,
      quotient + (pico = 1000000000000)::INTEGER AS whole, pico % 1000000000000 AS pico
    FROM counted JOIN payer USING (payer)
    WHERE quotient > 0 OR pico > 0;
`;

/**
 * Writes usage.parquet: sorted, and by one thread, so that the same rows give the same bytes. There is a column
 * for labels where the region keeps some.
 */
export async function writeUsage(connection: DuckDBConnection, request: DayRequest): Promise<void> {
  const labels = (request.labels ?? []).length === 0 ? '' : 'labels, ';
  await connection.run('SET threads = 1');
  await connection.run(`
    COPY (
      SELECT ${literal(request.region)} AS region, project, resource, measure, class, ${labels}
        make_timestamp(hour * 3600000000) AS hour,
        (whole::DECIMAL(38,12) + pico::DECIMAL(12,0) * 0.000000000001)::DECIMAL(38,12) AS quantity,
        ${request.generation}::BIGINT AS generation
      FROM usage ORDER BY project, resource, measure, class, ${labels}hour
    ) TO ${literal(request.usageFile)} (FORMAT parquet, COMPRESSION zstd)`);
}
