import type { InstantUs } from '../period/instant.ts';
import type { Attributes } from './attributes.ts';

/** An accepted row, as the lake keeps it (docs/architecture.md, lake schemas). */
export interface Sample {
  readonly project: string;
  readonly userId: string;
  readonly resource: string;
  /** The canonical name of a known meter, or the name as received. */
  readonly meter: string;
  readonly type: string;
  readonly unit: string;
  /** In units of 10^-18. */
  readonly volume: bigint;
  readonly time: InstantUs;
  /**
   * Until when a gauge reading is known to hold, within the UTC day of `time` (its end at most): of
   * records over a period. Null for polls.
   */
  readonly heldUntil: InstantUs | null;
  readonly class: string;
  readonly source: string;
  readonly messageId: string;
  readonly attributes: Attributes;
  /** The row as received, as canonical JSON, is rowHead + attributes.canonical + rowTail, with rowValues in their places. */
  readonly rowHead: string;
  readonly rowTail: string;
  /** What row-values.ts sets into the row; null where head and tail are the row's own. */
  readonly rowValues: string | null;
  /**
   * What else two rows must agree in to be one reading told twice: canonical JSON of the members
   * that have no column of their own.
   */
  readonly others: string;
  /** Where the row starts in its object, from 1. */
  readonly line: number;
  /**
   * Whether it stands for its row in the ledger's counts: of the samples that one row gives only the
   * first does, so that each row counts once.
   */
  readonly leads: boolean;
  /** False for a meter that no measure is made from. */
  readonly metered: boolean;
}
