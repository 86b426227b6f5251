import type { Region } from '../identifiers.ts';
import type { Sample } from '../ingest/sample.ts';
import type { Day } from '../period/calendar.ts';

/** Rows of one ingest after its doubles are resolved. accepted + duplicate + conflict is what was added. */
export interface StagedCounts {
  readonly accepted: number;
  readonly duplicate: number;
  readonly conflict: number;
  /** Of the accepted. */
  readonly unmetered: number;
  /** Days of the accepted rows, in order. */
  readonly days: readonly Day[];
}

/** A Parquet file on the local disk; removed once it was taken. */
export interface PartFile {
  readonly region: Region;
  readonly date: Day;
  readonly rows: number;
  readonly path: string;
  /** Of the file's bytes. */
  readonly sha256: string;
}

/** Text that grows on the local disk. */
export interface TextFile {
  readonly path: string;
  append(text: string): void;
  /** Nothing can be appended afterwards. */
  close(): void;
}

/** Rows of the ingests that are committed together. They wait on the local disk, not in memory. */
export interface SampleBatch {
  /** Rows that are added from now on belong to this ingest. */
  begin(ingest: { readonly id: string; readonly region: Region }): Promise<void>;
  add(sample: Sample): void;
  /** What the readings that are added by `addReadings` share with this sample: all but time, volume, message and line. */
  addSeries(sample: Sample): number;
  /**
   * Readings of such series, a line of text each, which costs a tenth of adding samples. A line holds, between
   * tabs: the series' number; the time; the volume's digits and how many of them stand after the point; the message
   * id; the row's values (row-values.ts); the row's line in its object. None of them contains a control
   * character but for the separator of values.
   * @param lines whole lines; their memory is the caller's again afterwards
   */
  addReadings(lines: Uint8Array): void;
  /** Resolves when more can be added: what was added is on its way to the disk. */
  ready(): Promise<void>;
  /** Takes back all rows of an ingest. */
  forget(ingestId: string): Promise<void>;
  /** Leaves one row per identity and ingest, the greatest (DESIGN section 3), and counts. Call it once, after all rows. */
  settle(): Promise<ReadonlyMap<string, StagedCounts>>;
  /**
   * Parts of one region and day each, with a bounded number of rows, in the order of region, day and rows: the same rows
   * give the same bytes, in whatever order they were added.
   */
  writeParts(take: (part: PartFile) => Promise<void>): Promise<void>;
  textFile(): TextFile;
}

/** Makes the sample parts of a batch of ingests. */
export interface SampleParts {
  /** Whatever the batch kept on disk is gone when `use` ends. */
  withBatch<T>(use: (batch: SampleBatch) => Promise<T>): Promise<T>;
}

/** Takes the samples of an object as they are read. A batch that takes readings of series is filled faster. */
export type SampleTaker = Pick<SampleBatch, 'add'> &
  Partial<Pick<SampleBatch, 'addSeries' | 'addReadings'>>;
