/**
 * The close of a month, from the hourly usage in the lake to all issued documents, by the steps of the state machine (check,
 * rate, issue) and of the jobs that export it (XLSX, PDF, FOCUS as CSV and Parquet), and the code of the deployed functions;
 * lake and documents are folders, the table is in memory. The limit of the same run is DuckDB, summing the same usage by hour, project, measure and class: what any rating must at least do.
 *
 * Run: node bench/billing.ts [instances, default 8000] [teams, default 300]
 */
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closeHandler } from '../functions/close/close.ts';
import { type BillExportPorts, billExportJob } from '../functions/export/bill-export.ts';
import { rateHandler } from '../functions/rate/rate.ts';
import { literal, withDatabase } from '../lib/adapters/duckdb/database.ts';
import { engineLimits } from '../lib/adapters/duckdb/engine-limits.ts';
import { duckdbFocusParquet } from '../lib/adapters/duckdb/focus-parquet.ts';
import { duckdbMonthUsage } from '../lib/adapters/duckdb/month-usage.ts';
import { memoryAuditLog } from '../lib/adapters/memory/audit-log.ts';
import { memoryBillStore } from '../lib/adapters/memory/bill-store.ts';
import { memoryBudgetStates } from '../lib/adapters/memory/budget-states.ts';
import { memoryConfigStore } from '../lib/adapters/memory/config-store.ts';
import { memoryEvents } from '../lib/adapters/memory/events.ts';
import { memoryJobStore } from '../lib/adapters/memory/job-store.ts';
import { memoryLakeIndex } from '../lib/adapters/memory/lake-index.ts';
import { memoryLedger } from '../lib/adapters/memory/ledger.ts';
import { memoryNameStore } from '../lib/adapters/memory/names.ts';
import { memoryPartitions } from '../lib/adapters/memory/partitions.ts';
import { memoryRegions } from '../lib/adapters/memory/regions.ts';
import { memoryUsageTotals } from '../lib/adapters/memory/usage-totals.ts';
import { sha256OfFile } from '../lib/adapters/node/file-digest.ts';
import { pdfFonts } from '../lib/adapters/node/pdf-fonts.ts';
import { scratchFolder } from '../lib/adapters/node/scratch-folder.ts';
import { usageKey } from '../lib/metering/lake-keys.ts';
import { daysOfMonth } from '../lib/period/calendar.ts';
import { type CloudSize, PERIOD, pricing, REGION, writeUsage } from './billed-cloud.ts';
import { folderStore } from './folder-store.ts';
import { type Figures, inFolder, measure, runStep } from './measured-step.ts';

/** Memory of the deployed function `rate`. */
const FUNCTION_MIB = 1_024;
const NOW = new Date('2026-11-03T02:00:00Z');

/** Seconds of each part. */
type Parts = Readonly<Record<string, number>>;

async function close(folder: string, size: CloudSize): Promise<Parts> {
  const configuration = memoryConfigStore();
  const { cards, teams, adjustments } = pricing(size);
  const documents = [
    ...cards.map((body) => ({ kind: 'rate-card' as const, id: body.id, body })),
    ...teams.map((body) => ({ kind: 'team' as const, id: body.id, body })),
    ...adjustments.map((body) => ({ kind: 'adjustment' as const, id: body.id, body })),
  ];
  for (const document of documents) {
    const written = { actor: 'ann', updatedAt: NOW.toISOString(), expectedVersion: 0 };
    await configuration.put({ ...document, ...written });
  }
  const [regions, partitions] = [memoryRegions(), memoryPartitions()];
  await regions.ensure(REGION, NOW);
  for (const date of daysOfMonth(PERIOD)) {
    const key = { region: REGION, date, shard: 0 };
    await partitions.touch(key, { now: NOW, delaySeconds: 0 });
    const lease = await partitions.lease(key, { now: NOW, seconds: 60 });
    if (lease) await partitions.complete(lease);
  }
  const ports = {
    ...{ configuration, regions, partitions },
    ...{ bills: memoryBillStore(), ledger: memoryLedger(), lakeIndex: memoryLakeIndex() },
    ...{ totals: memoryUsageTotals(), audit: memoryAuditLog(), names: memoryNameStore() },
    ...{ budgets: memoryBudgetStates(), events: memoryEvents() },
    lake: folderStore(folder),
    documents: folderStore(join(folder, 'documents')),
    usage: duckdbMonthUsage(engineLimits(FUNCTION_MIB)),
    scratch: scratchFolder(),
    sha256OfFile,
    now: () => NOW,
    codeVersion: 'bench',
    patienceSeconds: 0,
    wait: async () => undefined,
    log: () => undefined,
  };
  const of = { run: 'close-1', period: PERIOD, actor: 'ann' };
  const [closeStep, rateStep] = [closeHandler(ports), rateHandler(ports)];
  const input = { acceptGaps: 'a bench has no samples' };
  const parts: Record<string, number> = {};
  const part = async (name: string, work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    parts[name] = (performance.now() - start) / 1_000;
  };
  await part('check', () => closeStep({ step: 'check', ...of, issue: true, input }));
  await part('rate', () => rateStep({ mode: 'close', ...of, revision: 1 }));
  await part('issue', () => closeStep({ step: 'issue', ...of, revision: 1 }));
  for (const format of ['xlsx', 'pdf', 'focus', 'focus-parquet']) {
    await part(format, () => exportBills(ports, format));
  }
  return parts;
}

function exportBills(
  ports: Pick<BillExportPorts, 'documents' | 'scratch' | 'now'> & BillExportPorts['standing'],
  format: string,
): Promise<unknown> {
  const at = NOW.toISOString();
  const limits = engineLimits(FUNCTION_MIB);
  return billExportJob(
    {
      ...ports,
      ...{ jobs: memoryJobStore(), standing: ports, fonts: pdfFonts },
      parquet: duckdbFocusParquet(limits),
    },
    {
      ...{ id: `${PERIOD}-${format}`, kind: 'bill-export', state: 'queued' },
      ...{ request: { period: PERIOD, format }, problem: null, resultKey: null, rows: null },
      ...{ actor: 'ann', createdAt: at, updatedAt: at },
    },
  );
}

async function limit(folder: string): Promise<Parts> {
  const files = daysOfMonth(PERIOD).map((date) =>
    literal(join(folder, usageKey({ region: REGION, date, shard: 0 }))),
  );
  const options = { ...engineLimits(FUNCTION_MIB), directory: join(folder, 'spill') };
  await withDatabase(options, async (db) => {
    await db.run(
      `CREATE TABLE sums AS SELECT region, project, measure, class, hour, sum(quantity) AS quantity FROM read_parquet([${files.join(', ')}]) GROUP BY ALL`,
    );
  });
  return {};
}

interface CloseFigures extends Figures {
  readonly parts: Parts;
}

const STEPS = { close, limit } as const;
type Step = keyof typeof STEPS;

function isStep(word: string): word is Step {
  return word in STEPS;
}

/** With the heap that the function has. */
function measured(step: Step, folder: string, { instances, teams }: CloudSize): CloseFigures {
  const script = fileURLToPath(import.meta.url);
  return measure(script, [step, folder, instances, teams], FUNCTION_MIB * 0.9);
}

function report(folder: string, size: CloudSize, rows: number): void {
  const [limited, closed] = [measured('limit', folder, size), measured('close', folder, size)];
  const files = readdirSync(join(folder, 'documents'), { recursive: true, withFileTypes: true });
  const written = files
    .filter((file) => file.isFile() && !file.parentPath.endsWith('kept-usage'))
    .map((file) => statSync(join(file.parentPath, file.name)).size);
  const mib = written.reduce((sum, bytes) => sum + bytes, 0) / 2 ** 20;
  console.log(
    `Closing a month of ${size.instances} instances and ${size.teams} teams: ${rows.toLocaleString('en')} rows of hourly usage,`,
  );
  console.log(`${written.length} documents of ${mib.toFixed(1)} MiB\n`);
  console.log('| | seconds | CPU seconds | rows/s | peak memory |');
  console.log('| --- | ---: | ---: | ---: | ---: |');
  for (const [name, { seconds, cpuSeconds, peakMib }] of [
    ['limit: DuckDB sums the usage by hour and line', limited],
    ['close: check, rate, issue, all documents, all exports', closed],
  ] as const) {
    const speed = Math.round(rows / seconds).toLocaleString('en');
    console.log(
      `| ${name} | ${seconds.toFixed(1)} | ${cpuSeconds.toFixed(1)} | ${speed} | ${peakMib.toFixed(0)} MiB |`,
    );
  }
  const ratio = closed.seconds / limited.seconds;
  const told = Object.entries(closed.parts).map(([name, took]) => `${name} ${took.toFixed(1)} s`);
  console.log(`\n${told.join(', ')}.`);
  console.log(`The close takes ${ratio.toFixed(2)} times as long as the sums alone.`);
}

async function main(): Promise<void> {
  const [first = '8000', second = '300', ...rest] = process.argv.slice(2);
  if (isStep(first)) {
    const [instances = '0', teams = '0'] = rest;
    const size = { instances: Number(instances), teams: Number(teams) };
    return runStep(
      () => STEPS[first](second, size),
      (parts) => ({ parts }),
    );
  }
  const size = { instances: Number(first), teams: Number(second) };
  await inFolder(async (folder) => {
    mkdirSync(join(folder, 'spill'));
    mkdirSync(join(folder, 'documents'));
    report(folder, size, await writeUsage(folder, size));
  });
}

await main();
