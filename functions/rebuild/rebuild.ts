import * as z from 'zod';
import { isRegion } from '../../lib/identifiers.ts';
import { type RebuildProgress, rebuild, startOf } from '../../lib/rebuild/rebuild.ts';
import type { RebuildPorts } from '../../lib/rebuild/rebuild-ports.ts';

/** What the API starts a run with, and what a call hands to the next. */
const Event = z.object({
  region: z
    .string()
    .refine((text) => isRegion(text))
    .nullable(),
  dryRun: z.boolean(),
  cursor: z.object({ step: z.string(), after: z.string().nullable() }).nullish(),
  restored: z.record(z.string(), z.number()).nullish(),
});

export interface RebuildDeps extends RebuildPorts {
  readonly log: (message: string, details: Record<string, unknown>) => void;
}

/** One call of the state machine `rebuilding`, which calls until it is done. */
export function rebuildHandler({ log, ...ports }: RebuildDeps) {
  return async (event: unknown): Promise<RebuildProgress> => {
    const { region, dryRun, cursor, restored } = Event.parse(event);
    const begun = startOf({ region: region as RebuildProgress['region'], dryRun });
    const progress = { ...begun, cursor: cursor ?? null, restored: restored ?? {} };
    const next = await rebuild(ports, progress);
    log('rebuild', { ...next });
    return next;
  };
}
