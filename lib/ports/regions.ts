import type { Region } from '../identifiers.ts';

/** Regions are created by their first data. */
export interface Regions {
  ensure(region: Region, at: Date): Promise<void>;
  /** Sorted by name. */
  list(): Promise<readonly { readonly region: Region; readonly createdAt: string }[]>;
  exists(region: Region): Promise<boolean>;
}
