import type { DuckDBConnection } from '@duckdb/node-api';
import { countOf } from './database.ts';

/**
 * Of the neighbouring days `named_chunk` has what lies near the day (`near_row`): no poll beyond
 * reaches into it. What does, and what must be known beyond, is looked up here, as a rule for few series,
 * and `metered_row` is all rows that were looked at:
 *
 * - counters that the day has and the near part of a neighbour has not: up to 24 h lie between two samples;
 * - readings over a period, which end near the day whenever they began;
 * - meters that another may stand in for, and that have no sample near the day: they might have one further away.
 */
export async function createNeighbours(
  connection: DuckDBConnection,
  chunksOf: (rows: string) => string,
): Promise<void> {
  await connection.run(WANTED);
  if ((await countOf(connection, 'FROM wanted')) === 0) {
    await connection.run('CREATE OR REPLACE TEMP VIEW metered_row AS FROM near_row');
    return;
  }
  await connection.run(`
    CREATE OR REPLACE TEMP VIEW wanted_row AS ${wantedRows('lake_row')};
    CREATE OR REPLACE TEMP VIEW metered_row AS FROM near_row UNION ALL FROM wanted_row`);
  await connection.run(`INSERT INTO named_chunk ${chunksOf('wanted_row')}`);
}

function wantedRows(rows: string): string {
  return `
    FROM ${rows} SEMI JOIN (FROM wanted WHERE day = -1) wanted USING (resource, meter) WHERE time < near_start()
    UNION ALL
    FROM ${rows} SEMI JOIN (FROM wanted WHERE day = 1) wanted USING (resource, meter) WHERE time >= near_end()`;
}

/** A query of the rows of `metered_row` with their text. */
export function meteredTextRows(): string {
  return `
    FROM lake_text_row WHERE time >= near_start() AND time < near_end()
    UNION ALL ${wantedRows('lake_text_row')}`;
}

const WANTED = `
  CREATE OR REPLACE TEMP TABLE near_presence AS
    SELECT DISTINCT resource, meter, type, day_of(first_at) AS day FROM named_chunk JOIN meter USING (meter);
  CREATE OR REPLACE TEMP TABLE period AS
    SELECT DISTINCT resource, meter, -1::TINYINT AS day FROM lake_row
    WHERE held_until >= near_start() AND time < near_start();
  CREATE OR REPLACE TEMP TABLE wanted AS
    SELECT resource, meter, beside.day
    FROM near_presence, (VALUES (-1::TINYINT), (1::TINYINT)) beside(day)
    WHERE type = 'cumulative' AND near_presence.day = 0
      AND NOT EXISTS (FROM near_presence near WHERE near.resource = near_presence.resource AND near.meter = near_presence.meter AND near.day = beside.day)
    UNION
    FROM period
    UNION
    SELECT resource, target, day
    FROM (SELECT resource, meter, day FROM near_presence WHERE day <> 0 UNION FROM period) source
    JOIN stand_in ON stand_in.source = source.meter
    WHERE NOT EXISTS (FROM near_presence near WHERE near.resource = source.resource AND near.meter = target AND near.day = source.day);
`;
