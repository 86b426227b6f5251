import type { Context } from 'aws-lambda';
import type { SweepPorts } from '../../lib/ingest/sweep-landing.ts';
import { sweepLanding } from '../../lib/ingest/sweep-landing.ts';

/** Runs on a schedule; the event says nothing. */
export function sweepHandler(ports: SweepPorts) {
  return async (
    _event: unknown,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<{ readonly offered: number }> => ({
    offered: await sweepLanding(ports, ports.now().getTime() + context.getRemainingTimeInMillis()),
  });
}
