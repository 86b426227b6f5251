import {
  BIGINT,
  BOOLEAN,
  DECIMAL,
  DuckDBDataChunk,
  DuckDBDecimalValue,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  TIMESTAMP,
  VARCHAR,
} from '@duckdb/node-api';
import type { Attributes } from '../../ingest/attributes.ts';
import type { Sample } from '../../ingest/sample.ts';
import { VOLUME_SCALE } from '../../ingest/volume.ts';
import { DAY_US, type InstantUs } from '../../period/instant.ts';

const PRECISION = 38;
const VOLUME = DECIMAL(PRECISION, VOLUME_SCALE);

/** A table that a batch keeps rows in, and how a value of JavaScript becomes a row of it. */
export interface StagingTable<T> {
  readonly name: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: DuckDBType;
    readonly of: (row: T) => DuckDBValue;
  }[];
}

export interface StagedSample {
  readonly ingest: number;
  readonly series: number;
  readonly sample: Sample;
}

export interface StagedSeries {
  readonly series: number;
  readonly attributes: number;
  readonly sample: Sample;
}

export interface StagedAttributes {
  readonly attributes: number;
  readonly values: Attributes;
}

/** What differs from sample to sample. */
export const STAGED: StagingTable<StagedSample> = {
  name: 'staged',
  columns: [
    { name: 'ingest', type: INTEGER, of: ({ ingest }) => ingest },
    { name: 'series', type: INTEGER, of: ({ series }) => series },
    { name: 'day', type: INTEGER, of: ({ sample }) => Math.floor(sample.time / DAY_US) },
    { name: 'volume', type: VOLUME, of: ({ sample }) => decimalValue(sample.volume) },
    {
      name: 'time',
      type: TIMESTAMP,
      of: ({ sample }) => instantValue(sample.time),
    },
    {
      name: 'held_until',
      type: TIMESTAMP,
      of: ({ sample }) => (sample.heldUntil === null ? null : instantValue(sample.heldUntil)),
    },
    { name: 'message_id', type: VARCHAR, of: ({ sample }) => sample.messageId },
    { name: 'row_values', type: VARCHAR, of: ({ sample }) => sample.rowValues },
    { name: 'row_head', type: VARCHAR, of: ({ sample }) => ownRow(sample, sample.rowHead) },
    { name: 'row_tail', type: VARCHAR, of: ({ sample }) => ownRow(sample, sample.rowTail) },
    { name: 'leads', type: BOOLEAN, of: ({ sample }) => sample.leads },
    { name: 'line', type: BIGINT, of: ({ sample }) => BigInt(sample.line) },
  ],
};

/** What the samples of a series have in common. */
export const SERIES: StagingTable<StagedSeries> = {
  name: 'series',
  columns: [
    { name: 'series', type: INTEGER, of: ({ series }) => series },
    { name: 'attributes', type: INTEGER, of: ({ attributes }) => attributes },
    { name: 'project', type: VARCHAR, of: ({ sample }) => sample.project },
    { name: 'user_id', type: VARCHAR, of: ({ sample }) => sample.userId },
    { name: 'resource', type: VARCHAR, of: ({ sample }) => sample.resource },
    { name: 'meter', type: VARCHAR, of: ({ sample }) => sample.meter },
    { name: 'type', type: VARCHAR, of: ({ sample }) => sample.type },
    { name: 'unit', type: VARCHAR, of: ({ sample }) => sample.unit },
    { name: 'class', type: VARCHAR, of: ({ sample }) => sample.class },
    { name: 'source', type: VARCHAR, of: ({ sample }) => sample.source },
    { name: 'metered', type: BOOLEAN, of: ({ sample }) => sample.metered },
    { name: 'head', type: VARCHAR, of: ({ sample }) => rowOfSeries(sample, sample.rowHead) },
    { name: 'tail', type: VARCHAR, of: ({ sample }) => rowOfSeries(sample, sample.rowTail) },
    {
      name: 'others',
      type: VARCHAR,
      of: ({ sample }) => (sample.others === '' ? null : sample.others),
    },
  ],
};

/** What the series of a resource have in common. */
export const ATTRIBUTES: StagingTable<StagedAttributes> = {
  name: 'attributes',
  columns: [
    { name: 'attributes', type: INTEGER, of: ({ attributes }) => attributes },
    { name: 'deleted', type: BOOLEAN, of: ({ values }) => values.deleted },
    { name: 'shelved', type: BOOLEAN, of: ({ values }) => values.shelved },
    { name: 'state', type: VARCHAR, of: ({ values }) => values.state },
    { name: 'size_vcpus', type: VOLUME, of: ({ values }) => decimalOrNull(values.sizeVcpus) },
    {
      name: 'size_memory_mib',
      type: VOLUME,
      of: ({ values }) => decimalOrNull(values.sizeMemoryMib),
    },
    { name: 'metadata', type: VARCHAR, of: ({ values }) => values.canonical },
  ],
};

/** Kept with the sample where its series does not share it. */
function ownRow({ rowValues }: Sample, text: string): string | null {
  return rowValues === null ? text : null;
}

function rowOfSeries({ rowValues }: Sample, text: string): string | null {
  return rowValues === null ? null : text;
}

export function createTable<T>({ name, columns }: StagingTable<T>): string {
  const definitions = columns.map((column) => `"${column.name}" ${column.type.toString()}`);
  return `CREATE TABLE ${name} (${definitions.join(', ')})`;
}

export function chunkOf<T>({ columns }: StagingTable<T>, rows: readonly T[]): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(columns.map(({ type }) => type));
  chunk.setColumns(columns.map(({ of }) => rows.map(of)));
  return chunk;
}

function instantValue(instant: InstantUs): DuckDBTimestampValue {
  return new DuckDBTimestampValue(BigInt(instant));
}

function decimalValue(unscaled: bigint): DuckDBDecimalValue {
  return new DuckDBDecimalValue(unscaled, PRECISION, VOLUME_SCALE);
}

function decimalOrNull(unscaled: bigint | null): DuckDBDecimalValue | null {
  return unscaled === null ? null : decimalValue(unscaled);
}
