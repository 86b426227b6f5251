import type { DuckDBConnection } from '@duckdb/node-api';
import type { DayRequest } from '../../ports/metering-engine.ts';
import type { ConfiguredSql } from './configured-meters.ts';
import { countOf } from './database.ts';
import { stateOf } from './day-chunks.ts';
import { rowText } from './day-lake.ts';
import { meteredTextRows } from './day-neighbours.ts';

interface RowSql {
  readonly request: DayRequest;
  readonly configured: ConfiguredSql;
}

/**
 * Fills `taken`: the samples of chunks that are no single reading, and of all rows with one identity
 * the one that counts (DESIGN section 3: the greatest by deleted, shelved, volume, project, class,
 * message id, the row as received; then by the end of its period). `place` ranks project and class.
 */
export async function createRows(connection: DuckDBConnection, sql: RowSql): Promise<void> {
  await connection.run(`
    CREATE OR REPLACE TEMP MACRO payer_of(known, project) AS CASE WHEN known IS NULL THEN project END;
    CREATE OR REPLACE TEMP TABLE taken AS ${takenRows(sql)}
      WHERE chunk.type = 'gauge' OR chunk.day = 0 OR time_us = edge`);
  const doubtful = await countOf(connection, 'FROM taken WHERE NOT is_unique');
  if (doubtful > 0) await settle(connection, sql);
}

/** @param rows a query of the rows of `metered_row` */
function takenRows({ request, configured }: RowSql, rows = 'FROM metered_row'): string {
  const pathClass = configured.key === '' ? 'class' : 'coalesce(path_class, class)';
  return `
    SELECT chunk.series, chunk.type, coalesce(chunk.payer, ranked.payer) AS place, coalesce(chunk.payer, charged.payer) AS payer,
      metered_row.time_us, metered_row.volume, metered_row.deleted, metered_row.shelved,
      CASE WHEN chunk.is_sized THEN metered_row.size_vcpus END AS size_vcpus,
      CASE WHEN chunk.is_sized THEN metered_row.size_memory_mib END AS size_memory_mib,
      ${stateOf(request, 'metered_row') ?? "''"} AS state, metered_row.held_until_us, is_unique
    FROM (SELECT *, ${pathClass} AS charged_class FROM (${rows})) metered_row
    JOIN series USING (resource, meter)
    JOIN (FROM chunk WHERE has_rows) chunk
      ON chunk.series = series.series AND chunk.hour = hour_of(metered_row.time_us) AND chunk.slot = slot_of(metered_row.time_us, slot_us)
    LEFT JOIN payer ranked ON ranked.project = payer_of(chunk.payer, metered_row.project) AND ranked.class = metered_row.class
    LEFT JOIN payer charged ON charged.project = payer_of(chunk.payer, metered_row.project) AND charged.class = charged_class`;
}

/**
 * Numbers decide first. Rows that agree in them and differ in what metering makes of them are told
 * apart by their text, as UTF-8 bytes (DuckDB's order of VARCHAR), which is read for these few alone.
 */
async function settle(connection: DuckDBConnection, sql: RowSql): Promise<void> {
  await connection.run(`
    CREATE OR REPLACE TEMP TABLE doubtful AS
      SELECT rowid AS id, series, time_us, row_number() OVER greatest_first AS number, rank() OVER greatest_first AS rank
      FROM taken WHERE NOT is_unique
      WINDOW greatest_first AS (
        PARTITION BY series, time_us ORDER BY deleted DESC, shelved DESC, volume DESC, place DESC);
    CREATE OR REPLACE TEMP TABLE tie AS
      SELECT series, time_us
      FROM (FROM doubtful WHERE rank = 1) greatest JOIN taken USING (series, time_us)
      WHERE taken.rowid = id
      GROUP BY ALL HAVING count(DISTINCT (payer, size_vcpus, size_memory_mib, state, held_until_us)) > 1;
    DELETE FROM taken WHERE rowid IN (SELECT id FROM doubtful WHERE number > 1);
    DROP TABLE doubtful;
  `);
  if ((await countOf(connection, 'FROM tie')) === 0) return;
  const withText = `SELECT *, ${rowText()} AS row_text FROM (${meteredTextRows()})`;
  await connection.run(`
    DELETE FROM taken USING tie WHERE tie.series = taken.series AND tie.time_us = taken.time_us;
    INSERT INTO taken ${takenRows(sql, withText)}
      JOIN tie ON tie.series = series.series AND tie.time_us = metered_row.time_us
      QUALIFY row_number() OVER (
        PARTITION BY series.series, metered_row.time_us
        ORDER BY metered_row.deleted DESC, metered_row.shelved DESC, metered_row.volume DESC, metered_row.project DESC, metered_row.class DESC,
          message_id DESC, row_text DESC, metered_row.held_until_us DESC NULLS LAST) = 1`);
}
