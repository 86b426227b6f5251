import type { Region } from '../identifiers.ts';
import type { MeterTable } from '../metering/meter-table.ts';
import type { InstantUs } from '../period/instant.ts';

/** A sample of the lake with all that stands there of it. */
export interface LakeRow {
  readonly project: string;
  readonly userId: string;
  readonly resource: string;
  /** Any name of the meter: of a configured one the name as received. */
  readonly meter: string;
  readonly type: string;
  readonly unit: string;
  /** In units of 10^-18. */
  readonly volume: bigint;
  readonly time: InstantUs;
  readonly heldUntil: InstantUs | null;
  /** As the lake has it; what decides between rows of one identity. */
  readonly class: string;
  /** As the configuration of the meter reads it; null for a built-in meter. */
  readonly pathClass: string | null;
  readonly deleted: boolean;
  readonly shelved: boolean;
  readonly state: string;
  /** In units of 10^-18; null when unknown. */
  readonly sizeVcpus: bigint | null;
  readonly sizeMemoryMib: bigint | null;
  readonly source: string;
  readonly messageId: string;
  /** Canonical JSON; empty when the row has none. */
  readonly metadata: string;
  /** What the lake has as the row: canonical JSON that rows of one identity are compared by. */
  readonly canonical: string;
  /** The row as received, canonical JSON; null where it stands with another sample that was not read. */
  readonly received: string | null;
  readonly ingestId: string;
  readonly line: number;
}

export interface ResourceSamplesRequest {
  /** Local files: sample parts, in any order. */
  readonly sampleFiles: readonly string[];
  readonly resource: string;
  /** Every name of the meters asked for. */
  readonly names: readonly string[];
  readonly from: InstantUs;
  /** Exclusive. */
  readonly to: InstantUs;
  readonly meters: MeterTable;
  /** Most rows that are read. */
  readonly rowsMax: number;
  /** A local folder of its own, for spilling. */
  readonly scratchFolder: string;
}

/** An hourly row of usage, as metering wrote it. */
export interface RecordedUsage {
  readonly project: string;
  readonly class: string;
  /** Exact decimal text without trailing zeros. */
  readonly quantity: string;
  readonly generation: number;
}

export interface RecordedUsageRequest {
  /** Local files: usage.parquet of the day, in any order. */
  readonly usageFiles: readonly string[];
  readonly region: Region;
  readonly resource: string;
  readonly measure: string;
  /** Its first instant. */
  readonly hour: InstantUs;
  readonly scratchFolder: string;
}

/** Reads the lake of one resource: what its usage was made from, and what was made. */
export interface ResourceSamples {
  /** In any order; null when there are more than `rowsMax`. */
  read(request: ResourceSamplesRequest): Promise<readonly LakeRow[] | null>;
  /** Sorted by project and class. */
  readUsage(request: RecordedUsageRequest): Promise<readonly RecordedUsage[]>;
}
