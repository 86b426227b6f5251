import type { StageConfig } from './stages.ts';

/** Names of the deployable functions: `functions/<name>/index.ts` exports `handler`. */
export const FUNCTION_NAMES = [
  'samples',
  'read',
  'render',
  'admin',
  'ingest',
  'wake',
  'plan',
  'meter',
  'rate',
  'close',
  'forecast',
  'survey',
  'scenario',
  'export',
  'sweep',
  'pull',
  'compact',
  'rebuild',
] as const;

export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** What a function may carry besides its own code; the bundler refuses anything else of the kind. */
export type Carries = 'nothing' | 'duckdb' | 'forecaster';

export interface FunctionSpec {
  readonly carries: Carries;
  readonly description: string;
  readonly memoryMib: number;
  readonly timeoutSeconds: number;
  /** Size of /tmp. */
  readonly diskMib: number;
  /** Null leaves the function in the account's common pool. */
  readonly reservedConcurrency: number | null;
  /** Sends messages to the queue that calls it: Lambda would take that for a loop gone wild and stop it. */
  readonly callsItself?: boolean;
}

const SMALL_DISK_MIB = 512;
/** API Gateway gives up after 30 s: a function that answers it must have failed by then. */
const API_TIMEOUT_SECONDS = 29;
/** Lambda's own limit. */
const LONGEST_TIMEOUT_SECONDS = 900;

/** Which functions carry DuckDB: they share one asset, so that the native library is staged once. */
export const CARRIES: Readonly<Record<FunctionName, Carries>> = {
  samples: 'nothing',
  read: 'nothing',
  render: 'nothing',
  admin: 'nothing',
  ingest: 'duckdb',
  wake: 'nothing',
  plan: 'nothing',
  meter: 'duckdb',
  rate: 'duckdb',
  close: 'nothing',
  forecast: 'forecaster',
  survey: 'duckdb',
  scenario: 'forecaster',
  export: 'duckdb',
  sweep: 'nothing',
  pull: 'nothing',
  compact: 'duckdb',
  rebuild: 'nothing',
};

/** Which functions write XLSX and PDF: they have the writers in their bundles, and the fonts beside them. */
export const WRITES_PAPER: readonly FunctionName[] = ['render', 'export'];

export function functionCatalogue(
  stage: StageConfig,
): Readonly<Record<FunctionName, FunctionSpec>> {
  const specs: Record<FunctionName, Omit<FunctionSpec, 'carries'>> = {
    samples: api(512, 'Takes posted samples into the landing bucket'),
    read: api(512, 'Answers GET routes from the table'),
    // A vCPU of its own: somebody waits for the PDF.
    render: api(1769, 'Answers bills and notes as JSON, CSV, XLSX and PDF'),
    admin: api(512, 'Configuration, uploads, close, issue and export jobs'),
    ingest: duckdb(stage, 900, 'Reads landing objects into the lake and the ledger'),
    wake: { ...small(30, 'Starts metering when partitions are due'), callsItself: true },
    plan: small(30, 'Lists due partitions'),
    meter: {
      ...duckdb(stage, stage.meterTimeoutSeconds, 'Meters one partition: a day of a region'),
      reservedConcurrency: stage.reserveConcurrency ? stage.meteringConcurrency : null,
    },
    rate: duckdb(stage, LONGEST_TIMEOUT_SECONDS, 'Rates a month and makes its bills'),
    close: small(300, 'Checks, issues and records the close of a month'),
    // A vCPU of its own: sixty teams of a region are sixty backtests.
    forecast: { ...small(600, 'Forecasts one region, or its teams'), memoryMib: 1769 },
    survey: duckdb(stage, LONGEST_TIMEOUT_SECONDS, 'Reads what instances use of what they hold'),
    // A vCPU of its own: somebody waits for the backtests.
    scenario: api(1769, 'Answers what would be otherwise, and keeps nothing'),
    export: duckdb(stage, LONGEST_TIMEOUT_SECONDS, 'Writes usage by hour or resource'),
    sweep: {
      ...small(LONGEST_TIMEOUT_SECONDS, 'Takes up landing objects whose event never came'),
      // Two sweeps at once would offer the same objects twice.
      reservedConcurrency: stage.reserveConcurrency ? 1 : null,
    },
    pull: {
      ...small(LONGEST_TIMEOUT_SECONDS, 'Pulls what is due from the APIs of OpenStack'),
      // Answers are held whole, and gzip'd.
      memoryMib: 1024,
      callsItself: true,
    },
    compact: {
      ...duckdb(stage, LONGEST_TIMEOUT_SECONDS, "Makes few parts of the lake's many"),
      // Two at once would merge the same parts twice.
      reservedConcurrency: stage.reserveConcurrency ? 1 : null,
    },
    rebuild: {
      ...small(LONGEST_TIMEOUT_SECONDS, 'Makes the table again from what S3 keeps'),
      memoryMib: 1024,
    },
  };
  return Object.fromEntries(
    FUNCTION_NAMES.map((name) => [name, { ...specs[name], carries: CARRIES[name] }]),
  ) as Record<FunctionName, FunctionSpec>;
}

function api(memoryMib: number, description: string): Omit<FunctionSpec, 'carries'> {
  return { ...small(API_TIMEOUT_SECONDS, description), memoryMib };
}

function small(timeoutSeconds: number, description: string): Omit<FunctionSpec, 'carries'> {
  return {
    description,
    memoryMib: 512,
    timeoutSeconds,
    diskMib: SMALL_DISK_MIB,
    reservedConcurrency: null,
  };
}

function duckdb(
  stage: StageConfig,
  timeoutSeconds: number,
  description: string,
): Omit<FunctionSpec, 'carries'> {
  return {
    ...small(timeoutSeconds, description),
    memoryMib: stage.duckdbMemoryMib,
    diskMib: stage.duckdbDiskMib,
  };
}
