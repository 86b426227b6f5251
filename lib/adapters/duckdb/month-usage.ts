import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBDecimal128Vector,
  DuckDBIntegerVector,
  DuckDBListVector,
} from '@duckdb/node-api';
import { assert } from '../../assert.ts';
import { type Labels, labelsField } from '../../labels.ts';
import { HOUR_US } from '../../period/instant.ts';
import type { MonthUsage, MonthUsageReader, MonthUsageRequest } from '../../ports/month-usage.ts';
import type { UsageSpan } from '../../rating/usage-row.ts';
import { type DatabaseOptions, literal, withDatabase } from './database.ts';

/** Decimals of the lake's quantities. */
const SCALE = 12;

/** Reads usage.parquet files with DuckDB, adding up over resources there: exactly, in whole numbers. */
export function duckdbMonthUsage(
  limits: Pick<DatabaseOptions, 'memoryLimitMib' | 'threads'>,
): MonthUsageReader {
  return {
    async read(request, use) {
      if (request.usageFiles.length === 0) return use({ through: null, rows: noRows() });
      const options = { ...limits, directory: request.scratchFolder };
      return withDatabase(options, async (connection) => use(await open(connection, request)));
    },
  };
}

async function open(
  connection: DuckDBConnection,
  { usageFiles, byResource }: MonthUsageRequest,
): Promise<MonthUsage> {
  const last = await connection.runAndReadAll(
    `SELECT epoch_us(max(hour)) FROM read_parquet([${usageFiles.map(literal).join(', ')}], hive_partitioning = false)`,
  );
  const lastHour = last.getRows()[0]?.[0] ?? null;
  return {
    through: lastHour === null ? null : Number(lastHour) + HOUR_US,
    rows: spansOf(connection, { usageFiles, byResource }),
  };
}

/**
 * File by file, so that DuckDB groups a day at a time, and the next while this one is taken in. Text that crosses
 * from DuckDB to JavaScript is most of the cost, so a key crosses once a file, with its hours and quantities as numbers.
 */
async function* spansOf(
  connection: DuckDBConnection,
  { usageFiles, byResource }: Pick<MonthUsageRequest, 'usageFiles' | 'byResource'>,
): AsyncGenerator<UsageSpan> {
  const kept = ['', ...byResource].map(literal).join(', ');
  const read = (file: string) =>
    connection.run(`
      SELECT region, project, resource, measure, class, labels, list(hour), list(quantity)
      FROM (
        SELECT region, project, CASE WHEN measure IN (${kept}) THEN resource END AS resource, measure, class, labels,
          CAST(epoch_us(hour) // ${HOUR_US} AS INTEGER) AS hour, CAST(sum(quantity) AS DECIMAL(38, ${SCALE})) AS quantity
        FROM (SELECT NULL::VARCHAR AS labels WHERE false UNION ALL BY NAME FROM read_parquet([${literal(file)}], hive_partitioning = false))
        GROUP BY ALL)
      GROUP BY ALL`);
  const [first, ...rest] = usageFiles;
  assert(first !== undefined, 'there is a file to read');
  let reading = read(first);
  for (const file of [...rest, null]) {
    const result = await reading;
    if (file !== null) reading = read(file);
    for (
      let chunk = await result.fetchChunk();
      chunk?.rowCount;
      chunk = await result.fetchChunk()
    ) {
      yield* spansIn(chunk);
    }
  }
}

function* spansIn(chunk: DuckDBDataChunk): Generator<UsageSpan> {
  const [regions, projects, resources, measures, classes, labels, hours, quantities] = Array.from(
    { length: chunk.columnCount },
    (_, column) => chunk.getColumnVector(column),
  );
  assert(hours instanceof DuckDBListVector, 'hours come as lists');
  assert(quantities instanceof DuckDBListVector, 'quantities come as lists');
  for (let row = 0; row < chunk.rowCount; row += 1) {
    const resource = resources?.getItem(row) ?? null;
    yield {
      region: String(regions?.getItem(row)),
      project: String(projects?.getItem(row)),
      ...(resource === null ? {} : { resource: String(resource) }),
      measure: String(measures?.getItem(row)),
      class: String(classes?.getItem(row)),
      ...metadataOf(labels?.getItem(row)),
      hours: hoursIn(hours, row),
      quantities: unscaledIn(quantities, row),
      scale: SCALE,
    };
  }
}

/** Usage of regions that keep no labels has no such column. */
function metadataOf(labels: unknown): { readonly metadata?: Labels } {
  return typeof labels === 'string' && labels !== ''
    ? { metadata: labelsField.parse(JSON.parse(labels)) }
    : {};
}

function hoursIn(list: DuckDBListVector, row: number): number[] {
  const items = list.childVector;
  assert(items instanceof DuckDBIntegerVector, 'an hour is a number');
  return listed(list, row, (place) => items.getItem(place) ?? 0);
}

function unscaledIn(list: DuckDBListVector, row: number): bigint[] {
  const items = list.childVector;
  assert(items instanceof DuckDBDecimal128Vector, 'a quantity is a decimal');
  return listed(list, row, (place) => items.getScaledValue(place) ?? 0n);
}

/** Each item is taken from where all lists lie together: a vector of its own for each would cost as much. */
function listed<T>(list: DuckDBListVector, row: number, itemAt: (place: number) => T): T[] {
  const [first, length] = [list.getEntryOffset(row), list.getEntryLength(row)];
  const items: T[] = [];
  for (let place = first; place < first + length; place += 1) items.push(itemAt(place));
  return items;
}

async function* noRows(): AsyncGenerator<UsageSpan> {}
