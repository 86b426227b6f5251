import * as z from 'zod';
import { isRegion } from '../../lib/identifiers.ts';
import {
  type MeteringPorts,
  meterPartition,
  type PartitionOutcome,
} from '../../lib/metering/meter-partition.ts';
import { isDay } from '../../lib/period/calendar.ts';
import type { PartitionKey } from '../../lib/ports/partitions.ts';

const Event = z.object({
  region: z.string().refine(isRegion),
  date: z.string().refine((text) => isDay(text)),
  shard: z.int().min(0),
});

export interface MeterDeps extends MeteringPorts {
  readonly log: (message: string, details: Record<string, unknown>) => void;
}

export interface MeterAnswer extends PartitionKey {
  /** False: it is due still, or somebody else meters it. */
  readonly metered: boolean;
}

/** Meters the partition that the state machine hands it. Throws what makes metering fail. */
export function meterHandler({ log, ...ports }: MeterDeps) {
  return async (event: unknown): Promise<MeterAnswer> => {
    const key = Event.parse(event);
    const result: PartitionOutcome = await meterPartition(ports, key);
    log('partition', { ...key, ...result });
    return { ...key, metered: result.outcome === 'metered' };
  };
}
