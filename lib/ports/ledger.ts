import type { Region } from '../identifiers.ts';
import type { Day } from '../period/calendar.ts';

/** Rows of an ingest. read = accepted + duplicate + conflict + quarantined; unmetered is part of accepted. */
export interface RowCounts {
  readonly read: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly conflict: number;
  readonly quarantined: number;
  readonly unmetered: number;
}

/**
 * `running`: taken up, not committed. `ingested`: its rows are in the lake. `refused`: the object
 * as a whole could not be read (see `problem`). `retracted`: a person has withdrawn it, and nothing of
 * it counts. All but `running` are final, and nothing follows `retracted`.
 */
export type IngestState = 'running' | 'ingested' | 'refused' | 'retracted';

/** Who withdrew an ingest, when (RFC 3339) and why. */
export interface RetractionNote {
  readonly actor: string;
  readonly at: string;
  readonly reason: string;
}

/** The generation that an ingest set on a partition; it is metered when the partition has metered at least that. */
export interface TouchedPartition {
  readonly date: Day;
  readonly shard: number;
  readonly generation: number;
}

/** What became of one object of the landing bucket. */
export interface Ingest {
  /** SHA-256 (hex, first 32 digits) over region, key and content: a retry overwrites itself. */
  readonly id: string;
  readonly region: Region;
  readonly key: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly format: string;
  readonly state: IngestState;
  readonly counts: RowCounts;
  /** Refused rows by reason code, the commonest first. */
  readonly reasons: readonly {
    readonly code: string;
    readonly count: number;
    readonly example: string;
  }[];
  readonly problem: string | null;
  readonly touched: readonly TouchedPartition[];
  /** Key of the quarantined rows in the lake bucket; null when none were. */
  readonly quarantineKey: string | null;
  /** RFC 3339, when the object was put. */
  readonly receivedAt: string;
  readonly finishedAt: string | null;
  readonly actor: string;
  /** Stands when the state is `retracted`; `touched` then tells from when on usage is without it. */
  readonly retraction?: RetractionNote;
}

/** What came, object by object, and what became of it. */
export interface Ledger {
  /** Idempotent; a final state is never replaced by `running`, and `retracted` by nothing else. */
  put(ingest: Ingest): Promise<void>;
  get(id: string): Promise<Ingest | null>;
  /** The newest ingest of the object under this landing key: how an upload is followed. */
  findByKey(region: Region, key: string): Promise<Ingest | null>;
  /** Whether this very object (key and its put time, to the second) has reached a final state; the sweep asks it. */
  isFinal(region: Region, key: string, putAt: Date): Promise<boolean>;
  /** Newest first; `before` is the `next` of the page before. May lag behind writes. */
  list(query: {
    readonly region: Region;
    readonly limit: number;
    readonly before?: string;
  }): Promise<{ readonly items: readonly Ingest[]; readonly next: string | null }>;
  /** Ingests of rows that this one had refused, mended or not, oldest first. */
  replaysOf(id: string): Promise<readonly Ingest[]>;
  /** Ingests of the region that are `running`. Strongly consistent: a close decides by it. */
  countRunning(region: Region): Promise<number>;
}
