import type { DuckDBConnection } from '@duckdb/node-api';

/** Adds the pieces of cumulative and delta meters to `piece`. */
export async function addCounterPieces(connection: DuckDBConnection): Promise<void> {
  await connection.run(RISES);
  await connection.run(CUMULATIVE_PIECES);
  await connection.run(DELTA_PIECES);
}

/**
 * Differences of neighbours, at most 24 h apart, that reach into the day. `units` is the difference
 * in whole base units, or in 10^-9 of one when it has decimals; `rest` is what lies below, in
 * 10^-9 of those.
 */
const RISES = `
  CREATE TEMP TABLE rise AS
    SELECT series, payer, earlier, later, is_scaled,
      CASE WHEN is_scaled THEN whole * 1000000000 + fraction // 1000000000 ELSE whole END AS units,
      CASE WHEN is_scaled THEN fraction % 1000000000 ELSE 0 END::HUGEINT AS rest
    FROM (
      SELECT *, fraction_of(difference, whole) AS fraction, fraction > 0 AS is_scaled
      FROM (
        SELECT series, payer, earlier, time_us AS later, CASE WHEN volume < before THEN volume ELSE volume - before END AS difference,
          whole_of(difference) AS whole
        FROM (
          SELECT series, payer, time_us, volume,
            lag(time_us) OVER neighbours AS earlier, lag(volume) OVER neighbours AS before
          FROM reading JOIN series USING (series) JOIN meter USING (meter)
          WHERE type = 'cumulative'
          WINDOW neighbours AS (PARTITION BY series ORDER BY time_us))
        WHERE time_us - earlier <= 86400000000 AND time_us > day_start() AND earlier < day_end())
      WHERE difference > 0);
`;

/**
 * The part up to an instant is floor(difference x elapsed / total). With units = quotient x total +
 * remainder no product exceeds 127 bits: quotient x elapsed <= units < 10^30, and remainder x 10^9 x
 * elapsed < total^2 x 10^9 < 10^31.
 */
const CUMULATIVE_PIECES = `
  CREATE TEMP MACRO part_up_to(units, quotient, rest, total, elapsed) AS
    quotient * elapsed + (((units - quotient * total) * 1000000000 + rest) * elapsed) // (total::HUGEINT * 1000000000);
  INSERT INTO piece
    SELECT series, payer, hour,
      sum(CASE WHEN is_scaled THEN part // 1000000000 ELSE part END),
      sum(CASE WHEN is_scaled THEN (part % 1000000000) * 1000000000 ELSE 0 END),
      0
    FROM (
      SELECT series, payer, hour, is_scaled,
        part_up_to(units, quotient, rest, later - earlier, least(later, (hour + 1) * 3600000000) - earlier)
        - part_up_to(units, quotient, rest, later - earlier, greatest(earlier, hour * 3600000000) - earlier) AS part
      FROM (
        SELECT *, unnest(range(hour_of(greatest(earlier, day_start())), hour_of(least(later, day_end()) - 1) + 1)) AS hour
        FROM (SELECT *, units // (later - earlier) AS quotient FROM rise)))
    GROUP BY ALL;
`;

const DELTA_PIECES = `
  INSERT INTO piece
    SELECT series, payer, hour_of(time_us), sum(whole), sum(fraction_of(volume, whole)), 0
    FROM (
      SELECT *, whole_of(volume) AS whole FROM reading JOIN series USING (series) JOIN meter USING (meter)
      WHERE type = 'delta')
    GROUP BY ALL;
`;
