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

/** Index of the parts that manifests name: the only ones that readers know. Rebuilt from the manifests. */
export interface LakeIndex {
  /** Idempotent. */
  add(parts: readonly SamplePart[]): Promise<void>;
  /** Parts of the day, in the order of their keys. Strongly consistent. */
  list(region: Region, date: Day): Promise<readonly SamplePart[]>;
}
