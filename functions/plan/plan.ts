import type { PartitionKey, Partitions } from '../../lib/ports/partitions.ts';

/** What one round of the state machine meters. */
const PARTITIONS_PER_ROUND = 200;

export interface Plan {
  readonly partitions: readonly PartitionKey[];
  /** More are due than this round takes. */
  readonly more: boolean;
}

export interface PlanDeps {
  readonly partitions: Pick<Partitions, 'listDue'>;
  readonly now: () => Date;
}

/** Lists the partitions to meter next, longest due first. */
export function planHandler({ partitions, now }: PlanDeps): () => Promise<Plan> {
  return async () => {
    const due = await partitions.listDue({ now: now(), limit: PARTITIONS_PER_ROUND + 1 });
    return {
      partitions: due.slice(0, PARTITIONS_PER_ROUND),
      more: due.length > PARTITIONS_PER_ROUND,
    };
  };
}
