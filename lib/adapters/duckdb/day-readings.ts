import type { DuckDBConnection } from '@duckdb/node-api';
import type { MeterTable } from '../../metering/meter-table.ts';
import { type ConfiguredSql, configuredSql, settleConfiguredClasses } from './configured-meters.ts';

/**
 * Fills `reading`: of all rows with one identity the one that counts. Text is replaced by numbers
 * on the way (series, holder), which is what lets a large day sort in little memory:
 *
 * - `presence` (series, day): on which of the three days a series has samples, from when to when
 * - `series`: a resource's own series, and those that others may stand in for
 * - `holder`: who pays and for what: project, class and instance size; `payer` ranks project and class
 */
export async function createReadings(
  connection: DuckDBConnection,
  meters: MeterTable,
): Promise<void> {
  const configured = configuredSql(meters);
  await connection.run(seriesSql(configured));
  await connection.run(candidatesSql(configured));
  await connection.run(READINGS);
  await settleTies(connection, configured);
  if (configured.key !== '') await settleConfiguredClasses(connection);
}

const seriesSql = ({ key }: ConfiguredSql) => `
  CREATE TEMP TABLE presence_by_name AS
    SELECT resource, meter, day_of(time_us) AS day, min(time_us) AS first_at, max(time_us) AS last_at
    FROM lake_row GROUP BY ALL;
  CREATE TEMP TABLE series AS
    SELECT row_number() OVER (ORDER BY resource, meter)::INTEGER AS series, resource, meter
    FROM (
      SELECT resource, meter FROM presence_by_name
      UNION
      SELECT resource, target FROM presence_by_name JOIN stand_in ON source = meter);
  CREATE TEMP TABLE presence AS
    SELECT series, resource, meter, day, first_at, last_at FROM presence_by_name JOIN series USING (resource, meter);
  CREATE TEMP TABLE holder AS
    SELECT row_number() OVER by_all::INTEGER AS holder, dense_rank() OVER (ORDER BY project, class)::INTEGER AS payer, *
    FROM (
      SELECT DISTINCT project, class,
        CASE WHEN is_sized THEN size_vcpus END AS size_vcpus,
        CASE WHEN is_sized THEN size_memory_mib END AS size_memory_mib${key}
      FROM lake_row)
    WINDOW by_all AS (ORDER BY project, class, size_vcpus, size_memory_mib${key});
  CREATE TEMP TABLE sized_series AS SELECT series FROM series JOIN meter USING (meter) WHERE is_told_apart;
  CREATE TEMP TABLE payer AS SELECT DISTINCT payer, project, class FROM holder;
`;

/**
 * Of the neighbouring days only what can matter to this one: the last reading before it and the
 * first after it, and everything that might stand in (which of these have a size is known later).
 * The message id is kept where it can decide: in the identity of deltas, and between sizes.
 */
const candidatesSql = ({ sameHolder }: ConfiguredSql) => `
  CREATE TEMP TABLE candidate AS
    SELECT series, holder, payer, time_us, volume, deleted, shelved,
      CASE WHEN type = 'delta' THEN message_id ELSE '' END AS identity_id,
      CASE WHEN is_told_apart THEN message_id ELSE '' END AS tie_id
    FROM lake_row
    JOIN presence ON presence.resource = lake_row.resource AND presence.meter = lake_row.meter AND presence.day = day_of(time_us)
    JOIN holder ON holder.project = lake_row.project AND holder.class = lake_row.class
      AND holder.size_vcpus IS NOT DISTINCT FROM CASE WHEN is_sized THEN lake_row.size_vcpus END
      AND holder.size_memory_mib IS NOT DISTINCT FROM CASE WHEN is_sized THEN lake_row.size_memory_mib END ${sameHolder}
    WHERE day = 0 OR (type <> 'delta' AND (is_sized OR (day = -1 AND time_us = last_at) OR (day = 1 AND time_us = first_at)));
`;

/** DESIGN section 3: the greatest by (deleted, shelved, volume, project, class, message id, row). */
const READINGS = `
  CREATE TEMP TABLE reading AS
    SELECT series, time_us, identity_id, volume, deleted, shelved, payer, holder, tie_id
    FROM candidate
    QUALIFY row_number() OVER (
      PARTITION BY series, time_us, identity_id
      ORDER BY deleted DESC, shelved DESC, volume DESC, payer DESC, tie_id DESC, holder DESC) = 1;
`;

/**
 * Rows that agree in all of that and differ in the instance's size, or in a configured class, are told apart by their text,
 * as UTF-8 bytes (DuckDB's order of VARCHAR). It is read for these few alone.
 */
async function settleTies(
  connection: DuckDBConnection,
  { sameHolder }: ConfiguredSql,
): Promise<void> {
  await connection.run(`
    CREATE TEMP TABLE size_tie AS
      SELECT DISTINCT series, time_us, r.deleted, r.shelved, r.volume, r.payer, r.tie_id
      FROM (SELECT * FROM reading SEMI JOIN sized_series USING (series)) r
      JOIN (SELECT * FROM candidate SEMI JOIN sized_series USING (series)) c
        USING (series, time_us, deleted, shelved, volume, payer, tie_id)
      WHERE r.holder <> c.holder`);
  const ties = await connection.runAndReadAll('SELECT count(*) FROM size_tie');
  if (Number(ties.getRows()[0]?.[0]) === 0) return;
  await connection.run(`
    UPDATE reading SET holder = settled.holder FROM (
      SELECT size_tie.series, size_tie.time_us, size_tie.tie_id, max_by(holder.holder, row_head || metadata || row_tail) AS holder
      FROM lake_row
      JOIN series USING (resource, meter)
      JOIN size_tie ON size_tie.series = series.series AND size_tie.time_us = lake_row.time_us AND size_tie.tie_id = message_id
        AND size_tie.deleted = lake_row.deleted AND size_tie.shelved = lake_row.shelved AND size_tie.volume = lake_row.volume
      JOIN holder ON holder.payer = size_tie.payer AND holder.project = lake_row.project AND holder.class = lake_row.class
        AND holder.size_vcpus IS NOT DISTINCT FROM CASE WHEN is_sized THEN lake_row.size_vcpus END
        AND holder.size_memory_mib IS NOT DISTINCT FROM CASE WHEN is_sized THEN lake_row.size_memory_mib END ${sameHolder}
      GROUP BY ALL) settled
    WHERE reading.series = settled.series AND reading.time_us = settled.time_us AND reading.tie_id = settled.tie_id`);
}
