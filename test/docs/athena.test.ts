import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LAKE_TABLES } from '../../infra/constructs/lake-catalogue.ts';
import { literal, withDatabase } from '../../lib/adapters/duckdb/database.ts';
import { dayOfSamples } from '../trust/samples.ts';
import { type TrustServers, trustServers, WEST } from '../trust/world.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../docs/athena.md', import.meta.url)), 'utf8');
/** By the heading that each stands under. */
const QUERIES = new Map(
  [...PAGE.matchAll(/^## (.+)\n+(?:[^`#][^\n]*\n+)*```sql\n([\s\S]+?)```/gm)].map((match) => [
    match[1] ?? '',
    match[2] ?? '',
  ]),
);

let servers: TrustServers;
let folder: string;
let withdrawn: string;

beforeAll(async () => {
  servers = await trustServers();
  const world = await servers.world();
  folder = join(world.folder, 'lake');
  const keys = await world.land({
    'a.jsonl': [...dayOfSamples('a'), 'no sample', '{"name":"vcpus"}'].join('\n'),
    'b.jsonl': dayOfSamples('b').join('\n'),
    'again.jsonl': dayOfSamples('a').slice(0, 40).join('\n'),
    'withdrawn.jsonl': dayOfSamples('w').join('\n'),
  });
  for (const key of keys) await world.deliver([key]);
  const { lake, ledger } = world.ingestPorts;
  withdrawn = (await ledger.findByKey(WEST, keys[3] ?? ''))?.id ?? '';
  await lake.put(
    `retractions/region=west/${withdrawn}.json`,
    Buffer.from(
      JSON.stringify({
        ingestId: withdrawn,
        region: 'west',
        key: keys[3],
        sha256: '',
        days: [],
        reason: 'r',
        actor: 'a',
        retractedAt: 't',
      }),
    ),
  );
  const retractions = { list: async () => [withdrawn] };
  const { meterPartition } = await import('../../lib/metering/meter-partition.ts');
  for (const date of ['2026-10-04', '2026-10-05', '2026-10-06']) {
    await meterPartition({ ...world.meteringPorts, retractions }, { region: WEST, date, shard: 0 });
  }
  for await (const { key } of lake.list('')) {
    const path = join(folder, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, (await lake.get(key)) ?? new Uint8Array());
  }
});
afterAll(() => servers.stop());

/** The tables as Athena would see them: partition columns from the folders' names. */
async function run(sql: string) {
  return await withDatabase(
    { memoryLimitMib: 256, threads: 1, directory: folder },
    async (connection) => {
      for (const [name, table] of Object.entries(LAKE_TABLES)) {
        const depth = table.partitions.map(() => '*').join('/');
        const read = table.format === 'parquet' ? 'read_parquet' : 'read_json';
        const files = literal(
          join(folder, table.folder, depth, table.format === 'parquet' ? '*.parquet' : '*.json*'),
        );
        const columns = [...Object.keys(table.columns), ...table.partitions].map(
          (column) => `"${column}"`,
        );
        // A column that no file has is null to Athena: usage has labels where a region keeps some.
        await connection.run(
          `CREATE VIEW ${name} AS SELECT ${columns.join(', ')} FROM (
            SELECT NULL::VARCHAR AS labels WHERE false
            UNION ALL BY NAME FROM ${read}(${files}, hive_partitioning = true, union_by_name = true))`,
        );
      }
      const result = await connection.runAndReadAll(sql);
      return result.getRowObjectsJson();
    },
  );
}

const answer = (heading: string) => {
  const sql = QUERIES.get(heading);
  if (sql === undefined) throw new Error(`docs/athena.md has no query under "${heading}"`);
  return run(sql);
};

describe('the queries of docs/athena.md', () => {
  it.each([...QUERIES.keys()])('answer on the files of the lake: %s', async (heading) => {
    const rows = await answer(heading);
    expect(rows.length).toBeGreaterThan(0);
    expect(QUERIES.get(heading)).toContain("region = 'west'");
  });

  it('are all there', () => {
    expect(QUERIES.size).toBe(PAGE.match(/^```sql$/gm)?.length);
    expect(QUERIES.size).toBeGreaterThanOrEqual(9);
  });

  it('tell the quantities of record', async () => {
    const rows = await answer('Who used how much in a month');
    // 24 polls 61 minutes apart hold to the next one each, and the last for 5 minutes, of 4 and of 2 cores, twice.
    const hours = (23 * 61 + 5) / 60;
    const cores = rows.filter(({ measure }) => measure === 'cores');
    expect(cores.map(({ project, quantity }) => [project, Number(quantity)])).toEqual([
      ['p1', expect.closeTo(2 * 4 * hours, 9)],
      ['p2', expect.closeTo(2 * 2 * hours, 9)],
    ]);
    const [day] = await answer('The busiest hour of each day');
    expect(Number(day?.['peak_cores'])).toBe(12);
  });

  it('count each reading once, without what was withdrawn', async () => {
    const rows = await answer('What arrived of each meter, by day');
    expect(
      rows.map(({ meter, readings, resources }) => [meter, Number(readings), Number(resources)]),
    ).toEqual([
      ['cpu', 48, 2],
      ['vcpus', 96, 4],
    ]);
    const all = await run(
      `SELECT count(*) AS n FROM samples WHERE ingest_id = ${literal(withdrawn)}`,
    );
    expect(Number(all[0]?.['n'])).toBe(72);
    const refused = await answer('Why rows were refused');
    expect(refused.reduce((sum, { refused: count }) => sum + Number(count), 0)).toBe(2);
  });
});

it('the tables have the columns that the lake has', async () => {
  const columnsOf = async (name: string) => {
    const files = literal(join(folder, name, '**/*.parquet'));
    const rows = await run(`DESCRIBE FROM read_parquet(${files}, hive_partitioning = false)`);
    return Object.fromEntries(
      rows.map(({ column_name: column, column_type: type }) => [column, glueType(String(type))]),
    );
  };
  for (const name of ['samples', 'usage'] as const) {
    const { region: _, ...columns } = await columnsOf(name);
    const { labels, ...always } = LAKE_TABLES[name]?.columns ?? {};
    expect(columns, name).toEqual(always);
    expect(labels).toBe(name === 'usage' ? 'string' : undefined);
  }
});

function glueType(type: string): string {
  const types: Record<string, string> = { VARCHAR: 'string', INTEGER: 'int' };
  return types[type] ?? type.toLowerCase();
}
