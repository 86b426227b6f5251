import type { DuckDBConnection } from '@duckdb/node-api';
import type { DayRequest } from '../../ports/metering-engine.ts';
import type { ConfiguredSql } from './configured-meters.ts';
import { leaveEventsToStandIns } from './day-events.ts';
import { createNeighbours } from './day-neighbours.ts';

/**
 * Fills `chunk`: the samples of a series in a slot of time no longer than its gap tolerance, and
 * within an hour. Where all of them say the same, the slot is one reading from the first to the
 * last: each holds to the next. Samples mostly repeat the one before, and hashing them into slots
 * costs a tenth of putting them in order; only what is left is read as rows (day-rows.ts).
 *
 * - `series`: a resource's own series, and those that others may stand in for
 * - `payer`: who pays for what: project and class, in the order in which they decide
 * - `presence` (series, day): on which of the three days a series has samples
 */
export async function createChunks(
  connection: DuckDBConnection,
  request: DayRequest,
  configured: ConfiguredSql,
): Promise<void> {
  await connection.run(IS_ONE);
  const chunks = (rows: string) => chunksOf(rows, { request, configured });
  await connection.run(`CREATE OR REPLACE TEMP TABLE named_chunk AS ${chunks('near_row')}`);
  await createNeighbours(connection, chunks);
  await leaveEventsToStandIns(connection);
  await connection.run(SERIES);
  await connection.run(payers(configured));
  await connection.run(CHUNKS);
}

/** A row's state in lower case, where the region bills by states; else null: all are one. */
export function stateOf(
  { holdRules }: Pick<DayRequest, 'holdRules'>,
  table: string,
): string | null {
  return holdRules.some(({ statesNotBilled }) => statesNotBilled.length > 0)
    ? `lower(coalesce(${table}.state, ''))`
    : null;
}

const IS_ONE = `
  CREATE OR REPLACE TEMP MACRO is_one(x) AS min(x) IS NOT DISTINCT FROM max(x) AND count(x) IN (0, count(*))`;

interface ChunkSql {
  readonly request: DayRequest;
  readonly configured: ConfiguredSql;
}

/**
 * Instants fall into 64 parts of the hour: as many parts as samples prove that no two have one
 * instant.
 */
function chunksOf(rows: string, { request, configured }: ChunkSql): string {
  const state = oneOf(stateOf(request, rows), 'state', "''");
  const pathClass = oneOf(
    configured.key === '' ? null : 'path_class',
    'path_class',
    'NULL::VARCHAR',
  );
  return `
    SELECT resource, meter, hour_of(time_us) AS hour, slot_of(time_us, slot_us) AS slot,
      count(*) AS samples, min(time_us) AS first_at, max(time_us) AS last_at,
      bit_count(bit_or(1::UBIGINT << ((time_us % 3600000000) // 56250000)::UBIGINT)) = count(*) AS is_unique,
      min(volume) AS volume, min(project) AS project, min(class) AS class, ${pathClass.column},
      bool_or(deleted) AS deleted, bool_or(shelved) AS shelved,
      min(size_vcpus) AS size_vcpus, min(size_memory_mib) AS size_memory_mib,
      ${state.column}, min(held_until_us) AS held_until_us,
      samples = 1 OR (max(project) = min(project) AND max(class) = min(class) AND ${pathClass.isOne}) AS has_one_payer,
      samples = 1 OR (has_one_payer AND max(volume) = min(volume) AND bool_and(deleted) = bool_or(deleted) AND bool_and(shelved) = bool_or(shelved)
        AND ${state.isOne} AND count(held_until_us) = 0) AS is_uniform,
      samples = 1 OR (is_unique AND is_one(size_vcpus) AND is_one(size_memory_mib)) AS is_uniform_in_size
    FROM ${rows}
    GROUP BY ALL`;
}

/** A column that only some regions need. */
function oneOf(value: string | null, name: string, none: string) {
  return value === null
    ? { column: `${none} AS ${name}`, isOne: 'true' }
    : { column: `min(${value}) AS ${name}`, isOne: `is_one(${value})` };
}

const SERIES = `
  CREATE OR REPLACE TEMP TABLE series AS
    SELECT row_number() OVER (ORDER BY resource, meter)::INTEGER AS series, resource, meter
    FROM (
      SELECT resource, meter FROM named_chunk
      UNION
      SELECT resource, target FROM named_chunk JOIN stand_in ON source = meter);
  CREATE OR REPLACE TEMP TABLE presence AS
    SELECT DISTINCT series, day_of(first_at) AS day FROM named_chunk JOIN series USING (resource, meter);
`;

/** Which row of an identity counts goes by the class that the lake has; who pays, by the configured one. */
function payers({ key }: ConfiguredSql): string {
  const configured =
    key === ''
      ? ''
      : 'UNION SELECT project, path_class FROM metered_row WHERE path_class IS NOT NULL';
  return `
    CREATE OR REPLACE TEMP TABLE payer AS
      SELECT row_number() OVER (ORDER BY project, class)::INTEGER AS payer, project, class
      FROM (SELECT DISTINCT project, class FROM metered_row ${configured})`;
}

/**
 * Names become numbers. Rows are taken of counters, which have no two equal samples, and of gauges
 * that change within the slot. Of counters on the neighbouring days only the last sample before the
 * day and the first after it matter: `edge`. Deltas have a table of their own. The payer is null
 * where there are several.
 */
const CHUNKS = `
  CREATE OR REPLACE TEMP TABLE chunk AS
    SELECT series, payer, hour, slot, day, type, is_sized, samples, first_at, last_at, is_unique, volume, deleted, shelved,
      size_vcpus, size_memory_mib, state, held_until_us, edge,
      type = 'gauge' AND is_uniform AND (is_uniform_in_size OR NOT is_sized) AS is_reading,
      CASE type WHEN 'gauge' THEN NOT is_reading WHEN 'cumulative' THEN day = 0 OR edge IN (first_at, last_at) ELSE false END AS has_rows
    FROM (
      SELECT *, day_of(first_at) AS day, coalesce(path_class, class) AS payer_class, CASE WHEN has_one_payer THEN project END AS payer_project,
        CASE day_of(first_at) WHEN -1 THEN max(last_at) OVER same_day WHEN 1 THEN min(first_at) OVER same_day END AS edge
      FROM named_chunk
      WINDOW same_day AS (PARTITION BY resource, meter, day_of(first_at))) named
    JOIN series USING (resource, meter)
    JOIN meter USING (meter)
    LEFT JOIN payer ON payer.project = payer_project AND payer.class = payer_class;
  DROP TABLE named_chunk;
`;
