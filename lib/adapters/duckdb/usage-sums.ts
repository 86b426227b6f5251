import { type FileHandle, open } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { decimalOf, toText } from '../../decimal/decimal.ts';
import type { UsageDimension, UsageSums, UsageSumsRequest } from '../../ports/usage-sums.ts';
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

const EXPRESSIONS: Readonly<Record<UsageDimension, string>> = {
  region: 'region',
  project: 'project',
  resource: 'resource',
  measure: 'measure',
  class: 'class',
  day: "strftime(hour, '%Y-%m-%d')",
  hour: "strftime(hour, '%Y-%m-%dT%H:%M:%SZ')",
};

async function sum(
  connection: DuckDBConnection,
  { usageFiles, by, format }: UsageSumsRequest,
  output: FileHandle,
): Promise<number> {
  const keys = by.map((dimension) => `${EXPRESSIONS[dimension]} AS key_${dimension}`);
  const order = by.map((dimension) => `key_${dimension}`).join(', ');
  const result = await connection.stream(`
    SELECT ${keys.join(', ')}, sum(quantity)::VARCHAR AS quantity
    FROM read_parquet([${usageFiles.map(literal).join(', ')}], hive_partitioning = false)
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
