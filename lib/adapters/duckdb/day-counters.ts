import type { DuckDBConnection } from '@duckdb/node-api';
import type { ConfiguredSql } from './configured-meters.ts';
import { rowText } from './day-lake.ts';

/** Adds the pieces of cumulative and delta meters to `piece`. */
export async function addCounterPieces(
  connection: DuckDBConnection,
  configured: ConfiguredSql,
): Promise<void> {
  const types = await connection.runAndReadAll('SELECT DISTINCT type FROM chunk');
  const has = (wanted: string) => types.getRows().some(([type]) => type === wanted);
  if (has('cumulative')) {
    await connection.run(RISES);
    await connection.run(WITHIN_AN_HOUR);
    await connection.run(NARROW_PIECES);
    await connection.run(WIDE_PIECES);
  }
  if (has('delta')) await connection.run(deltaPieces(configured));
}

/**
 * Differences of neighbours, at most 24 h apart, that reach into the day, in whole base units; those
 * with decimals have a `fraction` in 10^-18.
 */
const RISES = `
  CREATE OR REPLACE TEMP TABLE rise AS
    SELECT series, payer, earlier, later, whole_of(difference) AS whole, fraction_of(difference, whole) AS fraction,
      hour_of(earlier) AS first_hour, hour_of(later - 1) AS last_hour
    FROM (
      SELECT series, payer, earlier, time_us AS later, CASE WHEN volume < before THEN volume ELSE volume - before END AS difference
      FROM (
        SELECT series, payer, time_us, volume, lag(time_us) OVER neighbours AS earlier, lag(volume) OVER neighbours AS before
        FROM taken WHERE type = 'cumulative'
        WINDOW neighbours AS (PARTITION BY series ORDER BY time_us))
      WHERE time_us - earlier <= 86400000000 AND time_us > day_start() AND earlier < day_end())
    WHERE difference > 0;
`;

/** Most differences lie within one hour and are whole: nothing is to be cut. */
const WITHIN_AN_HOUR = `
  INSERT INTO piece
    SELECT series, payer, first_hour, sum(whole), 0, 0
    FROM rise WHERE fraction = 0 AND first_hour = last_hour
    GROUP BY ALL;
`;

/**
 * The part up to an instant is floor(difference x elapsed / total). With whole = quotient x total +
 * remainder that is quotient x elapsed + remainder x elapsed / total, where the first is at most the
 * difference, and the second at most total^2 < 9 x 10^18: 64 bits, in which division is fast.
 */
const NARROW_PIECES = `
  CREATE OR REPLACE TEMP MACRO is_narrow(whole, fraction, total) AS
    fraction = 0 AND whole < 9000000000000000000 AND total <= 3000000000;
  CREATE OR REPLACE TEMP MACRO narrow_part(units, total, elapsed) AS
    units // total * elapsed + units % total * elapsed // total;
  INSERT INTO piece
    SELECT series, payer, hour, sum(part), 0, 0
    FROM (
      SELECT series, payer, hour,
        narrow_part(units, later - earlier, least(later, (hour + 1) * 3600000000) - earlier)
        - narrow_part(units, later - earlier, greatest(earlier, hour * 3600000000) - earlier) AS part
      FROM (
        SELECT series, payer, earlier, later, whole::BIGINT AS units,
          unnest(range(hour_of(greatest(earlier, day_start())), hour_of(least(later, day_end()) - 1) + 1)) AS hour
        FROM rise WHERE first_hour <> last_hour AND is_narrow(whole, fraction, later - earlier)))
    GROUP BY ALL;
`;

/**
 * As above in 127 bits. `units` is the difference in whole base units, or in 10^-9 of one when it has
 * decimals; `rest` is what lies below, in 10^-9 of those. No product exceeds: quotient x elapsed <=
 * units < 10^30, and remainder x 10^9 x elapsed < total^2 x 10^9 < 10^31.
 */
const WIDE_PIECES = `
  CREATE OR REPLACE TEMP MACRO part_up_to(units, quotient, rest, total, elapsed) AS
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
        SELECT *, units // (later - earlier) AS quotient,
          unnest(range(hour_of(greatest(earlier, day_start())), hour_of(least(later, day_end()) - 1) + 1)) AS hour
        FROM (
          SELECT series, payer, earlier, later, fraction > 0 AS is_scaled,
            CASE WHEN is_scaled THEN whole * 1000000000 + fraction // 1000000000 ELSE whole END AS units,
            CASE WHEN is_scaled THEN fraction % 1000000000 ELSE 0 END::HUGEINT AS rest
          FROM rise
          WHERE NOT (fraction = 0 AND first_hour = last_hour) AND NOT is_narrow(whole, fraction, later - earlier))))
    GROUP BY ALL;
  DROP TABLE rise;
`;

/** Of deltas the message is part of the identity. Rows of a configured meter may differ in class alone: their text decides. */
function deltaPieces({ key }: ConfiguredSql): string {
  const [rows, text, payerClass] =
    key === ''
      ? ['lake_row', "''", 'class']
      : [
          'lake_text_row',
          `CASE WHEN path_class IS NULL THEN '' ELSE ${rowText()} END`,
          'coalesce(path_class, class)',
        ];
  return `
    INSERT INTO piece
      SELECT series, payer, hour_of(time_us), sum(whole), sum(fraction_of(volume, whole)), 0
      FROM (
        SELECT series, payer, time_us, volume, whole_of(volume) AS whole
        FROM (
          SELECT series, time_us, volume, project, ${payerClass} AS payer_class
          FROM ${rows} JOIN series USING (resource, meter)
          WHERE type = 'delta' AND day_of(time_us) = 0
          QUALIFY row_number() OVER (
            PARTITION BY series, time_us, message_id
            ORDER BY deleted DESC, shelved DESC, volume DESC, project DESC, class DESC, ${text} DESC) = 1) counting
        JOIN payer ON payer.project = counting.project AND payer.class = payer_class)
      GROUP BY ALL`;
}
