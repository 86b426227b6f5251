import { isOpaqueId } from '../identifiers.ts';
import { canonicalJson } from './canonical-json.ts';
import { isJsonObject, type JsonObject } from './formats/json-object.ts';
import { meterOf, pickMethod } from './gnocchi-choices.ts';
import { ObjectRefused } from './refusal.ts';

/** [bucket start, granularity in seconds, value]; the value is null or NaN where there was none. */
export type Measure = readonly [string, number, number | null];

/** Measures of one group of resources, of one metric, or of all. */
export interface MeasureSeries {
  readonly name: string;
  readonly measures: readonly Measure[];
}

export interface MeasureContext {
  readonly line: number;
  readonly metric: 'cores' | 'ram';
  /** Of measures as they are posted, which say none themselves: seconds for which each holds. */
  readonly postedSeconds: number;
}

const NESTING_MAX = 16;

/**
 * The series in an answer of Gnocchi: plain measures, `{"measures": ..}` of aggregates (under
 * `aggregated`, or by metric id and method), or a list of groups of such; or in measures as they are posted,
 * plain, by metric id, or by resource and metric.
 * @throws ObjectRefused when it is none of these, or does not say which of several is meant
 */
export function seriesOf(body: unknown, context: MeasureContext): MeasureSeries[] {
  const lists = isGroups(body)
    ? body.flatMap(({ group, measures }) => {
        const path = [canonicalJson(JSON.stringify(group), NESTING_MAX)];
        return listsIn(measures, path, context);
      })
    : listsIn(body, [], context);
  const series = ofOneMeter(lists, context).map(({ path, list }) => ({
    name: JSON.stringify(path),
    measures: list.map((measure) => measureOf(measure, context)),
  }));
  if (series.length === 0) throw notAnAnswer(context.line);
  return series;
}

/** Whose measures a series holds: null where it is of no group, or the groups are of something else. */
export function projectOf(name: string): string | null {
  const [group] = JSON.parse(name) as string[];
  if (group === undefined || !group.startsWith('{')) return null;
  const { project_id: project } = JSON.parse(group) as JsonObject;
  return typeof project === 'string' && isOpaqueId(project) ? project : null;
}

interface Listed {
  readonly path: readonly string[];
  readonly list: readonly unknown[];
}

/** Goes down to the lists, however deep they are wrapped; the way there names them. */
function listsIn(value: unknown, path: readonly string[], context: MeasureContext): Listed[] {
  if (Array.isArray(value)) return [{ path, list: value }];
  if (!isJsonObject(value)) return [];
  return pickMethod(Object.entries(value), context)
    .filter(([key]) => key !== 'references' && key !== 'group')
    .flatMap(([key, inner]) => {
      // Groups wrap their measures twice; of measures by resource the key is a wrapping too.
      const isWrapping = key === 'measures';
      return listsIn(inner, isWrapping ? path : [...path, key], context);
    });
}

/** Measures posted by resource and metric name their metrics: only those of what is meant count. */
function ofOneMeter(lists: readonly Listed[], context: MeasureContext): readonly Listed[] {
  const named = lists.filter(({ path, list }) => path.length === 2 && isPosted(list[0]));
  if (named.length === 0 || named.length < lists.length) return lists;
  const meter = meterOf(
    named.map(({ path }) => path[1] ?? ''),
    context,
  );
  return named.filter(({ path }) => path[1] === meter);
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

function measureOf(value: unknown, context: MeasureContext): Measure {
  if (isPosted(value)) return [value.timestamp, context.postedSeconds, value.value];
  if (isMeasure(value)) return value;
  throw notAnAnswer(context.line);
}

function isMeasure(value: unknown): value is Measure {
  return (
    Array.isArray(value) &&
    value.length === 3 &&
    typeof value[0] === 'string' &&
    typeof value[1] === 'number' &&
    isValue(value[2])
  );
}

function isPosted(
  value: unknown,
): value is { readonly timestamp: string; readonly value: number | null } {
  return isJsonObject(value) && typeof value['timestamp'] === 'string' && isValue(value['value']);
}

function isValue(value: unknown): value is number | null {
  return typeof value === 'number' || value === null;
}

function notAnAnswer(line: number): ObjectRefused {
  return new ObjectRefused(
    'not_a_gnocchi_answer',
    `The body at line ${line} is no answer of Gnocchi with measures [[time, granularity, value], ...], and no measures as they are posted. Wrap the answer of GET measures or POST aggregates as it came.`,
  );
}
