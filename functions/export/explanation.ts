import * as z from 'zod';
import { type ExplainPorts, explainUsage } from '../../lib/explain/explain-usage.ts';
import { explanationView } from '../../lib/explain/explanation-view.ts';
import { isRegion } from '../../lib/identifiers.ts';
import { parseInstant } from '../../lib/period/instant.ts';
import type { JobRecord, JobStore } from '../../lib/ports/documents.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import { finishJob } from './finish-job.ts';

export interface ExplanationPorts {
  readonly jobs: JobStore;
  readonly documents: Pick<ObjectStore, 'put'>;
  readonly explain: ExplainPorts;
  readonly now: () => Date;
}

/** As the API took it (POST /v1/usage/explanations). */
const Request = z.object({
  region: z.string().refine(isRegion),
  resource: z.string().min(1),
  measure: z.string().min(1),
  hour: z.string().transform((text) => parseInstant(text) ?? Number.NaN),
  project: z.string().nullish(),
});

/**
 * Carries out a job that explains an hour of usage: the result under `exports/`, then the job `done`.
 *
 * @throws ProblemError what the caller can be told
 */
export async function explainJob(ports: ExplanationPorts, job: JobRecord): Promise<JobRecord> {
  const { project = null, ...question } = Request.parse(job.request);
  const resultKey = `exports/${job.id}.json`;
  return await finishJob(ports, job, async () => {
    const view = explanationView(await explainUsage(ports.explain, question), project ?? null);
    await ports.documents.put(resultKey, new TextEncoder().encode(JSON.stringify(view)), {
      contentType: 'application/json',
    });
    return { resultKey, rows: view.rows.length };
  });
}
