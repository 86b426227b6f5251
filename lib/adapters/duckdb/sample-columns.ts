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
import type { Sample } from '../../ingest/sample.ts';
import { VOLUME_SCALE } from '../../ingest/volume.ts';
import { DAY_US } from '../../period/instant.ts';

const PRECISION = 38;
const VOLUME = DECIMAL(PRECISION, VOLUME_SCALE);

interface Column {
  readonly name: string;
  readonly type: DuckDBType;
  readonly of: (sample: Sample, ingest: number) => DuckDBValue;
}

/** What a batch keeps of each row; the lake's own columns are made from these (sample-parts.ts). */
const COLUMNS: readonly Column[] = [
  { name: 'ingest', type: INTEGER, of: (_, ingest) => ingest },
  { name: 'day', type: INTEGER, of: (sample) => Math.floor(sample.time / DAY_US) },
  { name: 'project', type: VARCHAR, of: (sample) => sample.project },
  { name: 'user_id', type: VARCHAR, of: (sample) => sample.userId },
  { name: 'resource', type: VARCHAR, of: (sample) => sample.resource },
  { name: 'meter', type: VARCHAR, of: (sample) => sample.meter },
  { name: 'type', type: VARCHAR, of: (sample) => sample.type },
  { name: 'unit', type: VARCHAR, of: (sample) => sample.unit },
  { name: 'volume', type: VOLUME, of: (sample) => decimalValue(sample.volume) },
  {
    name: 'time',
    type: TIMESTAMP,
    of: (sample) => new DuckDBTimestampValue(BigInt(sample.time)),
  },
  { name: 'class', type: VARCHAR, of: (sample) => sample.class },
  { name: 'deleted', type: BOOLEAN, of: (sample) => sample.attributes.deleted },
  { name: 'shelved', type: BOOLEAN, of: (sample) => sample.attributes.shelved },
  { name: 'state', type: VARCHAR, of: (sample) => sample.attributes.state },
  {
    name: 'size_vcpus',
    type: VOLUME,
    of: (sample) => decimalOrNull(sample.attributes.sizeVcpus),
  },
  {
    name: 'size_memory_mib',
    type: VOLUME,
    of: (sample) => decimalOrNull(sample.attributes.sizeMemoryMib),
  },
  { name: 'source', type: VARCHAR, of: (sample) => sample.source },
  { name: 'message_id', type: VARCHAR, of: (sample) => sample.messageId },
  { name: 'metadata', type: VARCHAR, of: (sample) => sample.attributes.canonical },
  { name: 'row_head', type: VARCHAR, of: (sample) => sample.rowHead },
  { name: 'row_tail', type: VARCHAR, of: (sample) => sample.rowTail },
  { name: 'others', type: VARCHAR, of: (sample) => sample.others },
  { name: 'metered', type: BOOLEAN, of: (sample) => sample.metered },
  { name: 'line', type: BIGINT, of: (sample) => BigInt(sample.line) },
];

export const STAGED_TABLE = `CREATE TABLE staged (${COLUMNS.map(
  ({ name, type }) => `"${name}" ${type.toString()}`,
).join(', ')})`;

export function chunkOf(samples: readonly Sample[], ingest: number): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(COLUMNS.map(({ type }) => type));
  chunk.setColumns(COLUMNS.map(({ of }) => samples.map((sample) => of(sample, ingest))));
  return chunk;
}

function decimalValue(unscaled: bigint): DuckDBDecimalValue {
  return new DuckDBDecimalValue(unscaled, PRECISION, VOLUME_SCALE);
}

function decimalOrNull(unscaled: bigint | null): DuckDBDecimalValue | null {
  return unscaled === null ? null : decimalValue(unscaled);
}
