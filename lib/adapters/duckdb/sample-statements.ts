import { literal } from './database.ts';
import { asReceived } from './row-as-received.ts';

/** Level 1 takes two thirds of the time of the default, for as few bytes: most columns are runs of one text. */
const PARQUET = 'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 61440';

export const CREATE_INGESTS = 'CREATE TABLE ingests (ingest INTEGER, id VARCHAR, region VARCHAR)';

/** Series by resource and meter, ingests by id: rows are sorted by these numbers. */
export const RANK_SERIES = `
CREATE TABLE ranks AS
SELECT series, dense_rank() OVER (ORDER BY resource, meter)::INTEGER AS place, type, metered FROM series;
CREATE TABLE ingest_ranks AS
SELECT ingest, region, row_number() OVER (ORDER BY id)::INTEGER AS ingest_place FROM ingests`;

export const LIST_DAYS = `
SELECT region, day, count(*)::BIGINT AS rows
FROM staged JOIN ingests USING (ingest) GROUP BY region, day ORDER BY region, day`;

/** The rows of a region and day; they are sorted narrow as they are staged, and become whole on their way out. */
export function sortDay(
  table: string,
  { region, day }: { readonly region: string; readonly day: number },
): string {
  return `CREATE TABLE ${table} AS
  SELECT staged.*, place, type = 'delta' AS is_delta, metered
  FROM staged JOIN ranks USING (series) JOIN ingest_ranks USING (ingest)
  WHERE day = ${day} AND region = ${literal(region)}
  ORDER BY place, time, message_id, ingest_place, line, type`;
}

/** Times at which a series has more than one row: mostly none, and then all else is spared. */
export function findDoubles(table: string): string {
  return `CREATE OR REPLACE TABLE doubles AS
  SELECT DISTINCT place, time FROM (
    SELECT place, time, place = lag(place) OVER () AND time = lag(time) OVER () AS again FROM ${table}
  ) WHERE again`;
}

export const ANY_DOUBLES = 'SELECT count(*) FROM doubles';

/** Rows that tell one reading. Those of deltas are told apart by their message, too. */
const IDENTITY = `ingest, place, time, CASE WHEN is_delta THEN message_id ELSE '' END`;

/** Rows that agree in this are one reading told twice. Absent metadata says as much as null. */
const CONTENT = `struct_pack(p := project, u := user_id, t := type, n := unit, v := volume, s := source,
  m := CASE WHEN metadata = 'null' THEN '' ELSE metadata END, o := others, h := held_until)`;

/** The greatest row of an identity counts; among tellings that are the same text, the first. */
const GREATEST_FIRST = `deleted DESC, shelved DESC, volume DESC, project DESC, class DESC, message_id DESC,
  (${asReceived('row_head')} || metadata || ${asReceived('row_tail')}) DESC, held_until DESC NULLS LAST, leads DESC, line`;

/** A row whole but for its ingest. The row as received is its own, or that of its series. */
function wholeRows(table: string): string {
  return `SELECT day.* EXCLUDE (row_head, row_tail, metered), day.rowid AS day_row,
    series.* EXCLUDE (series, attributes, head, tail), attributes.* EXCLUDE (attributes),
    coalesce(row_head, head) AS row_head, coalesce(row_tail, tail) AS row_tail
  FROM ${table} day JOIN series ON day.series = series.series
  JOIN attributes ON series.attributes = attributes.attributes`;
}

export function rankDoubles(table: string): string {
  return `CREATE OR REPLACE TABLE ranked AS
  SELECT day_row, ingest, leads,
    row_number() OVER (PARTITION BY ${IDENTITY} ORDER BY ${GREATEST_FIRST}) AS standing,
    row_number() OVER (PARTITION BY ${IDENTITY}, ${CONTENT} ORDER BY ${GREATEST_FIRST}) AS telling
  FROM (${wholeRows(table)}) SEMI JOIN doubles USING (place, time)`;
}

/**
 * Of n rows of an identity with d contents, d - 1 are conflicts and n - d duplicates. Of the samples of
 * one row only the leading one counts, so that a row counts once.
 */
export const COUNT_DOUBLES = `
SELECT ingest, count(*) FILTER (telling > 1)::BIGINT AS duplicate,
  count(*) FILTER (telling = 1)::BIGINT AS conflict
FROM ranked WHERE standing > 1 AND leads GROUP BY ingest`;

/** Rows are numbered without a gap again: parts are cut by their numbers. A join would not keep their order. */
export function dropLosers(table: string): string {
  return `DELETE FROM ${table} WHERE rowid IN (SELECT day_row FROM ranked WHERE standing > 1);
  CREATE TABLE kept AS FROM ${table};
  DROP TABLE ${table};
  ALTER TABLE kept RENAME TO ${table}`;
}

export function countAccepted(table: string): string {
  return `
SELECT ingest, count(*) FILTER (leads)::BIGINT AS accepted,
  count(*) FILTER (leads AND NOT metered)::BIGINT AS unmetered, count(*)::BIGINT AS rows
FROM ${table} GROUP BY ingest ORDER BY ingest`;
}

/** Columns of the lake, in the order of docs/architecture.md (lake schemas, version 2). */
const LAKE_COLUMNS = `region, project, user_id, resource, meter, type, unit, volume, time, held_until, class,
  deleted, shelved, state, size_vcpus, size_memory_mib, source, message_id, metadata, row_head, row_tail, row_values,
  ingests.id AS ingest_id, line, 2::INTEGER AS schema_version`;

/**
 * On one thread a join keeps the order of its left side, as long as what is looked up on the right fits in memory and is
 * not put on the left. So each part is written by one thread, and several at a time.
 */
export const KEEP_ORDER = `
SET threads = 1;
SET disabled_optimizers = 'join_order,build_side_probe_side'`;

export interface PartRange {
  readonly table: string;
  /** First row, and one beyond the last. */
  readonly from: number;
  readonly to: number;
  readonly path: string;
  /** False: whole rows are sorted once more, and spill where there are many. */
  readonly keepsOrder: boolean;
}

export function copyPart({ table, from, to, path, keepsOrder }: PartRange): string {
  const order = keepsOrder
    ? ''
    : 'ORDER BY resource, meter, time, message_id, ingest_id, line, type';
  return `COPY (
  SELECT ${LAKE_COLUMNS} FROM (${wholeRows(table)}) JOIN ingests USING (ingest)
  WHERE day_row >= ${from} AND day_row < ${to} ${order}
) TO ${literal(path)} (${PARQUET})`;
}
