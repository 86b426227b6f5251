import { billingWiring } from './billing-wiring.ts';
import { ingestWiring } from './ingest-wiring.ts';
import { meteringWiring } from './metering-wiring.ts';
import { sourceWiring } from './source-wiring.ts';
import { upkeepWiring } from './upkeep-wiring.ts';
import type { DataResources, Wiring, WorkerName } from './wiring.ts';

/** Every function that no state machine is started by. */
export function workerWiring(resources: DataResources): Readonly<Record<WorkerName, Wiring>> {
  return {
    ...ingestWiring(resources),
    ...meteringWiring(resources),
    ...billingWiring(resources),
    ...sourceWiring(resources),
    ...upkeepWiring(resources),
  };
}
