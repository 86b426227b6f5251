import type { DuckDBConnection } from '@duckdb/node-api';
import { NOVA_SOURCE } from '../../ingest/nova-source.ts';
import { countOf, literal } from './database.ts';

/**
 * Takes out of `named_chunk` what Nova alone tells of a meter on a day on which others tell of the one
 * that may stand in for it. Nova tells of all meters of an instance at once, and only when something
 * happens: where `vcpus` are polled and `instance` is not, an event would else make the few instants
 * that it tells of all that is known of `instance` on that day. The stand-in has its instant, too.
 */
export async function leaveEventsToStandIns(connection: DuckDBConnection): Promise<void> {
  if ((await countOf(connection, ANY)) === 0) return;
  await connection.run(GIVEN_WAY);
  await connection.run(`
    DELETE FROM named_chunk USING given_way gone
    WHERE gone.resource = named_chunk.resource AND gone.meter = named_chunk.meter AND gone.day = day_of(first_at);
    DROP TABLE given_way`);
}

const OF_NOVA = `source = ${literal(NOVA_SOURCE)}`;
/** Row groups without such rows are not even read. */
const ANY = `FROM (FROM lake_row WHERE ${OF_NOVA} LIMIT 1)`;

const GIVEN_WAY = `
  CREATE OR REPLACE TEMP TABLE given_way AS
    WITH told AS (
      SELECT resource, meter, day_of(time_us) AS day, bool_and(${OF_NOVA}) AS is_of_nova
      FROM lake_row SEMI JOIN (SELECT DISTINCT resource FROM lake_row WHERE ${OF_NOVA}) told_of USING (resource)
      WHERE meter IN (SELECT unnest([target, source]) FROM stand_in)
      GROUP BY ALL)
    SELECT DISTINCT told.resource, told.meter, told.day
    FROM told
    JOIN stand_in ON stand_in.target = told.meter
    JOIN told beside ON beside.resource = told.resource AND beside.meter = stand_in.source AND beside.day = told.day
    WHERE told.is_of_nova AND NOT beside.is_of_nova`;
