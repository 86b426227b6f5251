import { literal, withDatabase } from '../../../lib/adapters/duckdb/database.ts';

export interface StoredUsage {
  readonly region: string;
  readonly project: string;
  readonly resource: string;
  readonly measure: string;
  readonly class: string;
  /** `2026-10-05T10:00:00Z` */
  readonly hour: string;
  readonly quantity: string;
  /** JSON with sorted keys, or empty; files in which no row has any have no such column. */
  readonly labels?: string;
}

/** Writes a usage.parquet with the columns of docs/architecture.md. */
export async function writeUsageFile(
  path: string,
  rows: readonly StoredUsage[],
  directory: string,
): Promise<void> {
  const values = rows
    .map(
      (row) =>
        `(${[row.region, row.project, row.resource, row.measure, row.class].map(literal).join(', ')}, TIMESTAMP ${literal(row.hour)}, ${row.quantity}::DECIMAL(38,12), 1::BIGINT, ${literal(row.labels ?? '')})`,
    )
    .join(', ');
  const isLabelled = rows.some(({ labels }) => labels !== undefined);
  const columns = 'region, project, resource, measure, class, hour, quantity, generation, labels';
  const limits = { memoryLimitMib: 256, threads: 1, directory };
  await withDatabase(limits, async (connection) => {
    await connection.run(
      `CREATE TABLE rows (region VARCHAR, project VARCHAR, resource VARCHAR, measure VARCHAR, class VARCHAR, hour TIMESTAMP, quantity DECIMAL(38,12), generation BIGINT, labels VARCHAR)`,
    );
    if (rows.length > 0) await connection.run(`INSERT INTO rows (${columns}) VALUES ${values}`);
    if (!isLabelled) await connection.run('ALTER TABLE rows DROP COLUMN labels');
    await connection.run(`COPY rows TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`);
  });
}
