import type { JobRecord, JobStore } from '../../lib/ports/documents.ts';

interface JobPorts {
  readonly jobs: JobStore;
  readonly now: () => Date;
}

/** Marks a job as running, does its work, and marks it as done with what came out. */
export async function finishJob(
  { jobs, now }: JobPorts,
  job: JobRecord,
  work: () => Promise<Pick<JobRecord, 'resultKey' | 'rows'>>,
): Promise<JobRecord> {
  await jobs.put({ ...job, state: 'running', updatedAt: now().toISOString() });
  const { resultKey, rows } = await work();
  const updatedAt = now().toISOString();
  const done: JobRecord = { ...job, state: 'done', problem: null, resultKey, rows, updatedAt };
  await jobs.put(done);
  return done;
}
