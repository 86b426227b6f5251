import { tmpdir } from 'node:os';
import { literal, withDatabase } from '../../../lib/adapters/duckdb/database.ts';

/** Columns of a Parquet file as the text of their values, row by row; null where there is none. */
export async function parquetRows(
  file: string,
  columns: readonly string[],
): Promise<Record<string, string | null>[]> {
  const options = { memoryLimitMib: 256, threads: 1, directory: tmpdir() };
  return await withDatabase(options, async (connection) => {
    const texts = columns.map((name) => `CAST("${name}" AS VARCHAR) AS "${name}"`).join(', ');
    const result = await connection.runAndReadAll(
      `SELECT ${texts} FROM read_parquet(${literal(file)})`,
    );
    return result.getRowObjects() as Record<string, string | null>[];
  });
}
