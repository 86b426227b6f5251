import type { Region } from '../identifiers.ts';
import type { Month } from '../period/calendar.ts';

/** A JSON value under (kind, id): forecasts, bills, periods, jobs. Adapters keep them in chunks when they are large. */
export interface ForecastRecord {
  readonly region: Region;
  readonly metric: 'cores' | 'ram';
  /** Day of the last observation, `2026-11-20`. */
  readonly origin: string;
  readonly createdAt: string;
  /** The forecast as the API gives it. */
  readonly body: unknown;
}

export interface ForecastStore {
  put(record: ForecastRecord): Promise<void>;
  latest(region: Region, metric: 'cores' | 'ram'): Promise<ForecastRecord | null>;
}

export type PeriodStateName = 'open' | 'draft' | 'issued';

export interface PeriodRecord {
  readonly period: Month;
  readonly state: PeriodStateName;
  /** Rises with each close; 0 while only estimates were made. */
  readonly revision: number;
  /** SHA-256 over the bills' hashes; null while there are none. */
  readonly sha256: string | null;
  readonly manifestKey: string | null;
  readonly closedBy: string | null;
  readonly issuedBy: string | null;
  readonly updatedAt: string;
}

/** `revision` 0 is the estimate; 1 and up are closes. */
export interface BillRecord {
  readonly period: Month;
  readonly revision: number;
  readonly team: string;
  readonly state: 'estimate' | 'draft' | 'issued';
  readonly number: string | null;
  readonly sha256: string;
  readonly currency: string;
  readonly total: string;
  readonly body: unknown;
  readonly generatedAt: string;
}

export interface BillStore {
  getPeriod(period: Month): Promise<PeriodRecord | null>;
  /** All months that have a record, newest first. */
  listPeriods(): Promise<readonly PeriodRecord[]>;
  /** @throws ProblemError `conflict` when the stored revision or state is not the expected one */
  putPeriod(
    record: PeriodRecord,
    expected: { readonly revision: number; readonly state: PeriodStateName } | null,
  ): Promise<void>;
  /** Replaces the bills of the revision as a whole: bills first, a marker last; readers see all or none. */
  putBills(
    period: Month,
    revision: number,
    bills: readonly BillRecord[],
    extra: unknown,
  ): Promise<void>;
  /** Sorted by team; null when the revision has no marker. `extra` is what putBills got (unrated usage). */
  listBills(
    period: Month,
    revision: number,
  ): Promise<{ readonly bills: readonly BillRecord[]; readonly extra: unknown } | null>;
  getBill(period: Month, revision: number, team: string): Promise<BillRecord | null>;
  /** Claims `count` numbers of a gap-free series for one close; the same claim again gives the same numbers. */
  claimNumbers(series: string, claim: string, count: number): Promise<{ readonly first: number }>;
}

export type JobState = 'queued' | 'running' | 'done' | 'failed';

/** Long work: 202, then this. */
export interface JobRecord {
  readonly id: string;
  readonly kind: 'usage-export';
  readonly state: JobState;
  readonly request: unknown;
  readonly problem: string | null;
  /** Key in the documents bucket. */
  readonly resultKey: string | null;
  readonly rows: number | null;
  readonly actor: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface JobStore {
  put(job: JobRecord): Promise<void>;
  get(id: string): Promise<JobRecord | null>;
}
