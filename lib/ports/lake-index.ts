import type { Region } from '../identifiers.ts';
import type { Day } from '../period/calendar.ts';

/** A Parquet object of accepted samples of one region and day, named by a manifest. */
export interface SamplePart {
  readonly region: Region;
  readonly date: Day;
  /** lake/samples/region=R/date=D/<content hash>.parquet */
  readonly key: string;
  readonly rows: number;
}

/** A part that was put in the place of others, which readers have not seen since. */
export interface MergedPart extends SamplePart {
  /** Keys of the parts that it has all rows of. */
  readonly replaces: readonly string[];
  /** RFC 3339. */
  readonly replacedAt: string;
}

/** Index of the parts that manifests name: the only ones that readers know. Rebuilt from the manifests. */
export interface LakeIndex {
  /** Idempotent. */
  add(parts: readonly SamplePart[]): Promise<void>;
  /** Parts of the day without those that others replace, in the order of their keys. Strongly consistent. */
  list(region: Region, date: Day): Promise<readonly SamplePart[]>;
  /** Puts the part in the place of others, for all readers at one instant. Idempotent. */
  replace(part: MergedPart): Promise<void>;
  /** Parts of the day whose replaced ones are still known. */
  listMerged(region: Region, date: Day): Promise<readonly MergedPart[]>;
  /** Forgets what the part replaces. Idempotent. */
  settle(part: MergedPart): Promise<void>;
}
