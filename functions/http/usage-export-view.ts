import type { JobRecord } from '../../lib/ports/documents.ts';

/** An export job as the API shows it. */
export function usageExportView(job: JobRecord, url: string | null) {
  const { id, state, rows, problem, createdAt, updatedAt, actor } = job;
  const location = `/v1/usage/exports/${id}`;
  return { id, state, rows, problem, url, location, createdAt, updatedAt, actor };
}
