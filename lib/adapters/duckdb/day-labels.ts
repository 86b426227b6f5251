import { LABEL_VALUE_BYTES_MAX } from '../../labels.ts';
import { literal } from './database.ts';

/**
 * Labels decide who pays as the class does, so within a day they go with it: in a region that keeps labels, a
 * class has the labels of its sample before it, as JSON and the character 31, which no JSON has. Other regions
 * have classes alone.
 */
const SEPARATOR = 'chr(31)';

/** @param ofClass the class of a row that `labelJoin` was joined to */
export function labelledClass(ofClass: string): string {
  return `coalesce(labels, '') || ${SEPARATOR} || ${ofClass}`;
}

/** Joins `lake` with its labels, after `labelTable`; nothing without labels. */
export function labelJoin(labels: readonly string[]): string {
  return labels.length === 0 ? '' : 'LEFT JOIN metadata_label ON labelled_metadata = lake.metadata';
}

/** Macros that take a class apart again: `class_in(x)` and `labels_in(x)`, empty without labels. */
export function labelMacros(labels: readonly string[]): string {
  const [ofClass, ofLabels] =
    labels.length === 0
      ? ['x', "''"]
      : [`substr(x, strpos(x, ${SEPARATOR}) + 1)`, `substr(x, 1, strpos(x, ${SEPARATOR}) - 1)`];
  return `
    CREATE TEMP MACRO class_in(x) AS ${ofClass};
    CREATE TEMP MACRO labels_in(x) AS ${ofLabels};`;
}

/**
 * `metadata_label`: the labels of each metadata that the rows have, JSON with sorted keys; of none no row. Samples
 * mostly repeat the metadata of the one before, so reading the JSON of what is distinct is a fraction of reading all.
 *
 * @param rows a query of rows with `metadata`
 */
export function labelTable(labels: readonly string[], rows: string): string {
  const pointers = `[${labels.flatMap(placesOf).map(literal).join(', ')}]`;
  const values = labels.map((_, index) => `${valueAt(index)} AS label_${index}`);
  const members = labels.map(
    (key, index) => `${literal(`${JSON.stringify(key)}:`)} || to_json(label_${index})::VARCHAR`,
  );
  return `
    CREATE OR REPLACE TEMP TABLE labelled AS
      SELECT metadata, json_extract_string(metadata, ${pointers}) AS label_texts, json_type(metadata, ${pointers}) AS label_types
      FROM (SELECT DISTINCT metadata FROM (${rows}) WHERE starts_with(metadata, '{') AND json_valid(metadata));
    CREATE OR REPLACE TEMP TABLE metadata_label AS
      SELECT metadata AS labelled_metadata, '{' || members || '}' AS labels
      FROM (SELECT metadata, concat_ws(',', ${members.join(', ')}) AS members FROM (SELECT metadata, ${values.join(', ')} FROM labelled))
      WHERE members <> '';
    DROP TABLE labelled;`;
}

const PLACES = 6;

/** Where OpenStack puts what users say of a resource, nested and flat; then the key itself. */
function placesOf(key: string): readonly string[] {
  const nested = ['user_metadata', 'metadata'].flatMap((of) => [`/${of}/${key}`, `/${of}.${key}`]);
  return [...nested, `/metering.${key}`, `/${key}`];
}

/** The first of the places that has text or a number; the old API writes Python's None as text. Longer text is none. */
function valueAt(label: number): string {
  const texts = Array.from({ length: PLACES }, (_, place) => {
    const at = label * PLACES + place + 1;
    const isText = `label_types[${at}] IN ('VARCHAR', 'BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT', 'DOUBLE')`;
    const text = `label_texts[${at}]`;
    return `CASE WHEN ${isText} AND strlen(${text}) BETWEEN 1 AND ${LABEL_VALUE_BYTES_MAX} AND ${text} <> 'None' THEN ${text} END`;
  });
  return `coalesce(${texts.join(', ')})`;
}
