import { canonicalJson } from './canonical-json.ts';
import { isJsonObject, type JsonObject } from './formats/json-object.ts';
import { ObjectRefused } from './refusal.ts';

/** [bucket start, granularity in seconds, value]; the value is null or NaN where there was none. */
export type Measure = readonly [string, number, number | null];

/** Measures of one group of resources, of one metric, or of all. */
export interface MeasureSeries {
  readonly name: string;
  readonly measures: readonly Measure[];
}

const NESTING_MAX = 16;

/**
 * The series in an answer of Gnocchi: plain measures, `{"measures": ..}` of aggregates (under
 * `aggregated`, or by metric id and method), or a list of groups of such.
 * @throws ObjectRefused when it is no such answer
 */
export function seriesOf(body: unknown, line: number): MeasureSeries[] {
  const series = isGroups(body)
    ? body.flatMap(({ group, measures }) =>
        aggregates(measures, canonicalJson(JSON.stringify(group), NESTING_MAX)),
      )
    : aggregates(body, '');
  for (const { measures } of series) {
    if (!measures.every(isMeasure)) throw notAnAnswer(line);
  }
  if (series.length === 0) throw notAnAnswer(line);
  return series as MeasureSeries[];
}

interface Unchecked {
  readonly name: string;
  readonly measures: readonly unknown[];
}

/** Goes down to the lists, however deep they are wrapped; the way there names them. */
function aggregates(value: unknown, name: string): Unchecked[] {
  if (Array.isArray(value)) return [{ name, measures: value }];
  if (!isJsonObject(value)) return [];
  return Object.entries(value)
    .filter(([key]) => key !== 'references' && key !== 'group')
    .flatMap(([key, inner]) => aggregates(inner, key === 'measures' ? name : `${name}/${key}`));
}

function isGroups(
  body: unknown,
): body is readonly (JsonObject & { readonly group: unknown; readonly measures: unknown })[] {
  return (
    Array.isArray(body) &&
    body.length > 0 &&
    body.every((group) => isJsonObject(group) && 'group' in group && 'measures' in group)
  );
}

function isMeasure(value: unknown): value is Measure {
  return (
    Array.isArray(value) &&
    value.length === 3 &&
    typeof value[0] === 'string' &&
    typeof value[1] === 'number' &&
    (typeof value[2] === 'number' || value[2] === null)
  );
}

function notAnAnswer(line: number): ObjectRefused {
  return new ObjectRefused(
    'not_a_gnocchi_answer',
    `The body at line ${line} is no answer of Gnocchi with measures [[time, granularity, value], ...]. Wrap the answer of GET measures or POST aggregates as it came.`,
  );
}
