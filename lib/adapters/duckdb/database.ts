import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

export interface DatabaseOptions {
  /** Of DuckDB's own buffers; it spills to `directory` beyond. */
  readonly memoryLimitMib: number;
  readonly threads: number;
  /** Where it spills: a folder of the local disk. */
  readonly directory: string;
}

/**
 * Runs `use` on a fresh in-memory database and closes it whatever happens. UTC throughout, and no
 * extension is ever fetched: parquet, json and icu are built in. `connect` opens further connections, which end
 * with the database.
 */
export async function withDatabase<T>(
  options: DatabaseOptions,
  use: (connection: DuckDBConnection, connect: () => Promise<DuckDBConnection>) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${options.memoryLimitMib}MiB`,
    threads: String(options.threads),
    temp_directory: options.directory,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'true',
  });
  try {
    const connection = await instance.connect();
    try {
      await connection.run("SET TimeZone = 'UTC'");
      return await use(connection, () => instance.connect());
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** A SQL string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** How many rows a query gives, which starts at its `FROM`. */
export async function countOf(connection: DuckDBConnection, from: string): Promise<number> {
  const result = await connection.runAndReadAll(`SELECT count(*) ${from}`);
  return Number(result.getRows()[0]?.[0]);
}
