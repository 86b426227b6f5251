import { mkdir } from 'node:fs/promises';
import type { PartMerger } from '../../ports/part-merger.ts';
import { sha256OfFile } from '../node/file-digest.ts';
import { literal, withDatabase } from './database.ts';

/** Of docs/architecture.md (lake schemas); columns of a later version follow by name. */
const COLUMNS = [
  'region',
  'project',
  'user_id',
  'resource',
  'meter',
  'type',
  'unit',
  'volume',
  'time',
  'held_until',
  'class',
  'deleted',
  'shelved',
  'state',
  'size_vcpus',
  'size_memory_mib',
  'source',
  'message_id',
  'metadata',
  'row_head',
  'row_tail',
  'row_values',
  'ingest_id',
  'line',
  'schema_version',
];
const PARQUET = 'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440';

/** One thread: the bytes hang on nothing but the rows. What does not fit in memory spills. */
export function duckdbPartMerger(options: { readonly memoryLimitMib: number }): PartMerger {
  return {
    async merge({ files, scratchFolder, outputFile }) {
      await mkdir(scratchFolder, { recursive: true });
      const database = { ...options, threads: 1, directory: scratchFolder };
      return await withDatabase(database, async (connection) => {
        const source = `read_parquet([${files.map(literal).join(', ')}], union_by_name = true, hive_partitioning = false)`;
        const described = await connection.runAndReadAll(`DESCRIBE FROM ${source}`);
        const names = described.getRows().map(([name]) => String(name));
        await connection.run(
          `COPY (SELECT ${inOrder(names).join(', ')} FROM ${source}
           ORDER BY resource, meter, time, message_id, ingest_id, line, type) TO ${literal(outputFile)} (${PARQUET})`,
        );
        const counted = await connection.runAndReadAll(
          `SELECT count(*) FROM read_parquet(${literal(outputFile)})`,
        );
        const rows = Number(counted.getRows()[0]?.[0]);
        return { rows, sha256: await sha256OfFile(outputFile) };
      });
    },
  };
}

function inOrder(names: readonly string[]): string[] {
  const present = new Set(names);
  const known = COLUMNS.filter((name) => present.has(name));
  const later = names.filter((name) => !COLUMNS.includes(name)).toSorted();
  return [...known, ...later].map((name) => `"${name}"`);
}
