import * as z from 'zod';
import { type DryRunPorts, dryRunClose } from '../../lib/closing/dry-run.ts';
import { type VerifyPorts, verifyClose } from '../../lib/closing/verify-close.ts';
import { isMonth } from '../../lib/period/calendar.ts';
import type { JobRecord, JobStore } from '../../lib/ports/documents.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';

export interface PeriodJobPorts {
  readonly jobs: JobStore;
  /** Where results are put, which expire. */
  readonly documents: Pick<ObjectStore, 'put'>;
  readonly closing: VerifyPorts & DryRunPorts;
  readonly now: () => Date;
}

const Request = z.object({
  period: z.string().refine((text) => isMonth(text)),
  team: z.string().nullish(),
});

/**
 * Carries out a job on a month that changes nothing of it: verifies its bills, or closes it dry.
 *
 * @throws ProblemError what the caller can be told
 */
export async function periodJob(ports: PeriodJobPorts, job: JobRecord): Promise<JobRecord> {
  const { period, team = null } = Request.parse(job.request);
  const { jobs, documents, closing, now } = ports;
  await jobs.put({ ...job, state: 'running', updatedAt: now().toISOString() });
  const result =
    job.kind === 'bill-verification'
      ? await verifyClose(closing, { period, team })
      : await dryRunClose(closing, period);
  const resultKey = `exports/${job.id}.json`;
  await documents.put(resultKey, new TextEncoder().encode(JSON.stringify(result)), {
    contentType: 'application/json',
  });
  const updatedAt = now().toISOString();
  const done: JobRecord = {
    ...job,
    state: 'done',
    problem: null,
    resultKey,
    rows: null,
    updatedAt,
  };
  await jobs.put(done);
  return done;
}
