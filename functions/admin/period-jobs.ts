import type { Month } from '../../lib/period/calendar.ts';
import type { JobRecord } from '../../lib/ports/documents.ts';
import { dryRunClose, verifyBills } from '../http/contracts/period-jobs.ts';
import { json, type Reply } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import { usageExportView } from '../http/usage-export-view.ts';
import { startJob } from './start-job.ts';

/** Work on a month that changes nothing: its answer is a file that expires. */
export function periodJobRoutes(ports: Parameters<typeof startJob>[0]): Implementation[] {
  return [
    implement(verifyBills, ({ params: { period }, body, actor }) =>
      start('bill-verification', { period, team: body.team ?? null }, actor),
    ),
    implement(dryRunClose, ({ params: { period }, actor }) =>
      start('close-dry-run', { period }, actor),
    ),
  ];

  async function start(
    kind: JobRecord['kind'],
    request: { readonly period: Month; readonly team?: string | null },
    actor: string,
  ): Promise<Reply> {
    const job = await startJob(ports, { kind, request, actor });
    const view = usageExportView(job, null);
    return json(202, view, { location: view.location });
  }
}
