import { RetentionDays } from 'aws-cdk-lib/aws-logs';

export type StageName = 'local' | 'dev' | 'prod';
export type ArchitectureName = 'x86_64' | 'arm64';

/** All that differs between deployments. Nothing else in infra asks which stage it is. */
export interface StageConfig {
  readonly name: StageName;
  readonly architecture: ArchitectureName;
  /** From the commit of an ingest to the wake-up of metering; SQS allows at most 900. */
  readonly wakeupDelaySeconds: number;
  /** How long the days beside a touched day wait before they are due: more data for them is likely on its way. */
  readonly neighbourDelaySeconds: number;
  /** How long the landing queue gathers objects for one batch of ingest. */
  readonly batchingWindowSeconds: number;
  /** How old a landing object without a final state must be before the sweep offers it again. */
  readonly sweepGraceSeconds: number;
  /** How many keys one sweep lists on its round over all landing objects. */
  readonly sweepListedMax: number;
  /** EventBridge expressions, UTC. */
  readonly schedules: {
    readonly wake: string;
    readonly sweep: string;
    /** How often sources are looked at; each is pulled by its own schedule. */
    readonly pull: string;
    readonly compact: string;
    readonly forecasting: string;
    readonly close: string;
  };
  /** Partitions that one run of `metering` meters at a time. */
  readonly meteringConcurrency: number;
  /** Region and metric pairs that one run of `forecasting` forecasts at a time. */
  readonly forecastingConcurrency: number;
  /** Batches of landing objects at a time; SQS event sources allow no less than 2. */
  readonly ingestConcurrency: number;
  /** Sources pulled at a time; SQS event sources allow no less than 2. */
  readonly pullConcurrency: number;
  /** Reserves concurrency on functions; needs an account whose quota is not the 10 of a new one. */
  readonly reserveConcurrency: boolean;
  /** Of the functions that carry DuckDB; new accounts allow at most 3,008. */
  readonly duckdbMemoryMib: number;
  readonly duckdbDiskMib: number;
  /** Also bounds how long a partition stays leased after a crash. */
  readonly meterTimeoutSeconds: number;
  readonly retention: {
    readonly logs: RetentionDays;
    readonly accessLogsDays: number;
    readonly exportsDays: number;
    /** Overwritten or deleted objects of landing and lake. */
    readonly noncurrentDays: number;
  };
  /** Default retention of every object in the documents bucket. COMPLIANCE: nobody, root included, can shorten it. */
  readonly objectLock: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly days: number };
  /** Of the whole HTTP API, requests per second and burst. */
  readonly throttling: { readonly rate: number; readonly burst: number };
  /** Who gets the alarms by e-mail; null leaves the topic for the operator to subscribe to. */
  readonly alarmEmail: string | null;
  readonly tags: { readonly owner: string; readonly costCentre: string };
}

/** What the command line may say of a stage: `-c architecture=arm64 -c alarmEmail=ops@example.org`. */
export interface StageOverrides {
  readonly architecture?: string | undefined;
  readonly alarmEmail?: string | undefined;
}

const DEPLOYED = {
  architecture: 'x86_64',
  wakeupDelaySeconds: 300,
  neighbourDelaySeconds: 600,
  batchingWindowSeconds: 30,
  sweepGraceSeconds: 900,
  sweepListedMax: 1_000_000,
  schedules: {
    wake: 'rate(15 minutes)',
    sweep: 'cron(30 0 * * ? *)',
    pull: 'rate(5 minutes)',
    compact: 'cron(30 1 * * ? *)',
    forecasting: 'cron(0 2 * * ? *)',
    close: 'cron(0 4 3 * ? *)',
  },
  meteringConcurrency: 20,
  forecastingConcurrency: 10,
  ingestConcurrency: 10,
  pullConcurrency: 4,
  duckdbMemoryMib: 3008,
  duckdbDiskMib: 10_240,
  meterTimeoutSeconds: 600,
  alarmEmail: null,
  tags: { owner: 'platform', costCentre: 'platform' },
} as const;

const STAGES: Readonly<Record<StageName, StageConfig>> = {
  /** One machine: the same app with shorter waits, and small enough for 2 cores and 4 GiB. */
  local: {
    ...DEPLOYED,
    name: 'local',
    wakeupDelaySeconds: 5,
    neighbourDelaySeconds: 2,
    batchingWindowSeconds: 1,
    sweepGraceSeconds: 60,
    sweepListedMax: 5_000,
    schedules: { ...DEPLOYED.schedules, sweep: 'rate(1 minute)', pull: 'rate(1 minute)' },
    meteringConcurrency: 2,
    forecastingConcurrency: 2,
    ingestConcurrency: 2,
    pullConcurrency: 2,
    reserveConcurrency: false,
    duckdbMemoryMib: 1536,
    meterTimeoutSeconds: 120,
    retention: {
      logs: RetentionDays.ONE_WEEK,
      accessLogsDays: 7,
      exportsDays: 7,
      noncurrentDays: 7,
    },
    objectLock: { mode: 'GOVERNANCE', days: 1 },
    throttling: { rate: 500, burst: 1000 },
  },
  dev: {
    ...DEPLOYED,
    name: 'dev',
    reserveConcurrency: false,
    retention: {
      logs: RetentionDays.ONE_MONTH,
      accessLogsDays: 30,
      exportsDays: 7,
      noncurrentDays: 30,
    },
    objectLock: { mode: 'GOVERNANCE', days: 1 },
    throttling: { rate: 50, burst: 100 },
  },
  prod: {
    ...DEPLOYED,
    name: 'prod',
    reserveConcurrency: true,
    retention: {
      logs: RetentionDays.ONE_YEAR,
      accessLogsDays: 400,
      exportsDays: 30,
      noncurrentDays: 90,
    },
    // Ten years is what most EU states ask for VAT records.
    objectLock: { mode: 'COMPLIANCE', days: 3653 },
    throttling: { rate: 200, burst: 400 },
  },
};

export const DEFAULT_STAGE: StageName = 'dev';
export const STAGE_NAMES = Object.keys(STAGES) as readonly StageName[];

/** @throws RangeError when the stage or an override is not one of those allowed; says which are */
export function stageConfig(name: string, overrides: StageOverrides = {}): StageConfig {
  const stage = STAGE_NAMES.find((known) => known === name);
  if (stage === undefined) {
    throw new RangeError(`unknown stage "${name}": use -c stage=${STAGE_NAMES.join('|')}`);
  }
  const config = STAGES[stage];
  return {
    ...config,
    architecture: parseArchitecture(overrides.architecture ?? config.architecture),
    alarmEmail: parseEmail(overrides.alarmEmail) ?? config.alarmEmail,
  };
}

function parseArchitecture(text: string): ArchitectureName {
  if (text === 'x86_64' || text === 'arm64') return text;
  throw new RangeError(`unknown architecture "${text}": use -c architecture=x86_64|arm64`);
}

function parseEmail(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (/^[^@\s]+@[^@\s]+$/.test(text)) return text;
  throw new RangeError(`"${text}" is not an e-mail address: use -c alarmEmail=name@example.org`);
}
