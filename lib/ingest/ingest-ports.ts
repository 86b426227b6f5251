import type { Region } from '../identifiers.ts';
import type { ByteWork } from '../ports/byte-work.ts';
import type { CapacityStore, ImportedDemand } from '../ports/capacity-store.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { LakeIndex } from '../ports/lake-index.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Messages } from '../ports/messages.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Partitions } from '../ports/partitions.ts';
import type { Regions } from '../ports/regions.ts';
import type { SampleParts } from '../ports/sample-parts.ts';
import type { RatedHistory } from '../rated-history/rated-history.ts';
import type { IngestLimits } from './limits.ts';

/** All that ingest needs of the world. */
export interface IngestPorts {
  readonly landing: ObjectStore;
  readonly lake: ObjectStore;
  readonly ledger: Ledger;
  readonly lakeIndex: LakeIndex;
  readonly partitions: Partitions;
  readonly messages: Pick<Messages, 'wakeMetering'>;
  readonly regions: Pick<Regions, 'ensure'>;
  readonly config: Pick<ConfigStore, 'get' | 'list'>;
  readonly capacity: Pick<CapacityStore, 'put'>;
  readonly importedDemand: Pick<ImportedDemand, 'put'>;
  readonly ratedHistory: Pick<RatedHistory, 'put'>;
  readonly sampleParts: SampleParts;
  readonly bytes: ByteWork;
  readonly now: () => Date;
  readonly limits: IngestLimits;
  readonly delays: IngestDelays;
  /** What Ceilometer must have signed the messages of a region with; null: signatures are not looked at. */
  readonly telemetrySecret: (region: Region) => Promise<string | null>;
}

/** How long metering waits for more of the same day, in seconds. */
export interface IngestDelays {
  readonly wakeupSeconds: number;
  /** For the days before and after, which change only at their edges. */
  readonly neighbourSeconds: number;
}
