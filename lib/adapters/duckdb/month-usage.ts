import type { DuckDBConnection } from '@duckdb/node-api';
import { HOUR_US } from '../../period/instant.ts';
import type { MonthUsage, MonthUsageReader, MonthUsageRequest } from '../../ports/month-usage.ts';
import type { UsageRow } from '../../rating/usage-row.ts';
import { type DatabaseOptions, literal, withDatabase } from './database.ts';

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
  const files = usageFiles.map(literal).join(', ');
  await connection.run(
    `CREATE VIEW usage AS SELECT * FROM read_parquet([${files}], hive_partitioning = false)`,
  );
  const last = await connection.runAndReadAll('SELECT epoch_us(max(hour)) FROM usage');
  const lastHour = last.getRows()[0]?.[0] ?? null;
  return {
    through: lastHour === null ? null : Number(lastHour) + HOUR_US,
    rows: rowsOf(connection, byResource),
  };
}

async function* rowsOf(
  connection: DuckDBConnection,
  byResource: ReadonlySet<string>,
): AsyncGenerator<UsageRow> {
  const kept = ['', ...byResource].map(literal).join(', ');
  const result = await connection.stream(`
    SELECT region, project, CASE WHEN measure IN (${kept}) THEN resource END AS resource, measure, class,
      strftime(hour, '%Y-%m-%dT%H:%M:%SZ') AS hour, CAST(sum(quantity) AS VARCHAR) AS quantity
    FROM usage GROUP BY ALL`);
  for await (const rows of result.yieldRows()) {
    for (const [region, project, resource, measure, className, hour, quantity] of rows) {
      yield {
        region: String(region),
        project: String(project),
        ...(resource === null ? {} : { resource: String(resource) }),
        measure: String(measure),
        class: String(className),
        hour: String(hour),
        quantity: String(quantity),
      };
    }
  }
}

async function* noRows(): AsyncGenerator<UsageRow> {}
