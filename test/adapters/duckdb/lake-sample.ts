import { writeFile } from 'node:fs/promises';
import { literal, withDatabase } from '../../../lib/adapters/duckdb/database.ts';
import { decimal, toFixedText } from '../../../lib/decimal/decimal.ts';
import { NO_ATTRIBUTES } from '../../../lib/ingest/attributes.ts';
import { DEFAULT_LIMITS } from '../../../lib/ingest/limits.ts';
import { RowReader } from '../../../lib/ingest/row-reader.ts';
import { rowAsReceived } from '../../../lib/ingest/row-values.ts';
import type { Sample } from '../../../lib/ingest/sample.ts';
import { SampleReader } from '../../../lib/ingest/sample-reader.ts';
import { type Day, dayOf } from '../../../lib/period/calendar.ts';
import { type InstantUs, parseInstant } from '../../../lib/period/instant.ts';

/** A row of a sample part, as metering reads it. */
export interface LakeSample {
  readonly project: string;
  readonly resource: string;
  readonly meter: string;
  readonly volume: bigint;
  readonly time: InstantUs;
  readonly heldUntil: InstantUs | null;
  readonly class: string;
  readonly deleted: boolean;
  readonly shelved: boolean;
  readonly state: string;
  readonly sizeVcpus: bigint | null;
  readonly sizeMemoryMib: bigint | null;
  readonly messageId: string;
  readonly rowHead: string;
  readonly metadata: string;
  readonly rowTail: string;
  readonly ingestId: string;
  readonly line: number;
}

/** A core of an instance at midnight, for tests to change. */
export const LAKE_SAMPLE: LakeSample = {
  project: 'p1',
  resource: 'r1',
  meter: 'vcpus',
  volume: 10n ** 18n,
  time: Date.parse('2026-10-05T00:00:00Z') * 1_000,
  heldUntil: null,
  class: '',
  deleted: false,
  shelved: false,
  state: '',
  sizeVcpus: null,
  sizeMemoryMib: null,
  messageId: 'a',
  rowHead: '{"a":',
  metadata: '{}',
  rowTail: '}',
  ingestId: 'i',
  line: 1,
};

/** Reads an export as ingest does; refused rows are left out. Arrival: the end of 2026. */
export function readExport(content: Uint8Array, ingestId = 'ingest'): LakeSample[] {
  const rows = new RowReader(DEFAULT_LIMITS);
  const samples = new SampleReader(parseInstant('2026-12-31T00:00:00Z') ?? 0, DEFAULT_LIMITS);
  return [...rows.push(content), ...rows.end()].flatMap((row) => {
    if (!('text' in row)) return [];
    try {
      return [toLakeSample(samples.read(row.text, row.line), ingestId)];
    } catch {
      return [];
    }
  });
}

function toLakeSample(sample: Sample, ingestId: string): LakeSample {
  const { attributes } = sample;
  return {
    ...sample,
    rowHead: rowAsReceived({ ...sample, attributes: NO_ATTRIBUTES, rowTail: '' }),
    rowTail: rowAsReceived({ ...sample, attributes: NO_ATTRIBUTES, rowHead: '' }),
    deleted: attributes.deleted,
    shelved: attributes.shelved,
    state: attributes.state,
    sizeVcpus: attributes.sizeVcpus,
    sizeMemoryMib: attributes.sizeMemoryMib,
    metadata: attributes.canonical,
    ingestId,
  };
}

/** Writes sample parts in the lake's schema (docs/architecture.md), without periods that of version 1; rows in the order given. */
export async function writeSampleFiles(
  files: ReadonlyMap<string, readonly LakeSample[]>,
  directory: string,
  { withPeriods = true }: { readonly withPeriods?: boolean } = {},
): Promise<void> {
  await withDatabase({ memoryLimitMib: 512, threads: 1, directory }, async (db) => {
    for (const [path, samples] of files) {
      const lines = samples.map((sample) => JSON.stringify(toColumns(sample)));
      await writeFile(`${path}.jsonl`, lines.join('\n'));
      await db.run(`COPY (SELECT 'west' AS region, 'u' AS user_id, 'gauge' AS type, 'x' AS unit, 'openstack' AS source, * ${withPeriods ? '' : 'EXCLUDE (held_until)'}
        FROM read_json(${literal(`${path}.jsonl`)}, format = 'newline_delimited', columns = {${COLUMNS}}))
        TO ${literal(path)} (FORMAT parquet)`);
    }
  });
}

const COLUMNS = `project: 'VARCHAR', resource: 'VARCHAR', meter: 'VARCHAR', volume: 'DECIMAL(38,18)', time: 'TIMESTAMP', held_until: 'TIMESTAMP', state: 'VARCHAR',
  class: 'VARCHAR', deleted: 'BOOLEAN', shelved: 'BOOLEAN', size_vcpus: 'DECIMAL(38,18)', size_memory_mib: 'DECIMAL(38,18)',
  message_id: 'VARCHAR', row_head: 'VARCHAR', metadata: 'VARCHAR', row_tail: 'VARCHAR', ingest_id: 'VARCHAR', line: 'BIGINT'`;

function toColumns(sample: LakeSample) {
  return {
    project: sample.project,
    resource: sample.resource,
    meter: sample.meter,
    volume: decimalText(sample.volume),
    time: timestamp(sample.time),
    held_until: sample.heldUntil === null ? null : timestamp(sample.heldUntil),
    state: sample.state,
    class: sample.class,
    deleted: sample.deleted,
    shelved: sample.shelved,
    size_vcpus: decimalText(sample.sizeVcpus),
    size_memory_mib: decimalText(sample.sizeMemoryMib),
    message_id: sample.messageId,
    row_head: sample.rowHead,
    metadata: sample.metadata,
    row_tail: sample.rowTail,
    ingest_id: sample.ingestId,
    line: sample.line,
  };
}

function decimalText(unscaled: bigint | null): string | null {
  return unscaled === null ? null : toFixedText(decimal(unscaled, 18));
}

function timestamp(time: InstantUs): string {
  const seconds = new Date(time / 1_000).toISOString().slice(0, 19);
  return `${seconds}.${(time % 1_000_000).toString().padStart(6, '0')}`;
}

/** Sorted, each once: the days that have samples, and the days after, where holds may reach. */
export function daysOf(samples: readonly LakeSample[]): Day[] {
  const days = samples.flatMap(({ time }) =>
    [0, 1].map((step) => dayOf(time + step * 86_400_000_000)),
  );
  return [...new Set(days)].toSorted();
}
