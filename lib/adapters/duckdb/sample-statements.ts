import { literal } from './database.ts';

const PARQUET = 'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440';

export const CREATE_INGESTS = 'CREATE TABLE ingests (ingest INTEGER, id VARCHAR, region VARCHAR)';

/** Whole rows again. Delta samples are told apart by their message, too. */
export const CREATE_SAMPLES = `
CREATE VIEW samples AS
SELECT staged.rowid AS staged_row, staged.*, series.* EXCLUDE (series, attributes),
  attributes.* EXCLUDE (attributes), CASE WHEN type = 'delta' THEN message_id ELSE '' END AS delta_id
FROM staged
JOIN series ON staged.series = series.series
JOIN attributes ON series.attributes = attributes.attributes`;

/** Rows that tell one reading. */
const IDENTITY = 'ingest, resource, meter, time, delta_id';

/** Rows that agree in this are one reading told twice. Absent metadata says as much as null. */
const CONTENT = `struct_pack(p := project, u := user_id, t := type, n := unit, v := volume, s := source,
  m := CASE WHEN metadata = 'null' THEN '' ELSE metadata END, o := others, h := held_until)`;

/** The greatest row of an identity counts; among tellings that are the same text, the first. */
const GREATEST_FIRST = `deleted DESC, shelved DESC, volume DESC, project DESC, class DESC, message_id DESC,
  (row_head || metadata || row_tail) DESC, held_until DESC NULLS LAST, leads DESC, line`;

/** Identities with more than one row: mostly none, and then all else is spared. */
export const FIND_DOUBLES = `
CREATE TABLE doubles AS SELECT ${IDENTITY} FROM samples GROUP BY ALL HAVING count(*) > 1`;

export const ANY_DOUBLES = 'SELECT count(*) FROM doubles';

export const RANK_DOUBLES = `
CREATE TABLE ranked AS
SELECT staged_row, ingest, leads,
  row_number() OVER (PARTITION BY ${IDENTITY} ORDER BY ${GREATEST_FIRST}) AS place,
  row_number() OVER (PARTITION BY ${IDENTITY}, ${CONTENT} ORDER BY ${GREATEST_FIRST}) AS telling
FROM samples SEMI JOIN doubles USING (${IDENTITY})`;

/**
 * Of n rows of an identity with d contents, d - 1 are conflicts and n - d duplicates. Of the samples of
 * one row only the leading one counts, so that a row counts once.
 */
export const COUNT_DOUBLES = `
SELECT ingest, count(*) FILTER (telling > 1)::BIGINT AS duplicate,
  count(*) FILTER (telling = 1)::BIGINT AS conflict
FROM ranked WHERE place > 1 AND leads GROUP BY ingest`;

export const DROP_LOSERS =
  'DELETE FROM staged WHERE rowid IN (SELECT staged_row FROM ranked WHERE place > 1)';

export const COUNT_ACCEPTED = `
SELECT ingest, day, count(*) FILTER (leads)::BIGINT AS accepted,
  count(*) FILTER (leads AND NOT metered)::BIGINT AS unmetered
FROM staged JOIN series USING (series) GROUP BY ingest, day ORDER BY ingest, day`;

export const LIST_PARTS = `
SELECT region, day, count(*)::BIGINT AS rows
FROM staged JOIN ingests USING (ingest) GROUP BY region, day ORDER BY region, day`;

interface PartScope {
  readonly region: string;
  readonly day: number;
}

/** Columns of the lake, in the order of docs/architecture.md (lake schemas, version 2). */
const LAKE_COLUMNS = `region, project, user_id, resource, meter, type, unit, volume, time, held_until, class,
  deleted, shelved, state, size_vcpus, size_memory_mib, source, message_id, metadata, row_head, row_tail,
  ingests.id AS ingest_id, line, 2::INTEGER AS schema_version`;

/** Whole rows are sorted, and spill where there are many. */
export function copyPart({ region, day, path }: PartScope & { readonly path: string }): string {
  return `COPY (
  SELECT ${LAKE_COLUMNS} FROM samples JOIN ingests USING (ingest)
  WHERE day = ${day} AND region = ${literal(region)}
  ORDER BY resource, meter, time, message_id, ingest_id, line, type
) TO ${literal(path)} (${PARQUET})`;
}

/**
 * For the other way to the same part: rows are sorted by the ranks of their series and ingest, narrow as
 * they are staged, and become whole on their way out. Joins keep the order of their left side then, as
 * long as what is looked up on the right fits in memory and is not put on the left.
 */
export const RANK_SERIES = `
SET disabled_optimizers = 'join_order,build_side_probe_side';
CREATE TABLE ranks AS
SELECT series, dense_rank() OVER (ORDER BY resource, meter) AS place, type FROM series;
CREATE TABLE ingest_ranks AS
SELECT ingest, region, row_number() OVER (ORDER BY id) AS ingest_place FROM ingests`;

export function sortPart({ region, day }: PartScope): string {
  return `CREATE OR REPLACE TABLE sorted AS
  SELECT staged.* FROM staged JOIN ranks USING (series) JOIN ingest_ranks USING (ingest)
  WHERE day = ${day} AND region = ${literal(region)}
  ORDER BY place, time, message_id, ingest_place, line, type`;
}

export function copySorted(path: string): string {
  return `COPY (
  SELECT ${LAKE_COLUMNS}
  FROM sorted JOIN series USING (series) JOIN attributes USING (attributes) JOIN ingests USING (ingest)
) TO ${literal(path)} (${PARQUET})`;
}
