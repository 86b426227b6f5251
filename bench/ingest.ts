/**
 * Ingesting Ceilometer samples of any number: rows per second, peak memory and slope, beside two limits that the same machine
 * sets in the same run: DuckDB turning the same JSON lines into Parquet with no rules, on as many threads; and JSON.parse
 * of the same lines on one core. The samples are a stream that is made while it is read, twice: once for the hash of the object,
 * once for its rows; so their number is bounded by patience alone. The limits are measured on the first million of them.
 *
 * Run: node bench/ingest.ts [numbers of samples, default 250000 500000]
 */
import { once } from 'node:events';
import { createReadStream, createWriteStream, statSync } from 'node:fs';
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
import { assert } from '../lib/assert.ts';
import { parseRegion } from '../lib/identifiers.ts';
import { ingestObjects } from '../lib/ingest/ingest-objects.ts';
import { DEFAULT_LIMITS } from '../lib/ingest/limits.ts';
import type { ObjectStore } from '../lib/ports/object-store.ts';
import { type Figures, inFolder, measure, runStep } from './measured-step.ts';
import { sampleStream } from './sample-stream.ts';

/** Memory of the function on one machine. */
const FUNCTION_MIB = 1_536;
const KEY = 'region=west/2026-10-06/samples.jsonl';
const PUT_AT = new Date('2026-10-06T12:00:00Z');
/** Of these the limits are measured: a file of a gigabyte. */
const LIMIT_ROWS_MAX = 1_000_000;
const LF = 10;

async function writeRows(file: string, rows: number): Promise<void> {
  const out = createWriteStream(file);
  for (const chunk of sampleStream(rows)) if (!out.write(chunk)) await once(out, 'drain');
  out.end();
  await finished(out);
}

/** A landing bucket that holds one object of so many samples. */
function landingOf(rows: number): ObjectStore {
  const info = { key: KEY, sizeBytes: 0, putAt: PUT_AT, etag: String(rows) };
  async function* body() {
    yield* sampleStream(rows);
  }
  return {
    ...memoryObjectStore(),
    head: async () => info,
    open: async () => ({ ...info, body: body() }),
  };
}

async function ingest({ rows, folder }: StepInput): Promise<void> {
  const ledger = memoryLedger();
  const failures = await ingestObjects(
    {
      landing: landingOf(rows),
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
      telemetrySecret: async () => null,
      delays: { wakeupSeconds: 5, neighbourSeconds: 5 },
    },
    [{ key: KEY, sizeBytes: 0, eventTime: null }],
  );
  if (failures.length > 0) throw failures[0]?.error;
  const done = await ledger.findByKey(parseRegion('west'), KEY);
  assert(done?.counts.accepted === rows, `${done?.counts.accepted} of ${rows} were accepted`);
}

/** What no ingest of these bytes by this engine can beat. */
async function limit({ file, folder }: StepInput): Promise<void> {
  const { memoryLimitMib, threads } = engineLimits(FUNCTION_MIB);
  await withDatabase({ memoryLimitMib, threads, directory: folder }, async (db) => {
    await db.run(
      `COPY (SELECT * FROM read_json(${literal(file)}, format = 'newline_delimited')) TO ${literal(join(folder, 'raw.parquet'))} (FORMAT parquet, COMPRESSION zstd)`,
    );
  });
}

/** What reading each row as JSON costs, and nothing else. */
async function parse({ file }: StepInput): Promise<void> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 65_536 })) {
    const bytes = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, start)) {
      JSON.parse(bytes.toString('latin1', start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
}

/** What the benchmark itself takes to make the samples, twice. */
async function make({ rows }: StepInput): Promise<void> {
  for (const _ of [1, 2]) for (const chunk of sampleStream(rows)) void chunk.length;
}

const STEPS = { ingest, limit, parse, make };
type Step = keyof typeof STEPS;

function isStep(word: string): word is Step {
  return word in STEPS;
}

interface StepInput {
  readonly rows: number;
  readonly file: string;
  readonly folder: string;
}

function printRow(name: string, rows: number, { seconds, cpuSeconds, peakMib }: Figures): number {
  const perSecond = (each: number) => Math.round(rows / each).toLocaleString('en');
  console.log(
    `| ${name} | ${rows.toLocaleString('en')} | ${seconds.toFixed(2)} | ${perSecond(seconds)} | ${perSecond(cpuSeconds)} | ${peakMib.toFixed(0)} MiB |`,
  );
  return rows / seconds;
}

async function report(sizes: readonly number[], folder: string): Promise<void> {
  const file = join(folder, 'samples.jsonl');
  const limitRows = Math.min(LIMIT_ROWS_MAX, Math.max(...sizes));
  await writeRows(file, limitRows);
  const rowBytes = Math.round(statSync(file).size / limitRows);
  console.log(
    `Ingesting Ceilometer samples of ${rowBytes} bytes within the limits of a function of ${FUNCTION_MIB} MiB\n`,
  );
  console.log('| | samples | seconds | rows/s | rows per CPU second | peak memory |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
  const script = fileURLToPath(import.meta.url);
  const step = (name: Step, rows: number): Figures => measure(script, [name, rows, file, folder]);
  const raw = printRow('limit: DuckDB, no rules', limitRows, step('limit', limitRows));
  const parsed = printRow('JSON.parse, one core', limitRows, step('parse', limitRows));
  printRow('making the samples twice', limitRows, step('make', limitRows));
  const figures = sizes.map((rows) => ({ rows, ...step('ingest', rows) }));
  const speeds = figures.map((one) =>
    printRow('ingest, into the lake and the ledger', one.rows, one),
  );
  const [fastest, last] = [Math.max(...speeds), figures.at(-1)];
  console.log(
    `\nIngest reaches ${(fastest / raw).toFixed(2)} of the limit and ${(fastest / parsed).toFixed(2)} times JSON.parse.`,
  );
  const [first] = figures;
  if (!first || !last || first === last) return;
  const growth = last.seconds / first.seconds / (last.rows / first.rows);
  console.log(
    `${(last.rows / first.rows).toFixed(0)} times the samples take ${growth.toFixed(2)} times as long each.`,
  );
}

async function main(): Promise<void> {
  const [first = '', ...others] = process.argv.slice(2);
  if (isStep(first)) {
    const [rows, file = '', folder = ''] = others;
    return runStep(() => STEPS[first]({ rows: Number(rows), file, folder }));
  }
  const sizes = first === '' ? [250_000, 500_000] : [first, ...others].map(Number);
  await inFolder((folder) => report(sizes, folder));
}

await main();
