import { retractIngest as retract } from '../../lib/retraction/retract-ingest.ts';
import { retractIngest } from '../http/contracts/retraction.ts';
import { ingestViews } from '../http/ingest-views.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { AdminPorts } from './ports.ts';

type RetractionPorts = Pick<
  AdminPorts,
  | 'ledger'
  | 'lake'
  | 'retractions'
  | 'withdrawables'
  | 'partitions'
  | 'configuration'
  | 'audit'
  | 'messages'
  | 'now'
  | 'wakeupDelaySeconds'
>;

export function retractionRoutes(ports: RetractionPorts): Implementation[] {
  const seconds = ports.wakeupDelaySeconds;
  const retractionPorts = {
    ...ports,
    config: ports.configuration,
    // A person waits for it: the neighbours with no less hurry.
    delays: { wakeupSeconds: seconds, neighbourSeconds: seconds },
  };
  return [
    implement(retractIngest, async ({ params, body, actor }) => {
      const ingest = await retract(retractionPorts, {
        ingestId: params.id,
        reason: body.reason,
        actor,
      });
      const [view] = await ingestViews(ports.partitions, [ingest]);
      return json(200, view);
    }),
  ];
}
