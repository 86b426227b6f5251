import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * Gauges as step functions. Fills `piece` with (series, payer, hour, whole, fraction, tail): volume
 * x microseconds held in the hour, in units, 10^-18 and 10^-36 of a unit.
 */
export async function createGaugePieces(connection: DuckDBConnection): Promise<void> {
  await connection.run(READINGS);
  await connection.run(STAND_INS);
  await connection.run(STEPS);
  await connection.run(HELD);
  await connection.run(PIECES);
}

/** What a series says from `first_at` to `last_at`, without change or gap. */
const READINGS = `
  CREATE OR REPLACE TEMP TABLE reading AS
    SELECT series, payer, day, first_at, last_at, samples, volume, deleted, shelved, size_vcpus, size_memory_mib, state, held_until_us
    FROM chunk WHERE is_reading
    UNION ALL
    SELECT series, payer, day_of(time_us), time_us, time_us, 1, volume, deleted, shelved, size_vcpus, size_memory_mib, state, held_until_us
    FROM taken WHERE type = 'gauge';
`;

/**
 * Readings that take the place of a meter's own on days on which it has none: the source's volume
 * times `size`. Where the product of the two whole parts has more than the 20 digits that a volume
 * can have, the size counts as unknown.
 */
const STAND_INS = `
  CREATE OR REPLACE TEMP MACRO is_volume(volume, size) AS
    (volume <= 1000000000 AND size <= 1000000000) OR whole_of(volume) = 0
    OR whole_of(size) <= 99999999999999999999 // whole_of(volume);
  CREATE OR REPLACE TEMP TABLE stand_in_reading AS
    SELECT *, size IS NOT NULL AND is_volume(volume, size) AS is_known
    FROM (
      SELECT target.series, payer, day, first_at, last_at, samples, deleted, shelved, state, held_until_us,
        CASE WHEN volume_from = 'presence' THEN (volume > 0)::INTEGER::DECIMAL(38,18) ELSE volume END AS volume,
        CASE volume_from WHEN 'times_vcpus' THEN size_vcpus WHEN 'times_memory_mib' THEN size_memory_mib ELSE 1::DECIMAL(38,18) END AS size
      FROM reading
      JOIN series source USING (series)
      JOIN stand_in ON source.meter = stand_in.source
      JOIN series target ON target.resource = source.resource AND target.meter = stand_in.target
      WHERE NOT EXISTS (FROM presence WHERE presence.series = target.series AND presence.day = reading.day));
`;

const STEPS = `
  CREATE OR REPLACE TEMP VIEW step AS
    SELECT series, payer, first_at, last_at, deleted, shelved, state, held_until_us,
      CASE WHEN is_status THEN (volume > 0)::INTEGER::DECIMAL(38,18) ELSE volume END AS volume, 1::DECIMAL(38,18) AS size
    FROM reading JOIN series USING (series) JOIN meter USING (meter)
    UNION ALL
    SELECT series, payer, first_at, last_at, deleted, shelved, state, held_until_us, volume, size FROM stand_in_reading WHERE is_known;
`;

/**
 * The time of the day that each reading holds. Where it is known to hold (the end of its period, else
 * its own time) begins the gap to the next one: within tolerance it holds to that, else as long as
 * known, or for the interval; and never beyond the next (a step function has one value). The rule is
 * the one in force at the reading's time.
 */
const HELD = `
  CREATE OR REPLACE TEMP TABLE series_rule AS
    SELECT series, held_while_shelved, rule_from, rule_to, interval_us, tolerance_us, states_not_billed
    FROM series JOIN meter USING (meter) JOIN hold_rule USING (meter);
  CREATE OR REPLACE TEMP TABLE held AS
    SELECT series, payer, greatest(first_at, day_start()) AS held_from, least(until, day_end()) AS held_to, volume, size
    FROM (
      SELECT step.*, CASE WHEN next_at - coalesce(held_until_us, last_at) <= tolerance_us THEN next_at
          ELSE least(coalesce(held_until_us, last_at + interval_us), next_at) END AS until
      FROM (SELECT *, lead(first_at) OVER (PARTITION BY series ORDER BY first_at) AS next_at FROM step) step
      JOIN series_rule ON series_rule.series = step.series AND last_at >= rule_from AND last_at < rule_to
      WHERE NOT deleted AND (held_while_shelved OR NOT shelved) AND NOT list_contains(states_not_billed, state)
        AND volume > 0 AND size > 0)
    WHERE until > day_start() AND first_at < day_end();
`;

/**
 * Time is summed per volume first: wide numbers are dear to take apart, and most readings repeat the
 * one before. A product of two decimals has up to 36 places: whole + fraction / 10^18 + tail / 10^36.
 */
const PIECES = `
  CREATE OR REPLACE TEMP TABLE piece AS
    WITH cut AS (
      SELECT series, payer, hour_of(held_from) AS hour, least(held_to, (hour + 1) * 3600000000) - held_from AS us, volume, size
      FROM held
      UNION ALL
      SELECT series, payer, hour, least(held_to, (hour + 1) * 3600000000) - hour * 3600000000 AS us, volume, size
      FROM (
        SELECT *, unnest(range(hour_of(held_from) + 1, hour_of(held_to - 1) + 1)) AS hour
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
