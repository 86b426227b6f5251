import { FOCUS_COLUMNS, FOCUS_SCALES, FOCUS_VERSION, type FocusType } from './focus-columns.ts';

/** Counts the changes of our columns. */
const SCHEMA_VERSION = 1;
const SCHEMA_DATE = '2026-11-21T00:00:00Z';
const PRECISION = 38;

/** How a column is told in FOCUS metadata. */
export interface FocusColumnDefinition {
  readonly ColumnName: string;
  readonly DataType: 'STRING' | 'JSON' | 'DATETIME' | 'DECIMAL' | 'INTEGER';
  readonly StringEncoding?: 'UTF-8';
  readonly NumericPrecision?: number;
  readonly NumberScale?: number;
  readonly ProviderTagPrefixes?: readonly string[];
}

/** The metadata that FOCUS wants beside a dataset: its version, and the type and precision of each column. */
export function focusMetadata() {
  return {
    DataGenerator: { DataGenerator: 'Headroom' },
    Schema: {
      SchemaId: `headroom-focus-${FOCUS_VERSION}-${SCHEMA_VERSION}`,
      Name: 'Bills and notes of a month',
      FocusVersion: FOCUS_VERSION,
      CreationDate: SCHEMA_DATE,
      ColumnDefinition: FOCUS_COLUMNS.map(({ name, type }) => definitionOf(name, type)),
    },
  };
}

function definitionOf(name: string, type: FocusType): FocusColumnDefinition {
  const tags = name === 'Tags' ? { ProviderTagPrefixes: ['headroom/'] } : {};
  switch (type) {
    case 'text':
      return { ColumnName: name, DataType: 'STRING', StringEncoding: 'UTF-8' };
    case 'json':
      return { ColumnName: name, DataType: 'JSON', StringEncoding: 'UTF-8', ...tags };
    case 'time':
      return { ColumnName: name, DataType: 'DATETIME' };
    case 'whole':
      return { ColumnName: name, DataType: 'INTEGER' };
    default:
      return {
        ColumnName: name,
        DataType: 'DECIMAL',
        NumericPrecision: PRECISION,
        NumberScale: FOCUS_SCALES[type],
      };
  }
}
