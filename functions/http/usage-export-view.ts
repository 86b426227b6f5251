import type { JobRecord } from '../../lib/ports/documents.ts';

/** A job of the export function as the API shows it. */
export function usageExportView(job: JobRecord, url: string | null) {
  const { id, state, rows, problem, createdAt, updatedAt, actor } = job;
  const kind = job.kind === 'usage-export' ? 'exports' : 'explanations';
  const location = `/v1/usage/${kind}/${id}`;
  return { id, state, rows, problem, url, location, createdAt, updatedAt, actor };
}
