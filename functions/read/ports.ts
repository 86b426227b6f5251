import type { AuditLog } from '../../lib/ports/audit.ts';
import type { BudgetStates } from '../../lib/ports/budgets.ts';
import type { CapacityStore, ImportedDemand } from '../../lib/ports/capacity-store.ts';
import type { ConfigStore } from '../../lib/ports/config-store.ts';
import type { BillStore, ForecastStore, JobStore } from '../../lib/ports/documents.ts';
import type { LakeIndex } from '../../lib/ports/lake-index.ts';
import type { Ledger } from '../../lib/ports/ledger.ts';
import type { Workflow } from '../../lib/ports/messages.ts';
import type { NameStore } from '../../lib/ports/names.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import type { Partitions } from '../../lib/ports/partitions.ts';
import type { RatedDays } from '../../lib/ports/rated-history.ts';
import type { Regions } from '../../lib/ports/regions.ts';
import type { SourceStates } from '../../lib/ports/sources.ts';
import type { SurveyStore } from '../../lib/ports/surveys.ts';
import type { UsageTotals } from '../../lib/ports/usage-totals.ts';

/** Runs of one state machine, by the name that their start gave. */
export interface Runs {
  readonly describe: (name: string) => ReturnType<Workflow['describe']>;
}

/** What the GET routes answer from. */
export interface ReadPorts {
  readonly regions: Regions;
  readonly ledger: Ledger;
  readonly partitions: Partitions;
  readonly lakeIndex: Pick<LakeIndex, 'list'>;
  readonly totals: UsageTotals;
  readonly imported: ImportedDemand;
  readonly capacity: CapacityStore;
  readonly configuration: ConfigStore;
  readonly audit: Pick<AuditLog, 'list'>;
  readonly sources: Pick<SourceStates, 'get' | 'list'>;
  readonly rated: Pick<RatedDays, 'list'>;
  readonly forecasts: ForecastStore;
  readonly surveys: Pick<SurveyStore, 'latest'>;
  readonly bills: BillStore;
  readonly budgets: Pick<BudgetStates, 'list'>;
  readonly jobs: JobStore;
  readonly names: NameStore;
  /** For quarantined rows only. */
  readonly lake: Pick<ObjectStore, 'open' | 'presignGet'>;
  /** For presigned results only. */
  readonly documents: Pick<ObjectStore, 'presignGet'>;
  readonly closeRuns: Runs;
  readonly forecastRuns: Runs;
  readonly rebuildRuns: Runs;
  readonly now: () => Date;
  readonly version: string;
}
