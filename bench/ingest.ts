/**
 * Ingesting a file of Ceilometer samples: rows and megabytes per second and peak memory, beside the limit that the same
 * machine sets: DuckDB turning the same JSON lines into Parquet with no rules, in the same run. One thread each.
 *
 * Run: node bench/ingest.ts [rows, default 300000]
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { literal, withDatabase } from '../lib/adapters/duckdb/database.ts';
import { engineLimits } from '../lib/adapters/duckdb/engine-limits.ts';
import { duckdbSampleParts, stagingMemoryMib } from '../lib/adapters/duckdb/sample-parts.ts';
import { memoryCapacityStore } from '../lib/adapters/memory/capacity-store.ts';
import { memoryConfigStore } from '../lib/adapters/memory/config-store.ts';
import { memoryImportedDemand } from '../lib/adapters/memory/imported-demand.ts';
import { memoryLakeIndex } from '../lib/adapters/memory/lake-index.ts';
import { memoryLedger } from '../lib/adapters/memory/ledger.ts';
import { memoryMessages } from '../lib/adapters/memory/messages.ts';
import { memoryObjectStore } from '../lib/adapters/memory/object-store.ts';
import { memoryPartitions } from '../lib/adapters/memory/partitions.ts';
import { memoryRegions } from '../lib/adapters/memory/regions.ts';
import { nodeByteWork } from '../lib/adapters/node/byte-work.ts';
import { ingestObjects } from '../lib/ingest/ingest-objects.ts';
import { DEFAULT_LIMITS } from '../lib/ingest/limits.ts';
import { RowReader } from '../lib/ingest/row-reader.ts';
import { SampleReader } from '../lib/ingest/sample-reader.ts';
import type { ObjectStore } from '../lib/ports/object-store.ts';

/** Memory of the function on one machine. */
const FUNCTION_MIB = 1_536;
const KEY = 'region=west/2026-10-06/samples.jsonl';
const PUT_AT = new Date('2026-10-06T12:00:00Z');
const INSTANCES = 1_000;
/** Meter, type, unit: what Ceilometer polls of an instance, meter by meter. */
const METERS = [
  ['vcpus', 'gauge', 'vcpu'],
  ['memory', 'gauge', 'MiB'],
  ['instance', 'gauge', 'instance'],
  ['disk.root.size', 'gauge', 'GiB'],
  ['memory.usage', 'gauge', 'MiB'],
  ['cpu', 'cumulative', 'ns'],
  ['network.outgoing.bytes', 'cumulative', 'B'],
  ['power.state', 'gauge', 'state'],
] as const;

function hex(digits: number, seed: number): string {
  let text = '';
  for (let state = seed >>> 0; text.length < digits; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += state.toString(16).padStart(8, '0');
  }
  return text.slice(0, digits);
}

/** A sample as the file publisher writes it, in the blanks of Python's json. */
function rowOf(number: number): string {
  const instance = number % INSTANCES;
  const [name, type, unit] = METERS[Math.floor(number / INSTANCES) % METERS.length] ?? METERS[0];
  const poll = Math.floor(number / INSTANCES / METERS.length);
  const at = new Date(Date.UTC(2026, 9, 5) + poll * 300_000 + instance).toISOString();
  const sample = {
    name,
    type,
    unit,
    volume: type === 'gauge' ? 4 : poll * 123_456_789 + instance,
    user_id: hex(32, instance % 50),
    user_name: null,
    project_id: hex(32, (instance % 40) + 1_000),
    project_name: null,
    resource_id: hex(32, instance + 5_000),
    timestamp: `${at.slice(0, -1)}123`,
    resource_metadata: {
      display_name: `vm-${instance}`,
      host: hex(40, instance % 80),
      flavor: { id: '42', name: 'm1.large', vcpus: 4, ram: 8_192, disk: 80, ephemeral: 0, swap: 0 },
      status: 'active',
      state: 'running',
      image_ref: null,
      architecture: 'x86_64',
    },
    source: 'openstack',
    id: hex(32, number * 7 + 1),
    monotonic_time: 1_234_567.891 + number,
  };
  return JSON.stringify(sample).replaceAll('":', '": ').replaceAll(',"', ', "');
}

async function generate(file: string, rows: number): Promise<void> {
  const out = createWriteStream(file);
  let buffer = '';
  for (let number = 0; number < rows; number += 1) {
    buffer += `${rowOf(number)}\n`;
    if (buffer.length < 4_194_304 && number < rows - 1) continue;
    if (!out.write(buffer)) await once(out, 'drain');
    buffer = '';
  }
  out.end();
  await finished(out);
}

/** A landing bucket that holds the one file. */
function landingOf(file: string): ObjectStore {
  const info = { key: KEY, sizeBytes: statSync(file).size, putAt: PUT_AT };
  return {
    ...memoryObjectStore(),
    head: async () => info,
    open: async () => ({ ...info, body: createReadStream(file, { highWaterMark: 262_144 }) }),
  };
}

async function ingest(file: string, folder: string): Promise<void> {
  const ledger = memoryLedger();
  const failures = await ingestObjects(
    {
      landing: landingOf(file),
      lake: { ...memoryObjectStore(), upload: async () => undefined },
      ledger,
      lakeIndex: memoryLakeIndex(),
      partitions: memoryPartitions(),
      messages: memoryMessages(),
      regions: memoryRegions(),
      config: memoryConfigStore(),
      capacity: memoryCapacityStore(),
      importedDemand: memoryImportedDemand(),
      ratedHistory: { put: async () => undefined },
      sampleParts: duckdbSampleParts({
        directory: folder,
        memoryLimitMib: stagingMemoryMib(FUNCTION_MIB),
      }),
      bytes: nodeByteWork(),
      now: () => PUT_AT,
      limits: DEFAULT_LIMITS,
      telemetrySecret: null,
      delays: { wakeupSeconds: 5, neighbourSeconds: 5 },
    },
    [{ key: KEY, sizeBytes: 0, eventTime: null }],
  );
  if (failures.length > 0) throw failures[0]?.error;
}

/** Rows to samples by all rules, and nothing else. */
async function read(file: string): Promise<void> {
  const rows = new RowReader(DEFAULT_LIMITS);
  const samples = new SampleReader(PUT_AT.getTime() * 1_000, DEFAULT_LIMITS);
  for await (const chunk of createReadStream(file, { highWaterMark: 262_144 })) {
    for (const row of rows.push(chunk)) if ('text' in row) samples.read(row.text, row.line);
  }
}

/** What no ingest of these bytes by this engine can beat. */
async function limit(file: string, folder: string): Promise<void> {
  const { memoryLimitMib } = engineLimits(FUNCTION_MIB);
  await withDatabase({ memoryLimitMib, threads: 1, directory: folder }, async (db) => {
    await db.run(
      `COPY (SELECT * FROM read_json(${literal(file)}, format = 'newline_delimited')) TO ${literal(join(folder, 'raw.parquet'))} (FORMAT parquet, COMPRESSION zstd)`,
    );
  });
}

const STEPS = { ingest, read, limit };
type Step = keyof typeof STEPS;

interface Figures {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMib: number;
}

/** In a process of its own, so that its peak memory is its own. */
function measure(step: Step, file: string, folder: string): Figures {
  const script = fileURLToPath(import.meta.url);
  return JSON.parse(
    execFileSync(process.execPath, [script, step, file, folder], { encoding: 'utf8' }),
  );
}

async function runStep(step: Step, file: string, folder: string): Promise<void> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await STEPS[step](file, folder);
  const { user, system } = process.cpuUsage(cpu);
  const figures: Figures = {
    seconds: (performance.now() - start) / 1_000,
    cpuSeconds: (user + system) / 1e6,
    peakMib: process.resourceUsage().maxRSS / 1_024,
  };
  process.stdout.write(JSON.stringify(figures));
}

function report(rows: number, file: string, folder: string): void {
  const bytes = statSync(file).size;
  console.log(
    `Ingesting ${rows.toLocaleString('en')} samples of ${Math.round(bytes / rows)} bytes (${(bytes / 1e6).toFixed(0)} MB of JSON lines; a function of ${FUNCTION_MIB} MiB)\n`,
  );
  console.log('| | seconds | rows/s | MB/s | rows per CPU second | peak memory |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
  const figures = new Map<Step, Figures>();
  for (const [step, name] of [
    ['ingest', 'ingest, into the lake and the ledger'],
    ['read', 'of that, reading rows by all rules'],
    ['limit', 'limit: DuckDB, JSON lines to Parquet, no rules'],
  ] as const) {
    const one = measure(step, file, folder);
    figures.set(step, one);
    const { seconds, cpuSeconds, peakMib } = one;
    const perSecond = (each: number) => Math.round(rows / each).toLocaleString('en');
    console.log(
      `| ${name} | ${seconds.toFixed(2)} | ${perSecond(seconds)} | ${(bytes / 1e6 / seconds).toFixed(1)} | ${perSecond(cpuSeconds)} | ${peakMib.toFixed(0)} MiB |`,
    );
  }
  const ratio = (figures.get('ingest')?.cpuSeconds ?? 0) / (figures.get('limit')?.cpuSeconds ?? 1);
  console.log(`\nIngest takes ${ratio.toFixed(1)} times the CPU time of the limit.`);
}

async function main(): Promise<void> {
  const [first = '300000', file = '', folder = ''] = process.argv.slice(2);
  if (first in STEPS) return runStep(first as Step, file, folder);
  const own = mkdtempSync(join(tmpdir(), 'headroom-bench-'));
  try {
    const rows = join(own, 'samples.jsonl');
    await generate(rows, Number(first));
    report(Number(first), rows, own);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

await main();
