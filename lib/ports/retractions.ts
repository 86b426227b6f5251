import type { Region } from '../identifiers.ts';
import type { Day } from '../period/calendar.ts';

/** An ingest that was withdrawn: none of its rows count any more. */
export interface Retraction {
  readonly ingestId: string;
  readonly region: Region;
  /** Landing key of its object, which stays where it is. */
  readonly key: string;
  readonly sha256: string;
  /** Days of its rows, in order; to be metered again without them. */
  readonly days: readonly Day[];
  readonly reason: string;
  readonly actor: string;
  /** RFC 3339. */
  readonly retractedAt: string;
}

/** Index of the tombstones in the lake: what metering leaves out. Rebuilt from them. */
export interface Retractions {
  /** Idempotent. */
  add(retraction: Retraction): Promise<void>;
  /** Ids of all ingests of the region that were withdrawn, sorted. Strongly consistent. */
  list(region: Region): Promise<readonly string[]>;
}

/** A store that ingests write to beside the lake, and that can take one of them back. */
export interface Withdrawable {
  /** Removes what the ingest put. Idempotent. */
  withdraw(region: Region, ingestId: string): Promise<void>;
}
