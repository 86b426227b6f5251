import type { DuckDBConnection } from '@duckdb/node-api';
import type { DayRequest } from '../../ports/metering-engine.ts';
import { literal } from './database.ts';
import { lakeSource } from './day-lake.ts';

/** Rows of three days that are metered at a time: what bounds the memory of a day of any size. */
const SLICE_ROWS = 8_000_000;

/**
 * Conditions that part the resources of the day into ranges of some `sliceRows` rows each; one that is
 * always true where they are few. Nothing of metering looks from one resource at another, and parts are sorted by
 * resource, so that a range reads little of what is not in it.
 */
export async function resourceSlices(
  connection: DuckDBConnection,
  request: DayRequest,
  sliceRows = SLICE_ROWS,
): Promise<string[]> {
  if (request.sampleRows <= sliceRows * request.shards) return ['true'];
  const slices = Math.ceil(request.sampleRows / sliceRows / request.shards);
  const result = await connection.runAndReadAll(`
    SELECT max(resource) AS last
    FROM (
      SELECT resource, (sum(rows) OVER (ORDER BY resource) - 1) * ${slices} // sum(rows) OVER () AS slice
      FROM (SELECT resource, count(*) AS rows FROM ${lakeSource(request)} GROUP BY resource))
    GROUP BY slice ORDER BY last`);
  const last = result.getRows().map(([resource]) => literal(String(resource)));
  return last.map((to, index) => {
    const from = last[index - 1];
    return [
      ...(from === undefined ? [] : [`resource > ${from}`]),
      ...(index === last.length - 1 ? [] : [`resource <= ${to}`]),
      'true',
    ].join(' AND ');
  });
}
