import { isConfigured, type MeterTable } from '../../metering/meter-table.ts';
import type { ClassSource, Meter } from '../../metering/meters.ts';
import { literal } from './database.ts';
import { labelledClass } from './day-labels.ts';

/**
 * What an operator configures may come after the samples, so the lake has those as they were received:
 * under any name of the meter, of any type and unit, and without a class. These fragments of SQL read
 * them by the configuration that stands; where nothing is configured, they are nothing.
 */
export interface ConfiguredSql {
  /** Joins `lake` with `meter`. */
  readonly join: string;
  /** Conditions on rows that are of their meter's type and unit. */
  readonly fits: readonly string[];
  /** A column `, ... AS path_class` of `lake_row`, who pays beside the project: null for built-in meters, unless there are labels. */
  readonly column: string;
  /** `, path_class`, where there is that column. */
  readonly key: string;
}

const NOTHING: ConfiguredSql = {
  join: 'JOIN meter ON meter.meter = lake.meter',
  fits: [],
  column: '',
  key: '',
};

/** @param labels keys of metadata that are kept with usage, sorted */
export function configuredSql(meters: MeterTable, labels: readonly string[] = []): ConfiguredSql {
  const configured = meters.all.filter(isConfigured);
  const plain = configured.length === 0 ? NOTHING : ofConfigured(configured);
  if (labels.length === 0) return plain;
  const own = "coalesce(lake.class, '')";
  const ofClass = configured.length === 0 ? own : `coalesce(${pathClass(configured)}, ${own})`;
  return {
    ...plain,
    column: `, ${labelledClass(ofClass)} AS path_class`,
    key: ', path_class',
  };
}

function ofConfigured(configured: readonly Meter[]): ConfiguredSql {
  return {
    join: `JOIN meter_name ON meter_name.name = lake.meter JOIN meter ON meter.meter = meter_name.meter`,
    fits: [fitting(configured)],
    column: `, ${pathClass(configured)} AS path_class`,
    key: ', path_class',
  };
}

/** Every name of every meter. */
export function meterNames(meters: MeterTable): string {
  const names = [...meters.byName].map(
    ([name, { name: meter }]) => `(${literal(name)}, ${literal(meter)})`,
  );
  return `CREATE TEMP TABLE meter_name (name VARCHAR, meter VARCHAR); INSERT INTO meter_name VALUES ${names.join(', ')};`;
}

/** Rows of the meters whose type or unit is another. */
export function misfitting(meters: MeterTable): string {
  return `NOT (${fitting(meters.all.filter(isConfigured))})`;
}

function fitting(configured: readonly Meter[]): string {
  const cases = configured.map(
    ({ name, type, units }) =>
      `WHEN ${literal(name)} THEN coalesce(lake.type = ${literal(type)} AND lake.unit IN (${units.map(literal).join(', ')}), false)`,
  );
  return `CASE meter.meter ${cases.join(' ')} ELSE true END`;
}

function pathClass(configured: readonly Meter[]): string {
  const cases = configured.map(
    ({ name, classFrom }) => `WHEN ${literal(name)} THEN ${classOf(classFrom)}`,
  );
  return `CASE meter.meter ${cases.join(' ')} END`;
}

/** The class that metadata names: empty where there is none, and where it is no JSON object. */
export function classOf(source: ClassSource | null): string {
  if (source === null) return "''";
  const texts = pointersOf(source).map(textAt);
  return `CASE WHEN starts_with(metadata, '{') AND json_valid(metadata) THEN coalesce(${texts.join(', ')}, '') ELSE '' END`;
}

/** Nested as publishers write it, then flat as the old API does. As JSON pointers: a key may hold anything. */
function pointersOf(source: ClassSource): readonly string[] {
  if (source === 'flavor') return ['/flavor/name', '/flavor.name', '/instance_type'];
  if (source === 'volume_type') return ['/volume_type'];
  const keys = source.path.map((key) => key.replaceAll('~', '~0').replaceAll('/', '~1'));
  return keys.length === 1 ? [`/${keys[0]}`] : [`/${keys.join('/')}`, `/${keys.join('.')}`];
}

/** Text and numbers; the old API writes Python's None as text. */
function textAt(pointer: string): string {
  const at = `metadata, ${literal(pointer)}`;
  return `CASE WHEN json_type(${at}) IN ('VARCHAR', 'BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT', 'DOUBLE')
    THEN nullif(nullif(json_extract_string(${at}), ''), 'None') END`;
}
