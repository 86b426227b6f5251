import { ProblemError } from '../../lib/errors.ts';
import { storedMeters } from '../../lib/metering/stored-meters.ts';
import { explainUsage } from '../http/contracts/explanations.ts';
import { requireRegion } from '../http/known-region.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import { usageExportView } from '../http/usage-export-view.ts';
import type { AdminPorts } from './ports.ts';
import { startJob } from './start-job.ts';

export function explanationRoutes(
  ports: Pick<
    AdminPorts,
    'jobs' | 'regions' | 'messages' | 'configuration' | 'audit' | 'now' | 'uuid'
  >,
): Implementation[] {
  return [
    implement(explainUsage, async ({ body, actor }) => {
      const { units } = await storedMeters(ports.configuration);
      if (!units.has(body.measure)) {
        const message = `"${body.measure}" is not a measure; these are: ${[...units.keys()].join(', ')}`;
        throw new ProblemError('invalid', `${message}.`, [{ pointer: '/measure', message }]);
      }
      await requireRegion(ports.regions, body.region);
      const job = await startJob(ports, { kind: 'usage-explanation', request: body, actor });
      const view = usageExportView(job, null);
      return json(202, view, { location: view.location });
    }),
  ];
}
