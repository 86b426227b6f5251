import type { Region } from '../identifiers.ts';
import type { HoldRule } from '../metering/hold-rules.ts';
import type { MeterTable } from '../metering/meter-table.ts';
import type { Day } from '../period/calendar.ts';
import type { ProjectDay, RegionDay } from './usage-totals.ts';

/** One UTC day of one region (or a shard of it) and all that its usage is computed from. */
export interface DayRequest {
  readonly region: Region;
  readonly date: Day;
  readonly shard: number;
  /** How many shards the region has; a resource is of one shard. */
  readonly shards: number;
  /** Stands in every row of usage. */
  readonly generation: number;
  /** Local files: all sample parts of the day and its two neighbours, in any order. */
  readonly sampleFiles: readonly string[];
  /** Rows in them: how much there is to do. */
  readonly sampleRows: number;
  /** What is metered, and how; the built-in meters alone without. */
  readonly meters?: MeterTable;
  /** Ingests that were retracted: none of their rows count; none without. */
  readonly withoutIngests?: readonly string[];
  /** For every gauge and every instant of the three days, one rule. */
  readonly holdRules: readonly HoldRule[];
  /** Keys of resource metadata that are kept with usage, sorted; none without. */
  readonly labels?: readonly string[];
  /** A local folder of its own, for spilling. */
  readonly scratchFolder: string;
  /** Where to write usage.parquet. */
  readonly usageFile: string;
}

/** What the metering of a day gave beside its file of usage. */
export interface MeteredDay {
  /** Rows in usage.parquet. */
  readonly rows: number;
  /** Sorted by project. */
  readonly projects: readonly ProjectDay[];
  readonly regionDay: RegionDay;
  readonly report: MeteringReport;
}

/** What metering found in the day's samples that somebody may want to know. */
export interface MeteringReport {
  /** Rows of the day in the parts, each row of an ingest once. */
  readonly samples: number;
  /** Of these, rows that say what another row of their identity says (over all objects). */
  readonly duplicates: number;
  /**
   * Of these, rows that contradict another row of their identity: contents beyond the first. By the
   * columns of the lake: rows that differ in a member without a column are duplicates here, and
   * conflicts in the report of their ingest, which alone decides what an operator is shown.
   */
  readonly conflicts: number;
  /** Readings that could not stand in for `vcpus` or `memory`, the size being unknown. */
  readonly unknownSizes: number;
  /** Rows of the day of a configured meter's name that were left out: their type or unit is another. */
  readonly misfits: number;
}

/** Computes the usage of a day from its samples: DESIGN section 4. */
export interface MeteringEngine {
  meterDay(request: DayRequest): Promise<MeteredDay>;
}
