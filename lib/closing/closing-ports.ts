import type { AuditLog } from '../ports/audit.ts';
import type { BudgetStates } from '../ports/budgets.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { BillStore } from '../ports/documents.ts';
import type { Events } from '../ports/events.ts';
import type { LakeIndex } from '../ports/lake-index.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { MonthUsageReader } from '../ports/month-usage.ts';
import type { NameStore } from '../ports/names.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Partitions } from '../ports/partitions.ts';
import type { Regions } from '../ports/regions.ts';
import type { Scratch } from '../ports/scratch.ts';
import type { UsageTotals } from '../ports/usage-totals.ts';

/** What a close needs before and after rating. */
export interface ClosePorts {
  readonly bills: BillStore;
  readonly regions: Pick<Regions, 'list'>;
  readonly ledger: Pick<Ledger, 'countRunning'>;
  readonly partitions: Pick<Partitions, 'list'>;
  readonly lakeIndex: Pick<LakeIndex, 'list'>;
  readonly totals: Pick<UsageTotals, 'listRegionDays'>;
  readonly configuration: Pick<ConfigStore, 'list'>;
  readonly audit: Pick<AuditLog, 'prepare' | 'tell'>;
  readonly documents: Pick<ObjectStore, 'put'>;
  readonly now: () => Date;
  /** How long a close waits for running ingests and metering before it is refused. */
  readonly patienceSeconds: number;
  readonly wait: (seconds: number) => Promise<void>;
}

/** What rating a month needs. */
export interface RatePorts {
  readonly bills: BillStore;
  readonly regions: Pick<Regions, 'list'>;
  readonly partitions: Pick<Partitions, 'list'>;
  readonly configuration: Pick<ConfigStore, 'list'>;
  readonly audit: Pick<AuditLog, 'prepare' | 'tell'>;
  readonly lake: Pick<ObjectStore, 'list' | 'download'>;
  readonly documents: Pick<ObjectStore, 'get' | 'head' | 'put' | 'upload'>;
  readonly usage: MonthUsageReader;
  /** A closed month keeps the names of its close. */
  readonly names: Pick<NameStore, 'find'>;
  readonly scratch: Scratch;
  /** SHA-256 of a local file, 64 hex digits. */
  readonly sha256OfFile: (path: string) => Promise<string>;
  readonly now: () => Date;
  /** Of the deployed code: stands in the manifest. */
  readonly codeVersion: string;
}

/** Estimates are held against the budgets of teams. */
export interface EstimatePorts extends RatePorts {
  readonly budgets: Pick<BudgetStates, 'reach' | 'sent'>;
  readonly events: Events;
}

/** One run of the state machine `close`. */
export interface CloseRun {
  /** Name of the execution: the claim on the month is held under it. */
  readonly run: string;
  readonly actor: string;
}
