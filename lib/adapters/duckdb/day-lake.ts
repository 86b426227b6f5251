import type { DuckDBConnection } from '@duckdb/node-api';
import { addDays, startOfDay } from '../../period/calendar.ts';
import { HOUR_US, type InstantUs } from '../../period/instant.ts';
import type { DayRequest } from '../../ports/metering-engine.ts';
import { configuredSql } from './configured-meters.ts';
import { literal } from './database.ts';
import { labelJoin, labelTable } from './day-labels.ts';
import { metersOf } from './day-tables.ts';
import { asReceived } from './row-as-received.ts';

/** So many rows fit into memory many times over. */
const ROWS_IN_MEMORY = 250_000;

/**
 * The sample rows of this shard and slice, of meters that are metered: `lake_row` of the day and its two
 * neighbours, `near_row` of the day and as much of its neighbours as a hold can reach over. Few rows are read
 * once and kept, since finding them in files costs more than all that is done with them. Their text is with
 * `lake_text_row` alone, the same rows: it is needed for few, if any.
 */
export async function createLakeViews(
  connection: DuckDBConnection,
  request: DayRequest,
  slice: string,
): Promise<void> {
  const { from, to } = nearBounds(request);
  const { labels = [] } = request;
  if (labels.length > 0) {
    const rows = `SELECT metadata FROM ${lakeSource(request)} WHERE ${ofDays(request, slice).join(' AND ')}`;
    await connection.run(labelTable(labels, rows));
  }
  await connection.run(`
    CREATE OR REPLACE TEMP MACRO near_start() AS make_timestamp(${from});
    CREATE OR REPLACE TEMP MACRO near_end() AS make_timestamp(${to});
    CREATE OR REPLACE TEMP VIEW lake_text_row AS ${lakeRows(request, slice)};
    CREATE OR REPLACE TEMP ${request.sampleRows > ROWS_IN_MEMORY ? 'VIEW' : 'TABLE'} lake_row AS
      SELECT * EXCLUDE (row_head, metadata, row_tail, row_values) FROM lake_text_row;
    CREATE OR REPLACE TEMP VIEW near_row AS
      FROM lake_row WHERE time >= near_start() AND time < near_end()`);
}

/** Whole hours, so that no slot lies on both sides. */
function nearBounds({ date, holdRules }: DayRequest): { from: InstantUs; to: InstantUs } {
  const longest = Math.max(
    0,
    ...holdRules.map(({ intervalUs, gapToleranceUs }) => Math.max(intervalUs, gapToleranceUs)),
  );
  const reach = Math.ceil(longest / HOUR_US) * HOUR_US;
  return { from: startOfDay(date) - reach, to: startOfDay(addDays(date, 1)) + reach };
}

/** Conditions on rows of the three days, the slice and the shard. */
function ofDays(request: DayRequest, slice: string): string[] {
  const { date } = request;
  return [
    `time >= TIMESTAMP ${literal(addDays(date, -1))}`,
    `time < TIMESTAMP ${literal(addDays(date, 2))}`,
    slice,
    ...ofShard(request),
  ];
}

function lakeRows(request: DayRequest, slice: string): string {
  const configured = configuredSql(metersOf(request), request.labels);
  const conditions = [...ofDays(request, slice), ...configured.fits];
  return `
    SELECT resource, meter.meter, time, epoch_us(time) AS time_us, held_until, epoch_us(held_until) AS held_until_us, volume, project, coalesce(class, '') AS class, deleted, shelved,
      size_vcpus, size_memory_mib, coalesce(message_id, '') AS message_id, row_head, metadata, row_tail, row_values, ingest_id, line, user_id, lake.meter AS row_meter, lake.type AS row_type, unit, source, state,
      meter.type, is_sized, slot_us${configured.column}
    FROM ${lakeSource(request)} lake ${labelJoin(request.labels ?? [])} ${configured.join}
    WHERE ${conditions.join(' AND ')}`;
}

/**
 * Finds the resources of the shard: hashing the name of each row's would cost more than metering it, and in one
 * statement it would be done before names are made distinct.
 */
export async function createShard(
  connection: DuckDBConnection,
  request: DayRequest,
): Promise<void> {
  const { shard, shards } = request;
  if (shards === 1) return;
  await connection.run(`
    CREATE TEMP TABLE day_resource AS SELECT DISTINCT resource FROM ${lakeSource(request)};
    CREATE TEMP TABLE shard_resource AS
      SELECT resource FROM day_resource
      WHERE ('0x' || md5(resource)[1:8])::UBIGINT % ${shards} = ${shard};
    DROP TABLE day_resource`);
}

/** Conditions on rows whose resource is of the shard. */
export function ofShard({ shards }: Pick<DayRequest, 'shards'>): string[] {
  return shards === 1 ? [] : ['resource IN (SELECT resource FROM shard_resource)'];
}

/** Rows of all sample parts, as the lake has them, but for those of retracted ingests. */
export function lakeSource({
  sampleFiles,
  withoutIngests = [],
}: Pick<DayRequest, 'sampleFiles' | 'withoutIngests'>): string {
  if (sampleFiles.length === 0) return `(${NO_SAMPLES})`;
  const files = `read_parquet([${sampleFiles.map(literal).join(', ')}], hive_partitioning = false, union_by_name = true)`;
  const retracted =
    withoutIngests.length === 0
      ? ''
      : `WHERE ingest_id NOT IN (${withoutIngests.map(literal).join(', ')})`;
  return `(FROM (${NO_SAMPLES} UNION ALL BY NAME FROM ${files}) ${retracted})`;
}

/** A row of `lake_text_row` as it was received: read for the few rows that nothing else tells apart. */
export function rowText(): string {
  const columns = { meter: 'row_meter', type: 'row_type' };
  return `(${asReceived('row_head', columns)} || metadata || ${asReceived('row_tail', columns)})`;
}

/** The columns that metering reads: parts of schema version 1 lack `held_until`. */
const NO_SAMPLES = `
  SELECT NULL::VARCHAR AS resource, NULL::VARCHAR AS meter, NULL::TIMESTAMP AS time, NULL::TIMESTAMP AS held_until, NULL::DECIMAL(38,18) AS volume,
    NULL::VARCHAR AS project, NULL::VARCHAR AS class, NULL::BOOLEAN AS deleted, NULL::BOOLEAN AS shelved,
    NULL::DECIMAL(38,18) AS size_vcpus, NULL::DECIMAL(38,18) AS size_memory_mib, NULL::VARCHAR AS message_id,
    NULL::VARCHAR AS row_head, NULL::VARCHAR AS metadata, NULL::VARCHAR AS row_tail, NULL::VARCHAR AS row_values, NULL::VARCHAR AS ingest_id, NULL::BIGINT AS line,
    NULL::VARCHAR AS user_id, NULL::VARCHAR AS type, NULL::VARCHAR AS unit, NULL::VARCHAR AS source, NULL::VARCHAR AS state
  WHERE false`;
