import { type DuckDBConnection, DuckDBDecimalValue } from '@duckdb/node-api';
import { assert } from '../../assert.ts';
import { decimalOf, toText } from '../../decimal/decimal.ts';
import { isConfigured, type MeterTable } from '../../metering/meter-table.ts';
import type {
  LakeRow,
  ResourceSamples,
  ResourceSamplesRequest,
} from '../../ports/resource-samples.ts';
import { classOf } from './configured-meters.ts';
import { type DatabaseOptions, literal, withDatabase } from './database.ts';
import { lakeSource } from './day-lake.ts';
import { asReceived } from './row-as-received.ts';

/**
 * Reads the samples of one resource. Parts are sorted by resource, so DuckDB skips all row groups but
 * those that may have it.
 */
export function duckdbResourceSamples(
  limits: Pick<DatabaseOptions, 'memoryLimitMib' | 'threads'>,
): ResourceSamples {
  return {
    async read(request) {
      if (request.sampleFiles.length === 0 || request.names.length === 0) return [];
      const options = { ...limits, directory: request.scratchFolder };
      return withDatabase(options, (connection) => readRows(connection, request));
    },
    async readUsage({ usageFiles, scratchFolder, ...of }) {
      if (usageFiles.length === 0) return [];
      const files = usageFiles.map(literal).join(', ');
      return withDatabase({ ...limits, directory: scratchFolder }, async (connection) => {
        const result = await connection.runAndReadAll(`
          SELECT project, class, sum(quantity)::VARCHAR, max(generation)
          FROM read_parquet([${files}], hive_partitioning = false)
          WHERE region = ${literal(of.region)} AND resource = ${literal(of.resource)}
            AND measure = ${literal(of.measure)} AND hour = make_timestamp(${of.hour})
          GROUP BY project, class ORDER BY project, class`);
        return result.getRows().map(([project, className, quantity, generation]) => ({
          project: String(project),
          class: String(className),
          quantity: toText(decimalOf(String(quantity))),
          generation: Number(generation),
        }));
      });
    },
  };
}

async function readRows(
  connection: DuckDBConnection,
  request: ResourceSamplesRequest,
): Promise<readonly LakeRow[] | null> {
  const { resource, from, to, rowsMax, meters } = request;
  const names = request.names.map(literal).join(', ');
  const lake = lakeSource(request);
  const result = await connection.runAndReadAll(`
    SELECT project, coalesce(user_id, ''), resource, meter, coalesce(type, ''), coalesce(unit, ''), volume, epoch_us(time), epoch_us(held_until),
      coalesce(class, ''), ${pathClass(meters)}, deleted, shelved, coalesce(state, ''), size_vcpus, size_memory_mib,
      coalesce(source, ''), coalesce(message_id, ''), metadata, ${asReceived('row_head')}, ${asReceived('row_tail')}, ingest_id, line
    FROM ${lake}
    WHERE resource = ${literal(resource)} AND meter IN (${names})
      AND time >= make_timestamp(${from}) AND time < make_timestamp(${to})
    LIMIT ${rowsMax + 1}`);
  const rows = result.getRows();
  if (rows.length > rowsMax) return null;
  const leading = rows.some((row) => isFollowing(String(row[19]), String(row[20])))
    ? await readLeading(connection, lake, resource)
    : new Map<string, string>();
  return rows.map((row) => rowOf(row, leading));
}

function pathClass(meters: MeterTable): string {
  const cases = [...meters.byName].flatMap(([name, meter]) =>
    isConfigured(meter) ? [`WHEN ${literal(name)} THEN ${classOf(meter.classFrom)}`] : [],
  );
  return cases.length === 0 ? 'NULL' : `CASE meter ${cases.join(' ')} END`;
}

/** Of the samples that one row gives, the first has the row (lib/ingest/derived-sample.ts). */
const LEADING_HEAD = '{"from":';
const LEADING_END = ',"metadata":';

function isFollowing(head: string, tail: string): boolean {
  return head === '{"metadata":' && tail === '}';
}

async function readLeading(
  connection: DuckDBConnection,
  lake: string,
  resource: string,
): Promise<ReadonlyMap<string, string>> {
  const result = await connection.runAndReadAll(`
    SELECT ingest_id, line, ${asReceived('row_head')} AS head FROM ${lake}
    WHERE resource = ${literal(resource)} AND starts_with(head, ${literal(LEADING_HEAD)})`);
  return new Map(
    result
      .getRows()
      .map(([ingestId, line, head]) => [`${ingestId} ${line}`, receivedOf(String(head))] as const),
  );
}

function receivedOf(head: string): string {
  return head.slice(LEADING_HEAD.length, -LEADING_END.length);
}

function rowOf(values: readonly unknown[], leading: ReadonlyMap<string, string>): LakeRow {
  const text = (index: number): string => String(values[index] ?? '');
  const [metadata, head, tail] = [text(18), text(19), text(20)];
  const place = `${text(21)} ${text(22)}`;
  const canonical = head + metadata + tail;
  return {
    project: text(0),
    userId: text(1),
    resource: text(2),
    meter: text(3),
    type: text(4),
    unit: text(5),
    volume: unscaled(values[6]) ?? 0n,
    time: Number(values[7]),
    heldUntil: values[8] === null ? null : Number(values[8]),
    class: text(9),
    pathClass: values[10] === null ? null : text(10),
    deleted: values[11] === true,
    shelved: values[12] === true,
    state: text(13),
    sizeVcpus: unscaled(values[14]),
    sizeMemoryMib: unscaled(values[15]),
    source: text(16),
    messageId: text(17),
    metadata,
    canonical,
    received: isFollowing(head, tail)
      ? (leading.get(place) ?? null)
      : head.startsWith(LEADING_HEAD) && tail === '}'
        ? receivedOf(head)
        : canonical,
    ingestId: text(21),
    line: Number(values[22]),
  };
}

/** DECIMAL(38,18) as a whole number of 10^-18. */
function unscaled(value: unknown): bigint | null {
  if (value === null || value === undefined) return null;
  assert(value instanceof DuckDBDecimalValue, 'a decimal of DuckDB is read as one');
  return value.value;
}
