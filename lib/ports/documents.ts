import type { LineTerms } from '../billing/line-terms.ts';
import type { Region } from '../identifiers.ts';
import type { Day, Month } from '../period/calendar.ts';
import type { BilledTo } from '../teams/billed-to.ts';
import type { UntoldFact } from './audit.ts';

/** A JSON value under (kind, id): forecasts, bills, periods, jobs. Adapters keep them in chunks when they are large. */
/** What a forecast is of: a resource, when the first of them runs out, or a resource by team. */
export type ForecastSubject = 'cores' | 'ram' | 'exhaustion' | 'teams-cores' | 'teams-ram';

export interface ForecastRecord {
  readonly region: Region;
  readonly metric: ForecastSubject;
  /** Day of the last observation, `2026-11-20`. */
  readonly origin: string;
  readonly createdAt: string;
  /** The forecast as the API gives it. */
  readonly body: unknown;
  /** How those before it fared; null or left out while none can be scored. */
  readonly record?: unknown;
  /** Why it is another than a week before; null or left out where there was none. */
  readonly change?: unknown;
}

export interface ForecastStore {
  put(record: ForecastRecord): Promise<void>;
  latest(region: Region, metric: ForecastSubject): Promise<ForecastRecord | null>;
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
  /** RFC 3339; of an issued month: the date of its bills and notes. */
  readonly issuedAt?: string;
  readonly updatedAt: string;
  /** Counts the writes of this record from 1; the store sets it. */
  readonly version?: number;
  /** The highest revision that a close ever claimed: a failed close burns its own, so two never share one. */
  readonly claimedRevision?: number;
  /** The close that is under way; others are refused until it ends. */
  readonly closing?: {
    readonly run: string;
    readonly revision: number;
    readonly actor: string;
    readonly startedAt: string;
    /** Whether the bills are to be issued as well: the claim then lasts until they are. */
    readonly issue: boolean;
  } | null;
  /**
   * The revision whose bills are being issued, from before numbers are claimed for them: nothing but
   * their issue can follow, so that no number is lost.
   */
  readonly issuing?: {
    readonly revision: number;
    readonly actor: string;
    readonly at: string;
  } | null;
  /** Why the last close failed; null once one succeeded. */
  readonly failure?: {
    readonly run: string;
    readonly reason: string;
    readonly actor: string;
    readonly at: string;
  } | null;
  /** What the last close's check saw, as the API gives it. */
  readonly completeness?: unknown;
  /** Gaps in the month's data that somebody closed it with nevertheless; null when there were none to accept. */
  readonly acceptedGaps?: {
    readonly reason: string;
    readonly actor: string;
    readonly at: string;
    /** Each by its name. */
    readonly gaps: readonly string[];
  } | null;
  /** The last step of a close, as the audit log tells it, and the head of the log before: an anchor of the log. */
  readonly lastStep?: UntoldFact | null;
  /** What the bills of the revision were made from. */
  readonly generations?: RatedGenerations;
  /** What the last close reported of its bills, for a person to look at before they are issued. */
  readonly checks?: readonly {
    readonly check: string;
    readonly message: string;
    readonly refuses: boolean;
  }[];
  /** Of an issued month: the months whose notes correct it, in the order in which they were issued. */
  readonly corrected?: readonly { readonly by: Month; readonly revision: number }[];
}

/** By region and day: the sum over shards of the generations that were metered. */
export type RatedGenerations = Readonly<Record<string, Readonly<Record<Day, number>>>>;

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
  /** What its projects were called when the month was closed; estimates are shown with the names of today. */
  readonly projectNames?: Readonly<Record<string, string>>;
  /** Whom it is for, as the team was when the month was closed. */
  readonly billedTo?: BilledTo;
  /** What its lines follow from, line by line. */
  readonly terms?: readonly LineTerms[];
  readonly generatedAt: string;
}

export interface BillStore {
  getPeriod(period: Month): Promise<PeriodRecord | null>;
  /** All months that have a record, newest first. */
  listPeriods(): Promise<readonly PeriodRecord[]>;
  /**
   * Writes the record if the stored one is the expected one; `null` expects none. Give `version`
   * where the write must not overtake any other.
   * @throws ProblemError `conflict` when the stored revision, state or version is another
   */
  putPeriod(
    record: PeriodRecord,
    expected: {
      readonly revision: number;
      readonly state: PeriodStateName;
      readonly version?: number;
    } | null,
  ): Promise<void>;
  /**
   * Replaces the bills of the revision as a whole: bills first, a marker last; readers see all or none.
   * Issued bills are replaced by nothing but themselves.
   * @throws ProblemError `conflict` when the revision's bills are issued and these are others
   */
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
  /** What putBills got beside the bills; undefined when the revision has no marker. */
  getExtra(period: Month, revision: number): Promise<unknown>;
  getBill(period: Month, revision: number, team: string): Promise<BillRecord | null>;
  /**
   * Claims `count` numbers of a gap-free series (from 1) for one close; the same claim again gives the same numbers.
   * @throws ProblemError `conflict` when the claim was made for another count
   */
  claimNumbers(series: string, claim: string, count: number): Promise<{ readonly first: number }>;
}

export type JobState = 'queued' | 'running' | 'done' | 'failed';

export const JOB_KINDS = [
  'usage-export',
  'usage-explanation',
  'bill-verification',
  'close-dry-run',
  'bill-explanation',
  'bill-comparison',
  'bill-label-costs',
  'bill-export',
] as const;
type JobKind = (typeof JOB_KINDS)[number];

/** Long work: 202, then this. */
export interface JobRecord {
  readonly id: string;
  readonly kind: JobKind;
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
  /** A job that is `done` stays so: a second delivery of its message changes nothing. */
  put(job: JobRecord): Promise<void>;
  get(id: string): Promise<JobRecord | null>;
}
