import type { JobRecord, JobStore } from '../../ports/documents.ts';

export function memoryJobStore(): JobStore {
  const jobs = new Map<string, JobRecord>();
  return {
    async put(job) {
      if (jobs.get(job.id)?.state === 'done' && job.state !== 'done') return;
      jobs.set(job.id, structuredClone(job));
    },
    async get(id) {
      return structuredClone(jobs.get(id) ?? null);
    },
  };
}
