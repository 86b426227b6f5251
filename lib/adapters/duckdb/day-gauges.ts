import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * Gauges as step functions. Fills `piece` with (series, payer, hour, whole, fraction, tail): volume
 * x microseconds held in the hour, in units, 10^-18 and 10^-36 of a unit.
 */
export async function createGaugePieces(connection: DuckDBConnection): Promise<void> {
  await connection.run(STAND_INS);
  await connection.run(STEPS);
  await connection.run(HELD);
  await connection.run(PIECES);
}

/**
 * Readings that take the place of a meter's own on days on which it has none: the source's volume
 * times `size`. Where the product of the two whole parts has more than the 20 digits that a volume
 * can have, the size counts as unknown.
 */
const STAND_INS = `
  CREATE TEMP MACRO is_volume(volume, size) AS
    (volume <= 1000000000 AND size <= 1000000000) OR whole_of(volume) = 0
    OR whole_of(size) <= 99999999999999999999 // whole_of(volume);
  CREATE TEMP TABLE stand_in_reading AS
    SELECT series, time_us, payer, deleted, shelved, volume, size, day_of(time_us) AS day,
      size IS NOT NULL AND is_volume(volume, size) AS is_known
    FROM (
      SELECT target.series, time_us, payer, deleted, shelved,
        CASE WHEN volume_from = 'presence' THEN (volume > 0)::INTEGER::DECIMAL(38,18) ELSE volume END AS volume,
        CASE volume_from WHEN 'times_vcpus' THEN size_vcpus WHEN 'times_memory_mib' THEN size_memory_mib ELSE 1::DECIMAL(38,18) END AS size
      FROM reading
      JOIN series source USING (series)
      JOIN stand_in ON source.meter = stand_in.source
      JOIN series target ON target.resource = source.resource AND target.meter = stand_in.target
      JOIN holder USING (holder, payer)
      WHERE NOT EXISTS (FROM presence WHERE presence.series = target.series AND presence.day = day_of(time_us)));
`;

const STEPS = `
  CREATE TEMP VIEW step AS
    SELECT series, time_us, payer, deleted, shelved,
      CASE WHEN is_status THEN (volume > 0)::INTEGER::DECIMAL(38,18) ELSE volume END AS volume, 1::DECIMAL(38,18) AS size
    FROM reading JOIN series USING (series) JOIN meter USING (meter)
    WHERE type = 'gauge'
    UNION ALL
    SELECT series, time_us, payer, deleted, shelved, volume, size FROM stand_in_reading WHERE is_known;
`;

/**
 * The time of the day that each reading holds: to the next one within tolerance, else for the
 * interval, and never beyond the next (a step function has one value). The rule is the one in force
 * at the reading's time.
 */
const HELD = `
  CREATE TEMP TABLE series_rule AS
    SELECT series, held_while_shelved, rule_from, rule_to, interval_us, tolerance_us
    FROM series JOIN meter USING (meter) JOIN hold_rule USING (meter);
  CREATE TEMP TABLE held AS
    SELECT series, payer, greatest(time_us, day_start()) AS held_from, least(until, day_end()) AS held_to, volume, size
    FROM (
      SELECT step.*, CASE WHEN next_at - time_us <= tolerance_us THEN next_at
          ELSE least(time_us + interval_us, coalesce(next_at, time_us + interval_us)) END AS until
      FROM (SELECT *, lead(time_us) OVER (PARTITION BY series ORDER BY time_us) AS next_at FROM step) step
      JOIN series_rule ON series_rule.series = step.series AND time_us >= rule_from AND time_us < rule_to
      WHERE NOT deleted AND (held_while_shelved OR NOT shelved) AND volume > 0 AND size > 0)
    WHERE until > day_start() AND time_us < day_end();
`;

/**
 * Most holds lie within one hour; only the others are cut. Time is summed per volume first: wide
 * numbers are dear to take apart, and most readings repeat the one before. A product of two decimals
 * has up to 36 places: whole + fraction / 10^18 + tail / 10^36.
 */
const PIECES = `
  CREATE TEMP TABLE piece AS
    WITH cut AS (
      SELECT series, payer, hour_of(held_from) AS hour, held_to - held_from AS us, volume, size
      FROM held WHERE hour_of(held_from) = hour_of(held_to - 1)
      UNION ALL
      SELECT series, payer, hour,
        least(held_to, (hour + 1) * 3600000000) - greatest(held_from, hour * 3600000000) AS us, volume, size
      FROM (
        SELECT *, unnest(range(hour_of(held_from), hour_of(held_to - 1) + 1)) AS hour
        FROM held WHERE hour_of(held_from) <> hour_of(held_to - 1))),
    summed AS (
      SELECT series, payer, hour, volume, size, sum(us) AS us FROM cut GROUP BY ALL),
    split AS (
      SELECT *, whole_of(volume) AS v, CASE WHEN size = 1 THEN 1 ELSE whole_of(size) END AS s,
        fraction_of(volume, v)::HUGEINT AS vf, fraction_of(size, s)::HUGEINT AS sf
      FROM summed),
    multiplied AS (
      SELECT *, vf * sf AS low, v * sf + s * vf + CASE WHEN low = 0 THEN 0 ELSE low // 1000000000000000000 END AS middle
      FROM split)
    SELECT series, payer, hour,
      sum((v * s + CASE WHEN middle = 0 THEN 0 ELSE middle // 1000000000000000000 END) * us) AS whole,
      sum(CASE WHEN middle = 0 THEN 0 ELSE middle % 1000000000000000000 END * us) AS fraction,
      sum(CASE WHEN low = 0 THEN 0 ELSE low % 1000000000000000000 END * us) AS tail
    FROM multiplied
    GROUP BY ALL;
  DROP TABLE held;
`;
