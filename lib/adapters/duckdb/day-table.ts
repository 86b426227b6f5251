import type { DuckDBConnection } from '@duckdb/node-api';
import {
  ANY_DOUBLES,
  COUNT_DOUBLES,
  countAccepted,
  dropLosers,
  findDoubles,
  rankDoubles,
  sortDay,
} from './sample-statements.ts';

/** Rows of one ingest and day. */
export interface DayCounts {
  readonly accepted: number;
  readonly unmetered: number;
  readonly duplicate: number;
  readonly conflict: number;
}

interface DayScope {
  readonly region: string;
  /** Since 1970. */
  readonly day: number;
  readonly table: string;
}

/** The rows of a region and day, sorted, one per identity and ingest: the greatest (DESIGN section 3). */
export class DayTable {
  readonly region: string;
  readonly day: number;
  readonly table: string;
  readonly rows: number;
  readonly #counts: ReadonlyMap<number, DayCounts>;

  private constructor(scope: DayScope, rows: number, counts: ReadonlyMap<number, DayCounts>) {
    this.region = scope.region;
    this.day = scope.day;
    this.table = scope.table;
    this.rows = rows;
    this.#counts = counts;
  }

  /** Takes the day's rows from the table `staged`. */
  static async create(connection: DuckDBConnection, scope: DayScope): Promise<DayTable> {
    const { table } = scope;
    await connection.run(sortDay(table, scope));
    const lost = await dropDoubles(connection, table);
    const kept = await read<[number, bigint, bigint, bigint]>(connection, countAccepted(table));
    const counts = new Map<number, DayCounts>();
    for (const [ingest, accepted, unmetered] of kept) {
      const [, duplicate = 0n, conflict = 0n] = lost.find(([of]) => of === ingest) ?? [];
      counts.set(ingest, {
        accepted: Number(accepted),
        unmetered: Number(unmetered),
        duplicate: Number(duplicate),
        conflict: Number(conflict),
      });
    }
    const rows = kept.reduce((sum, [, , , count]) => sum + Number(count), 0);
    return new DayTable(scope, rows, counts);
  }

  /** Null when it has none here. */
  countsOf(ingest: number): DayCounts | null {
    return this.#counts.get(ingest) ?? null;
  }
}

type Lost = readonly [ingest: number, duplicate: bigint, conflict: bigint];

async function dropDoubles(connection: DuckDBConnection, table: string): Promise<readonly Lost[]> {
  await connection.run(findDoubles(table));
  const [[doubles = 0n] = []] = await read<[bigint]>(connection, ANY_DOUBLES);
  if (doubles === 0n) return [];
  await connection.run(rankDoubles(table));
  const lost = await read<[number, bigint, bigint]>(connection, COUNT_DOUBLES);
  await connection.run(dropLosers(table));
  return lost;
}

async function read<T extends readonly unknown[]>(
  connection: DuckDBConnection,
  sql: string,
): Promise<readonly T[]> {
  const result = await connection.runAndReadAll(sql);
  return result.getRows() as unknown as readonly T[];
}
