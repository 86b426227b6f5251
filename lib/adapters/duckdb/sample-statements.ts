import { literal } from './database.ts';

const ROW_GROUP_ROWS = 61_440;

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
  m := CASE WHEN metadata = 'null' THEN '' ELSE metadata END, o := others)`;

/** The greatest row of an identity counts; among tellings that are the same text, the first. */
const GREATEST_FIRST = `deleted DESC, shelved DESC, volume DESC, project DESC, class DESC, message_id DESC,
  (row_head || metadata || row_tail) DESC, line`;

/** Identities with more than one row: mostly none, and then all else is spared. */
export const FIND_DOUBLES = `
CREATE TABLE doubles AS SELECT ${IDENTITY} FROM samples GROUP BY ALL HAVING count(*) > 1`;

export const ANY_DOUBLES = 'SELECT count(*) FROM doubles';

export const RANK_DOUBLES = `
CREATE TABLE ranked AS
SELECT staged_row, ${IDENTITY}, ${CONTENT} AS content,
  row_number() OVER (PARTITION BY ${IDENTITY} ORDER BY ${GREATEST_FIRST}) AS place
FROM samples SEMI JOIN doubles USING (${IDENTITY})`;

/** Of n rows of an identity with d contents, d - 1 are conflicts and n - d duplicates. */
export const COUNT_DOUBLES = `
SELECT ingest, sum(rows - contents)::BIGINT AS duplicate, sum(contents - 1)::BIGINT AS conflict
FROM (
  SELECT ingest, count(*) AS rows, count(DISTINCT content) AS contents
  FROM ranked GROUP BY ${IDENTITY}
) GROUP BY ingest`;

export const DROP_LOSERS =
  'DELETE FROM staged WHERE rowid IN (SELECT staged_row FROM ranked WHERE place > 1)';

export const COUNT_ACCEPTED = `
SELECT ingest, day, count(*)::BIGINT AS accepted, count(*) FILTER (NOT metered)::BIGINT AS unmetered
FROM staged JOIN series USING (series) GROUP BY ingest, day ORDER BY ingest, day`;

export const LIST_PARTS = `
SELECT region, day, count(*)::BIGINT AS rows
FROM staged JOIN ingests USING (ingest) GROUP BY region, day ORDER BY region, day`;

/** Columns of the lake, in the order of docs/architecture.md (lake schemas, version 1). */
export function copyPart(options: {
  readonly region: string;
  readonly day: number;
  readonly path: string;
}): string {
  return `COPY (
  SELECT region, project, user_id, resource, meter, type, unit, volume, time, class,
    deleted, shelved, state, size_vcpus, size_memory_mib, source, message_id, metadata, row_head, row_tail,
    ingests.id AS ingest_id, line, 1::INTEGER AS schema_version
  FROM samples JOIN ingests USING (ingest)
  WHERE day = ${options.day} AND region = ${literal(options.region)}
  ORDER BY resource, meter, time, message_id, ingest_id, line, type
) TO ${literal(options.path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`;
}
