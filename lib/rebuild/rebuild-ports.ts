import type { Region } from '../identifiers.ts';
import type { CapacityStore, ImportedDemand } from '../ports/capacity-store.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { BillStore, ForecastStore } from '../ports/documents.ts';
import type { LakeIndex } from '../ports/lake-index.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Messages } from '../ports/messages.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Partitions } from '../ports/partitions.ts';
import type { Regions } from '../ports/regions.ts';
import type { Retractions } from '../ports/retractions.ts';
import type { RatedHistoryPorts } from '../rated-history/rated-history.ts';

/** Where a rebuild reads, and the stores that it writes. */
export interface RebuildPorts {
  readonly lake: Pick<ObjectStore, 'get' | 'put' | 'list'>;
  readonly documents: Pick<ObjectStore, 'get' | 'list'>;
  readonly configuration: Pick<ConfigStore, 'get'>;
  readonly regions: Pick<Regions, 'ensure'>;
  readonly lakeIndex: Pick<LakeIndex, 'add'>;
  readonly ledger: Pick<Ledger, 'put'>;
  readonly partitions: Pick<Partitions, 'restore'>;
  readonly retractions: Pick<Retractions, 'add' | 'list'>;
  readonly capacity: Pick<CapacityStore, 'put'>;
  readonly importedDemand: Pick<ImportedDemand, 'put'>;
  readonly ratedDays: RatedHistoryPorts['days'];
  readonly forecasts: Pick<ForecastStore, 'put'>;
  readonly bills: Pick<
    BillStore,
    'getPeriod' | 'putPeriod' | 'putBills' | 'listPeriods' | 'listBills' | 'claimNumbers'
  >;
  readonly messages: Pick<Messages, 'wakeMetering'>;
  readonly now: () => Date;
  /** After so long a call ends and says where to go on. */
  readonly budgetSeconds: number;
}

/** What is to be made again. */
export interface RebuildRequest {
  /** Null: all regions, and the bills. */
  readonly region: Region | null;
  /** Reads and counts, and writes nothing. */
  readonly dryRun: boolean;
}

/** What restores one kind of thing. */
export interface RebuildStep {
  /** As the report counts it. */
  readonly name: string;
  readonly bucket: 'lake' | 'documents';
  /** Of the objects that tell it, without and with a region; null: not told by region, so left out for one. */
  readonly prefix: (region: Region | null) => string | null;
  /** Those of the keys that count; all without it. For few keys: they are all known before the first is read. */
  readonly select?: (keys: readonly string[]) => readonly string[];
  /** False when the object turns out not to count. */
  readonly restore: (context: StepContext, object: StoredRecord) => Promise<boolean>;
}

/** What the steps of a rebuild share. */
export interface StepContext extends RebuildRequest {
  readonly ports: RebuildPorts;
  /** Ids of the region's withdrawn ingests, as the tombstones in the lake say. */
  readonly retracted: (region: Region) => Promise<ReadonlySet<string>>;
  /** Parts that a compaction has put another in the place of. */
  readonly replaced: () => Promise<ReadonlySet<string>>;
}

/** An object that a step restores from. */
export interface StoredRecord {
  readonly key: string;
  readonly value: unknown;
}
