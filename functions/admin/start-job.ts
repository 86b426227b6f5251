import { factOf } from '../../lib/audit/audit-entry.ts';
import type { JobRecord } from '../../lib/ports/documents.ts';
import type { AdminPorts } from './ports.ts';

/** Writes a job for the export function, and tells it. */
export async function startJob(
  ports: Pick<AdminPorts, 'jobs' | 'messages' | 'audit' | 'now' | 'uuid'>,
  { kind, request, actor }: Pick<JobRecord, 'kind' | 'request' | 'actor'>,
): Promise<JobRecord> {
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
  return job;
}
