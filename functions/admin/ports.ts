import type { AuditLog } from '../../lib/ports/audit.ts';
import type { ByteWork } from '../../lib/ports/byte-work.ts';
import type { ConfigStore } from '../../lib/ports/config-store.ts';
import type { BillStore, JobStore } from '../../lib/ports/documents.ts';
import type { Ledger } from '../../lib/ports/ledger.ts';
import type { Messages, Workflow } from '../../lib/ports/messages.ts';
import type { NameStore } from '../../lib/ports/names.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import type { Partitions } from '../../lib/ports/partitions.ts';
import type { Regions } from '../../lib/ports/regions.ts';
import type { Retractions, Withdrawable } from '../../lib/ports/retractions.ts';
import type { PullRequests } from '../../lib/ports/sources.ts';

/** What the writing routes work on. */
export interface AdminPorts {
  readonly configuration: ConfigStore;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly regions: Regions;
  readonly partitions: Partitions;
  readonly bills: Pick<BillStore, 'getPeriod' | 'getBill' | 'getExtra'>;
  readonly jobs: JobStore;
  readonly names: NameStore;
  /** For presigned uploads, and refused rows that are sent again. */
  readonly landing: Pick<ObjectStore, 'presignPut' | 'put'>;
  readonly messages: Messages;
  readonly pulls: PullRequests;
  readonly closing: Workflow;
  readonly forecasting: Workflow;
  readonly rebuilding: Workflow;
  readonly now: () => Date;
  readonly uuid: () => string;
  /** From a change of settings, or a retraction, to the wake-up of metering. */
  readonly wakeupDelaySeconds: number;
  readonly ledger: Ledger;
  readonly lake: Pick<ObjectStore, 'get' | 'put' | 'open'>;
  readonly bytes: Pick<ByteWork, 'sha256'>;
  readonly retractions: Retractions;
  /** Everything but the lake that ingests write to. */
  readonly withdrawables: readonly Withdrawable[];
}
