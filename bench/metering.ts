/**
 * Metering one day of one region: samples per second and peak memory, beside two figures of the same machine in the same
 * run: a naive window query over the Parquet files of the day (each volume held to the next sample, summed by hour and class,
 * no rules), and the limit, DuckDB scanning and aggregating the files of the three days.
 *
 * Run: node bench/metering.ts [instances, default 500; 8000 is the design size: 28 million samples a day]
 */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { literal, withDatabase } from '../lib/adapters/duckdb/database.ts';
import { duckdbMeteringEngine } from '../lib/adapters/duckdb/day-usage.ts';
import { engineLimits } from '../lib/adapters/duckdb/engine-limits.ts';
import { parseRegion } from '../lib/identifiers.ts';
import { holdRules } from '../lib/metering/hold-rules.ts';
import { defaultSettings } from '../lib/metering/region-settings.ts';
import { type Figures, inFolder, measure, runStep } from './measured-step.ts';

const DAYS = ['2026-10-04', '2026-10-05', '2026-10-06'];
const DAY = '2026-10-05';
/** Memory of the deployed function. */
const FUNCTION_MIB = 3_008;
const POLLS_PER_DAY = 288;
/** Meter, base volume, growth per poll: what Ceilometer polls of an instance every 5 minutes. `memory.usage` is another with each. */
const METERS = [
  ['vcpus', 4, 0],
  ['memory', 8_192, 0],
  ['instance', 1, 0],
  ['disk.root.size', 40, 0],
  ['disk.ephemeral.size', 0, 0],
  ['memory.usage', 3_000, 0],
  ['cpu', 1, 120_000_000_000],
  ['network.outgoing.bytes', 1, 73_400_320],
  ['network.incoming.bytes', 1, 209_715_200],
  ['volume.size', 100, 0],
  ['ip.floating', 1, 0],
  ['power.state', 1, 0],
] as const;

/** Rows as ingest writes them, in parts of six hours. */
async function generate(folder: string, instances: number): Promise<void> {
  await withDatabase({ memoryLimitMib: 2_048, threads: 2, directory: folder }, async (db) => {
    const meters = METERS.map(([name, base, growth]) => `('${name}', ${base}, ${growth})`);
    for (const [index, day] of DAYS.entries()) {
      for (let part = 0; part < 4; part += 1) {
        const polls = POLLS_PER_DAY / 4;
        const first = index * POLLS_PER_DAY + part * polls;
        await db.run(`
          COPY (
            SELECT 'west' AS region, 'project-' || (i % 300) AS project, 'u' AS user_id, md5('r' || i) AS resource, meter,
              'gauge' AS type, '' AS unit, (CASE meter WHEN 'memory.usage' THEN base + (poll * 37 + i * 11) % 997 ELSE base + growth * poll END)::DECIMAL(38,18) AS volume,
              TIMESTAMP '${DAYS[0]}' + INTERVAL (poll * 300 + i % 300) SECOND AS time, NULL::TIMESTAMP AS held_until, 'm1.' || (i % 7) AS class,
              false AS deleted, false AS shelved, 'active' AS state, 4::DECIMAL(38,18) AS size_vcpus,
              8192::DECIMAL(38,18) AS size_memory_mib, 'openstack' AS source, md5(i || meter || poll) AS message_id,
              '{"flavor":{"disk":40,"ephemeral":0,"id":"7","name":"m1","ram":8192,"vcpus":4},"host":"' || md5('h' || i % 80) || '","name":"vm-' || i || '"}' AS metadata,
              '{"counter_name":"' || meter || '","resource_metadata":' AS row_head, ',"message_id":"' || md5(i || meter || poll) || '"}' AS row_tail,
              'ingest-${index}-${part}' AS ingest_id, row_number() OVER () AS line, 2 AS schema_version
            FROM range(${instances}) instance(i), (VALUES ${meters.join(', ')}) meter(meter, base, growth),
              range(${first}, ${first + polls}) polls(poll)
            ORDER BY resource, meter, time
          ) TO ${literal(join(folder, `${day}-${part}.parquet`))} (FORMAT parquet, COMPRESSION zstd)`);
      }
    }
  });
}

function sampleFiles(folder: string, days = DAYS): string[] {
  return days.flatMap((day) => [0, 1, 2, 3].map((part) => join(folder, `${day}-${part}.parquet`)));
}

async function meter(folder: string, instances: number): Promise<void> {
  const region = parseRegion('west');
  await duckdbMeteringEngine(engineLimits(FUNCTION_MIB)).meterDay({
    region,
    date: DAY,
    shard: 0,
    shards: 1,
    generation: 1,
    sampleFiles: sampleFiles(folder),
    sampleRows: instances * METERS.length * POLLS_PER_DAY * DAYS.length,
    holdRules: holdRules(defaultSettings(region), DAY),
    scratchFolder: join(folder, 'spill'),
    usageFile: join(folder, 'usage.parquet'),
  });
}

/** What somebody would write first: each volume times the seconds to the next sample, summed by hour and class. */
async function naive(folder: string): Promise<void> {
  await query(
    folder,
    `SELECT count(*), sum(quantity) FROM (
      SELECT resource, meter, class, date_trunc('hour', time) AS hour, sum(volume * epoch(until - time)) AS quantity
      FROM (
        SELECT resource, meter, class, time, volume, lead(time) OVER (PARTITION BY resource, meter ORDER BY time) AS until
        FROM read_parquet([${sampleFiles(folder, [DAY]).map(literal).join(', ')}]))
      GROUP BY ALL)`,
  );
}

async function scan(folder: string): Promise<void> {
  await query(
    folder,
    `SELECT resource, meter, project, class, date_trunc('hour', time) AS hour, sum(volume::HUGEINT), min(time), max(time), count(*)
      FROM read_parquet([${sampleFiles(folder).map(literal).join(', ')}]) GROUP BY ALL ORDER BY ALL LIMIT 1`,
  );
}

async function query(folder: string, sql: string): Promise<void> {
  const options = { ...engineLimits(FUNCTION_MIB), directory: join(folder, 'spill') };
  await withDatabase(options, async (db) => {
    await db.runAndReadAll(sql);
  });
}

const STEPS = { meter, naive, scan } as const;
type Step = keyof typeof STEPS;

function isStep(word: string): word is Step {
  return word in STEPS;
}

function report(instances: number, folder: string): void {
  const samples = instances * METERS.length * POLLS_PER_DAY;
  const bytes = sampleFiles(folder).reduce((sum, path) => sum + statSync(path).size, 0);
  const [metered, naively, scanned] = (['meter', 'naive', 'scan'] as const).map((step) =>
    measure(fileURLToPath(import.meta.url), [step, folder, instances]),
  ) as [Figures, Figures, Figures];
  const perSecond = ({ seconds }: Figures) => Math.round(samples / seconds).toLocaleString('en');
  console.log(
    `Metering a day of ${instances} instances: ${samples.toLocaleString('en')} samples, and as many on each neighbouring day`,
  );
  console.log(
    `(${(bytes / 2 ** 20).toFixed(0)} MiB of Parquet in ${DAYS.length * 4} parts; a function of ${FUNCTION_MIB} MiB)\n`,
  );
  console.log(
    '| | seconds | CPU seconds | samples of the day/s | peak memory |\n| --- | ---: | ---: | ---: | ---: |',
  );
  for (const [name, figures] of [
    ['metering', metered],
    ['peer: a naive window query over the files of the day', naively],
    ['limit: DuckDB scans and aggregates the files of the three days', scanned],
  ] as const) {
    console.log(
      `| ${name} | ${figures.seconds.toFixed(2)} | ${figures.cpuSeconds.toFixed(2)} | ${perSecond(figures)} | ${figures.peakMib.toFixed(0)} MiB |`,
    );
  }
  const speed = naively.seconds / metered.seconds;
  const cpu = naively.cpuSeconds / metered.cpuSeconds;
  console.log(
    `\nMetering reaches ${speed.toFixed(2)} of the speed of the naive query (${cpu.toFixed(2)} by CPU time).`,
  );
}

async function main(): Promise<void> {
  const [first = '500', folder = '', size = '0'] = process.argv.slice(2);
  if (isStep(first)) return runStep(() => STEPS[first](folder, Number(size)));
  await inFolder(async (own) => {
    mkdirSync(join(own, 'spill'));
    await generate(own, Number(first));
    report(Number(first), own);
  });
}

await main();
