import { factOf } from '../../lib/audit/audit-entry.ts';
import type { JobRecord } from '../../lib/ports/documents.ts';
import { jobView } from '../http/job-view.ts';
import { json, type Reply } from '../http/reply.ts';
import type { AdminPorts } from './ports.ts';

export type JobPorts = Pick<AdminPorts, 'jobs' | 'messages' | 'audit' | 'now' | 'uuid'>;

/** Writes a job for the export function, tells it, and answers where to follow it. */
export async function startJob(
  ports: JobPorts,
  { kind, request, actor }: Pick<JobRecord, 'kind' | 'request' | 'actor'>,
): Promise<Reply> {
  const at = ports.now().toISOString();
  const job: JobRecord = {
    id: ports.uuid(),
    kind,
    state: 'queued',
    request,
    problem: null,
    resultKey: null,
    rows: null,
    actor,
    createdAt: at,
    updatedAt: at,
  };
  await ports.jobs.put(job);
  await ports.messages.startUsageExport(job.id);
  const action = `${kind}.create`;
  await ports.audit.append(factOf({ at, actor, action, subject: job.id }));
  const view = jobView(job, null);
  return json(202, view, { location: view.location });
}
