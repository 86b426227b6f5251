import { type FileHandle, open } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { decimalOf, toText } from '../../decimal/decimal.ts';
import {
  labelIn,
  type USAGE_DIMENSIONS,
  type UsageDimension,
  type UsageSums,
  type UsageSumsRequest,
} from '../../ports/usage-sums.ts';
import { type DatabaseOptions, literal, withDatabase } from './database.ts';

/** Sums usage.parquet files in DuckDB: exactly, as decimals. */
export function duckdbUsageSums(
  limits: Pick<DatabaseOptions, 'memoryLimitMib' | 'threads'>,
): UsageSums {
  return {
    async write(request) {
      const output = await open(request.outputFile, 'w');
      try {
        await output.writeFile(request.format.head);
        if (request.usageFiles.length === 0) return 0;
        const options = { ...limits, directory: request.scratchFolder };
        return await withDatabase(options, (connection) => sum(connection, request, output));
      } finally {
        await output.close();
      }
    },
  };
}

const COLUMNS: Readonly<Record<(typeof USAGE_DIMENSIONS)[number], string>> = {
  region: 'region',
  project: 'project',
  resource: 'resource',
  measure: 'measure',
  class: 'class',
  day: "strftime(hour, '%Y-%m-%d')",
  hour: "strftime(hour, '%Y-%m-%dT%H:%M:%SZ')",
};

function isColumn(dimension: UsageDimension): dimension is keyof typeof COLUMNS {
  return dimension in COLUMNS;
}

/** Labels are JSON, or empty; their names hold nothing that a JSON pointer escapes. */
function expressionOf(dimension: UsageDimension): string {
  if (isColumn(dimension)) return COLUMNS[dimension];
  const pointer = literal(`/${labelIn(dimension) ?? ''}`);
  return `coalesce(json_extract_string(nullif(labels, ''), ${pointer}), '')`;
}

/** Usage of regions that keep no labels has no such column. */
function sourceOf({ usageFiles, by }: Pick<UsageSumsRequest, 'usageFiles' | 'by'>): string {
  const files = `[${usageFiles.map(literal).join(', ')}]`;
  if (by.every(isColumn)) return `read_parquet(${files}, hive_partitioning = false)`;
  return `(SELECT NULL::VARCHAR AS labels WHERE false
    UNION ALL BY NAME FROM read_parquet(${files}, hive_partitioning = false, union_by_name = true))`;
}

async function sum(
  connection: DuckDBConnection,
  { by, format, ...request }: UsageSumsRequest,
  output: FileHandle,
): Promise<number> {
  const keys = by.map((dimension, index) => `${expressionOf(dimension)} AS key_${index}`);
  const order = by.map((_, index) => `key_${index}`).join(', ');
  const result = await connection.stream(`
    SELECT ${keys.join(', ')}, sum(quantity)::VARCHAR AS quantity
    FROM ${sourceOf({ ...request, by })}
    GROUP BY ${order} ORDER BY ${order}`);
  let count = 0;
  for await (const rows of result.yieldRows()) {
    const sums = rows.map((row) => ({
      keys: row.slice(0, -1).map(String),
      quantity: toText(decimalOf(String(row.at(-1)))),
    }));
    await output.writeFile(format.render(sums));
    count += sums.length;
  }
  return count;
}
