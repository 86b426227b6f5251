/**
 * A region's nightly survey (what instances use of what they hold, what could be given back, how far hosts may be
 * overcommitted): instances per second and peak memory, by the code of the function `survey` over a lake on the local disk.
 * Beside it the limit, of the same machine in the same run: DuckDB scans and aggregates the same columns of the same files.
 *
 * Run: node bench/survey.ts [instances, default 1000] [days, default 3]
 */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { literal, withDatabase } from '../lib/adapters/duckdb/database.ts';
import { engineLimits } from '../lib/adapters/duckdb/engine-limits.ts';
import { duckdbSurveyEngine } from '../lib/adapters/duckdb/survey-engine.ts';
import { memoryCapacityStore } from '../lib/adapters/memory/capacity-store.ts';
import { memoryConfigStore } from '../lib/adapters/memory/config-store.ts';
import { memoryLakeIndex } from '../lib/adapters/memory/lake-index.ts';
import { memoryRetractions } from '../lib/adapters/memory/retractions.ts';
import { memorySurveyStore } from '../lib/adapters/memory/survey-store.ts';
import { scratchFolder } from '../lib/adapters/node/scratch-folder.ts';
import { parseRegion } from '../lib/identifiers.ts';
import { usageKey } from '../lib/metering/lake-keys.ts';
import { addDays, type Day } from '../lib/period/calendar.ts';
import { surveyRegion } from '../lib/planning/survey-region.ts';
import { folderStore } from './folder-store.ts';
import { type Figures, inFolder, measure, runStep } from './measured-step.ts';

const WEST = parseRegion('west');
const LAST: Day = '2026-11-20';
const NOW = new Date('2026-11-21T02:00:00Z');
/** Memory of the deployed function. */
const FUNCTION_MIB = 3_008;
const POLLS_PER_DAY = 288;
const INSTANCES_A_HOST = 25;
/** Meter and type: what the survey reads of an instance. */
const METERS = [
  ['vcpus', 'gauge'],
  ['memory', 'gauge'],
  ['memory.usage', 'gauge'],
  ['cpu', 'cumulative'],
] as const;

const keyOf = (day: Day) => `samples/region=west/date=${day}/x.parquet`;
const daysOf = (count: number) =>
  Array.from({ length: count }, (_, back) => addDays(LAST, back + 1 - count));

/** A tenth of the instances idle, three tenths oversized; every twentieth is stopped. */
async function generate(lake: string, instances: number, days: readonly Day[]): Promise<void> {
  const meters = METERS.map(([name, type]) => `('${name}', '${type}')`).join(', ');
  const polls = POLLS_PER_DAY;
  await withDatabase({ memoryLimitMib: 1_024, threads: 2, directory: lake }, async (db) => {
    for (const [index, day] of days.entries()) {
      const path = join(lake, keyOf(day));
      mkdirSync(join(path, '..'), { recursive: true });
      await db.run(`
        COPY (
          SELECT 'west' AS region, 'project-' || (i % 300) AS project, 'u' AS user_id, md5('r' || i) AS resource, meter, type, '' AS unit,
            (CASE meter WHEN 'vcpus' THEN 4 WHEN 'memory' THEN 8192 WHEN 'memory.usage' THEN 1000 + (poll * 37 + i * 11) % 3000
              ELSE (${index * polls} + poll) * 12e9 * (CASE WHEN i % 10 = 0 THEN 1 WHEN i % 10 < 4 THEN 12 ELSE 70 END) END)::DECIMAL(38,18) AS volume,
            TIMESTAMP '${day}' + INTERVAL (poll * 300 + i % 300) SECOND AS time, NULL::TIMESTAMP AS held_until, 'm1.large' AS class,
            false AS deleted, false AS shelved, CASE i % 20 WHEN 7 THEN 'stopped' ELSE 'active' END AS state, 4::DECIMAL(38,18) AS size_vcpus,
            8192::DECIMAL(38,18) AS size_memory_mib, 'openstack' AS source, md5(i || meter || poll) AS message_id,
            '{"flavor":{"name":"m1.large","ram":8192,"vcpus":4},"instance_host":"compute-' || i // ${INSTANCES_A_HOST} || '","name":"vm-' || i || '"}' AS metadata,
            '' AS row_head, '' AS row_tail, '' AS row_values, 'ingest-${index}' AS ingest_id, row_number() OVER () AS line, 2 AS schema_version
          FROM range(${instances}) instance(i), (VALUES ${meters}) meter(meter, type), range(${polls}) polls(poll)
          ORDER BY resource, meter, time
        ) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`);
    }
    const usage = join(lake, usageKey({ region: WEST, date: LAST, shard: 0 }));
    mkdirSync(join(usage, '..'), { recursive: true });
    await db.run(`
      COPY (
        SELECT 'west' AS region, 'project-' || (i % 300) AS project, md5('r' || i) AS resource, measure, 'm1.large' AS class,
          TIMESTAMP '${LAST}' + INTERVAL (hour) HOUR AS hour, quantity::DECIMAL(38,12) AS quantity, 1::BIGINT AS generation
        FROM range(${instances}) instance(i), (VALUES ('cores', 4), ('ram', 8)) held(measure, quantity), range(24) hours(hour)
        ORDER BY project, resource, measure, hour
      ) TO ${literal(usage)} (FORMAT parquet, COMPRESSION zstd)`);
  });
}

async function cloudOf(lake: string, instances: number, days: readonly Day[]) {
  const ports = {
    configuration: memoryConfigStore(),
    capacity: memoryCapacityStore(),
    lakeIndex: memoryLakeIndex(),
    retractions: memoryRetractions(),
    lake: folderStore(lake),
    surveys: memorySurveyStore(),
    engine: duckdbSurveyEngine(engineLimits(FUNCTION_MIB)),
    scratch: scratchFolder(),
    now: () => NOW,
  };
  await ports.lakeIndex.add(
    days.map((date) => ({ region: WEST, date, key: keyOf(date), rows: instances })),
  );
  const price = { model: 'unit', unitPrice: '0.01' };
  const rules = ['cores', 'ram'].map((measure) => ({ id: measure, measure, price }));
  const card = { id: 'c', currency: 'EUR', effectiveFrom: '2026-01-01', rules };
  const small = { name: 'm1.small', vcpus: 2, ramMib: 8_192 };
  for (const [kind, id, body] of [
    ['rate-card', 'c', card],
    ['region-settings', 'west', { region: 'west', flavors: [small] }],
  ] as const) {
    await ports.configuration.put({
      ...{ kind, id, body, actor: 'bench', expectedVersion: 0 },
      updatedAt: NOW.toISOString(),
    });
  }
  const inventory = (total: number) => ({ total, reserved: 0, allocationRatio: '4', used: 0 });
  await ports.capacity.put(
    {
      region: WEST,
      source: 'placement',
      observedAt: NOW.toISOString(),
      hosts: Array.from({ length: Math.ceil(instances / INSTANCES_A_HOST) }, (_, index) => ({
        host: `compute-${index}`,
        inventories: { VCPU: inventory(64), MEMORY_MB: inventory(262_144) },
      })),
    },
    'i',
  );
  return ports;
}

async function survey(lake: string, instances: number, days: readonly Day[]) {
  const made = await surveyRegion(await cloudOf(lake, instances, days), WEST);
  if (made.instances !== instances) throw new Error(`${made.instances} instances were surveyed`);
  return made;
}

/** The columns that a survey reads, each resource, meter and slot once. */
async function scan(lake: string, _instances: number, days: readonly Day[]): Promise<object> {
  const files = days.map((day) => literal(join(lake, keyOf(day)))).join(', ');
  await withDatabase({ ...engineLimits(FUNCTION_MIB), directory: lake }, async (db) => {
    await db.runAndReadAll(
      `SELECT resource, meter, epoch_us(time) // 300000000 AS slot, max(volume), any_value(state), any_value(size_vcpus), any_value(metadata), count(*)
        FROM read_parquet([${files}]) GROUP BY ALL ORDER BY ALL LIMIT 1`,
    );
  });
  return {};
}

const STEPS = { survey, scan } as const;

function isStep(word: string): word is keyof typeof STEPS {
  return word in STEPS;
}

function report(lake: string, instances: number, days: readonly Day[]): void {
  const [surveyed, scanned] = (['survey', 'scan'] as const).map((step) =>
    measure(fileURLToPath(import.meta.url), [step, lake, instances, days.length]),
  ) as [Figures & { readonly reclaimable: number }, Figures];
  const samples = instances * METERS.length * POLLS_PER_DAY * days.length;
  const bytes = days.reduce((sum, day) => sum + statSync(join(lake, keyOf(day))).size, 0);
  console.log(
    `Survey of ${instances} instances over ${days.length} days: ${samples.toLocaleString('en')} samples, ${(bytes / 2 ** 20).toFixed(0)} MiB of Parquet; ${surveyed.reclaimable} findings\n`,
  );
  console.log(
    '| | seconds | CPU seconds | instances/s | peak memory |\n| --- | ---: | ---: | ---: | ---: |',
  );
  for (const [name, { seconds, cpuSeconds, peakMib }] of [
    ['survey', surveyed],
    ['limit: DuckDB scans and aggregates the same columns', scanned],
  ] as const) {
    console.log(
      `| ${name} | ${seconds.toFixed(2)} | ${cpuSeconds.toFixed(2)} | ${(instances / seconds).toFixed(0)} | ${peakMib.toFixed(0)} MiB |`,
    );
  }
  const [time, cpu] = [
    surveyed.seconds / scanned.seconds,
    surveyed.cpuSeconds / scanned.cpuSeconds,
  ];
  console.log(
    `\nThe survey takes ${time.toFixed(2)} times as long as the limit (${cpu.toFixed(2)} by CPU time).`,
  );
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const [step = ''] = words;
  if (isStep(step)) {
    const [, lake = '', instances, days] = words;
    const work = () => STEPS[step](lake, Number(instances), daysOf(Number(days)));
    return runStep(work, (told) => told);
  }
  const [instances = 1_000, days = 3] = words.map(Number);
  await inFolder(async (lake) => {
    await generate(lake, instances, daysOf(days));
    report(lake, instances, daysOf(days));
  });
}

await main();
