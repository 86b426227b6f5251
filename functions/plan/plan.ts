import * as z from 'zod';
import { isMonth, type Month } from '../../lib/period/calendar.ts';
import type { PartitionKey, Partitions } from '../../lib/ports/partitions.ts';

/** What one round of the state machine meters. */
const PARTITIONS_PER_ROUND = 200;

const Event = z.object({
  /** Touched by the rounds before. */
  months: z.array(z.string().refine((text) => isMonth(text))),
  /** What became of the partitions of the last round; empty before the first. */
  metered: z.array(z.object({ metered: z.boolean() })),
});

export interface Plan {
  /** Empty when nothing is due, and when nothing of the last round could be metered. */
  readonly partitions: readonly PartitionKey[];
  /** Those that these partitions and the rounds before lie in, sorted: to be estimated in the end. */
  readonly months: readonly Month[];
}

export interface PlanDeps {
  readonly partitions: Pick<Partitions, 'listDue'>;
  readonly now: () => Date;
}

/**
 * Lists the partitions to meter next, longest due first. A round of which nothing could be metered is
 * the last: what keeps failing waits for the next wake-up.
 */
export function planHandler({ partitions, now }: PlanDeps): (event: unknown) => Promise<Plan> {
  return async (event) => {
    const { months, metered } = Event.parse(event);
    const isStuck = metered.length > 0 && metered.every((partition) => !partition.metered);
    const due = isStuck
      ? []
      : await partitions.listDue({ now: now(), limit: PARTITIONS_PER_ROUND });
    const touched = new Set([...months, ...due.map(({ date }) => date.slice(0, 7))]);
    return { partitions: due, months: [...touched].toSorted() };
  };
}
