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
 * Readings that take the place of a meter's own on days on which it has none. A product of two
 * decimals has up to 36 places: whole + fraction / 10^18 + tail / 10^36. One that is no possible
 * volume (beyond 20 digits before the point) has no known size.
 */
const STAND_INS = `
  CREATE TEMP TABLE stand_in_reading AS
    WITH own AS (
      SELECT target.series, time_us, payer, deleted, shelved, volume, volume_from,
        CASE volume_from WHEN 'times_vcpus' THEN size_vcpus WHEN 'times_memory_mib' THEN size_memory_mib
          ELSE 1 END::DECIMAL(38,18) AS size
      FROM reading
      JOIN series source USING (series)
      JOIN stand_in ON source.meter = stand_in.source
      JOIN series target ON target.resource = source.resource AND target.meter = stand_in.target
      JOIN holder USING (holder, payer)
      WHERE NOT EXISTS (FROM presence WHERE presence.series = target.series AND presence.day = day_of(time_us))),
    split AS (
      SELECT *, volume_from = 'presence' AS is_presence,
        fraction_of(volume, v)::HUGEINT AS vf, fraction_of(size, s)::HUGEINT AS sf,
      FROM (SELECT *, whole_of(volume) AS v, whole_of(size) AS s FROM own)),
    product AS (
      SELECT *, size IS NOT NULL AND (is_presence OR v = 0 OR s <= 99999999999999999999 // v) AS is_known,
      FROM split),
    low AS (
      SELECT *, CASE WHEN is_known AND NOT is_presence THEN v * sf + s * vf + (vf * sf) // 1000000000000000000 END AS middle
      FROM product)
    SELECT series, time_us, payer, deleted, shelved, is_known, day_of(time_us) AS day,
      CASE WHEN is_presence THEN (volume > 0)::HUGEINT WHEN is_known THEN v * s + middle // 1000000000000000000 END AS whole,
      CASE WHEN is_presence THEN 0 ELSE (middle % 1000000000000000000)::BIGINT END AS fraction,
      CASE WHEN is_presence THEN 0 WHEN is_known THEN ((vf * sf) % 1000000000000000000)::BIGINT END AS tail
    FROM low;
`;

const STEPS = `
  CREATE TEMP VIEW step AS
    SELECT series, time_us, payer, deleted, shelved, whole,
      CASE WHEN is_status THEN 0 ELSE fraction_of(volume, whole) END AS fraction,
      0::BIGINT AS tail
    FROM (
      SELECT *, CASE WHEN is_status THEN (volume > 0)::HUGEINT ELSE whole_of(volume) END AS whole
      FROM reading JOIN series USING (series) JOIN meter USING (meter)
      WHERE type = 'gauge')
    UNION ALL
    SELECT series, time_us, payer, deleted, shelved, whole, fraction, tail FROM stand_in_reading WHERE is_known;
`;

/**
 * The time of the day that each reading holds: to the next one within tolerance, else for the
 * interval, and never beyond the next (a step function has one value). The rule is the one in force
 * at the reading's time.
 */
const HELD = `
  CREATE TEMP TABLE held AS
    SELECT series, payer, greatest(time_us, day_start()) AS held_from, least(until, day_end()) AS held_to, whole, fraction, tail
    FROM (
      SELECT step.*, CASE WHEN next_at - time_us <= tolerance_us THEN next_at
          ELSE least(time_us + interval_us, coalesce(next_at, time_us + interval_us)) END AS until
      FROM (SELECT *, lead(time_us) OVER (PARTITION BY series ORDER BY time_us) AS next_at FROM step) step
      JOIN series USING (series)
      JOIN meter USING (meter)
      JOIN hold_rule ON hold_rule.meter = series.meter AND time_us >= rule_from AND time_us < rule_to
      WHERE NOT deleted AND (held_while_shelved OR NOT shelved) AND (whole > 0 OR fraction > 0 OR tail > 0))
    WHERE until > day_start() AND time_us < day_end();
`;

/** Most holds lie within one hour; only the others are cut. */
const PIECES = `
  CREATE TEMP TABLE piece AS
    SELECT series, payer, hour, sum(whole * us) AS whole, sum(fraction::HUGEINT * us) AS fraction, sum(tail::HUGEINT * us) AS tail
    FROM (
      SELECT series, payer, hour_of(held_from) AS hour, held_to - held_from AS us, whole, fraction, tail
      FROM held WHERE hour_of(held_from) = hour_of(held_to - 1)
      UNION ALL
      SELECT series, payer, hour,
        least(held_to, (hour + 1) * 3600000000) - greatest(held_from, hour * 3600000000) AS us, whole, fraction, tail
      FROM (
        SELECT *, unnest(range(hour_of(held_from), hour_of(held_to - 1) + 1)) AS hour
        FROM held WHERE hour_of(held_from) <> hour_of(held_to - 1)))
    GROUP BY ALL;
`;
