import { ProblemError } from '../../lib/errors.ts';
import { createUsageExport } from '../http/contracts/usage.ts';
import { requireRegion } from '../http/known-region.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import { usageExportView } from '../http/usage-export-view.ts';
import type { AdminPorts } from './ports.ts';
import { startJob } from './start-job.ts';

export function usageExportRoutes(
  ports: Pick<AdminPorts, 'jobs' | 'regions' | 'messages' | 'audit' | 'now' | 'uuid'>,
): Implementation[] {
  return [
    implement(createUsageExport, async ({ body, actor }) => {
      if (body.from >= body.to) {
        const message = `is exclusive and must be after from: ${body.from} to ${body.to} holds no day`;
        throw new ProblemError('invalid', `"to" ${message}.`, [{ pointer: '/to', message }]);
      }
      await requireRegion(ports.regions, body.region);
      const job = await startJob(ports, { kind: 'usage-export', request: body, actor });
      const view = usageExportView(job, null);
      return json(202, view, { location: view.location });
    }),
  ];
}
