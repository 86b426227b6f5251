import { writeFile } from 'node:fs/promises';
import {
  FOCUS_COLUMNS,
  FOCUS_SCALES,
  FOCUS_VERSION,
  type FocusType,
} from '../../billing/export/focus-columns.ts';
import { focusCsv } from '../../billing/export/focus-csv.ts';
import { ProblemError } from '../../errors.ts';
import type { FocusParquet } from '../../ports/focus-parquet.ts';
import { type DatabaseOptions, literal, withDatabase } from './database.ts';

/** As wide as a decimal can be. */
const WIDTH = 38;

const SQL_TYPES: Readonly<Record<FocusType, string>> = {
  text: 'VARCHAR',
  json: 'VARCHAR',
  time: 'TIMESTAMP',
  whole: 'INTEGER',
  amount: `DECIMAL(${WIDTH}, ${FOCUS_SCALES.amount})`,
  cost: `DECIMAL(${WIDTH}, ${FOCUS_SCALES.cost})`,
  price: `DECIMAL(${WIDTH}, ${FOCUS_SCALES.price})`,
  quantity: `DECIMAL(${WIDTH}, ${FOCUS_SCALES.quantity})`,
};

/** FOCUS as Parquet, from the CSV of the same rows: each value is cast from its text, and none goes through a float. */
export function duckdbFocusParquet(
  limits: Pick<DatabaseOptions, 'memoryLimitMib' | 'threads'>,
): FocusParquet {
  return {
    async write({ rows, scratchFolder, outputFile }) {
      const table = `${scratchFolder}/focus.csv`;
      await writeFile(table, focusCsv(rows, { inert: false }));
      const options = { ...limits, directory: scratchFolder };
      await withDatabase(options, async (connection) => {
        await connection.run(copyStatement(table, outputFile)).catch((error: Error) => {
          throw error.message.startsWith('Conversion Error') ? tooLarge(error) : error;
        });
      });
    },
  };
}

function tooLarge({ message }: Error): ProblemError {
  const [first = ''] = message.split('\n');
  return new ProblemError(
    'refused',
    `An amount is too large for the decimals of Parquet, which have ${WIDTH} digits (${first}): take CSV, which has no limit.`,
  );
}

function copyStatement(table: string, outputFile: string): string {
  const texts = FOCUS_COLUMNS.map(({ name }) => `${literal(name)}: 'VARCHAR'`);
  const columns = FOCUS_COLUMNS.map(
    ({ name, type }) => `CAST("${name}" AS ${SQL_TYPES[type]}) AS "${name}"`,
  );
  return `
    COPY (
      SELECT ${columns.join(', ')}
      FROM read_csv(${literal(table)}, header = true, delim = ',', quote = '"', escape = '"',
        nullstr = '', allow_quoted_nulls = false, auto_detect = false, columns = {${texts.join(', ')}})
    ) TO ${literal(outputFile)}
    (FORMAT parquet, COMPRESSION zstd, KV_METADATA {FocusVersion: ${literal(FOCUS_VERSION)}})`;
}
