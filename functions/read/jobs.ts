import { ProblemError } from '../../lib/errors.ts';
import type { JobRecord } from '../../lib/ports/documents.ts';
import { getBillExport } from '../http/contracts/bill-exports.ts';
import {
  getBillComparison,
  getBillExplanation,
  getLabelCosts,
} from '../http/contracts/bill-jobs.ts';
import { getExplanation } from '../http/contracts/explanations.ts';
import { getDryRun, getVerification } from '../http/contracts/period-jobs.ts';
import { getUsageExport } from '../http/contracts/usage.ts';
import { jobView } from '../http/job-view.ts';
import { json, type Reply } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

const RESULT_URL_SECONDS = 900;

/** What jobs are called. */
const NAMES: Readonly<Record<JobRecord['kind'], string>> = {
  'usage-export': 'export',
  'usage-explanation': 'explanation',
  'bill-verification': 'verification',
  'close-dry-run': 'dry run',
  'bill-explanation': 'explanation',
  'bill-comparison': 'comparison',
  'bill-label-costs': 'costs by a label',
  'bill-export': 'export',
};

/** How far work is that was asked for, and where its result is. */
export function jobRoutes(ports: Pick<ReadPorts, 'jobs' | 'documents'>): Implementation[] {
  return [
    implement(getUsageExport, ({ params }) => usageJob('usage-export', params.id)),
    implement(getExplanation, ({ params }) => usageJob('usage-explanation', params.id)),
    implement(getVerification, ({ params }) => periodJob('bill-verification', params)),
    implement(getDryRun, ({ params }) => periodJob('close-dry-run', params)),
    implement(getBillExplanation, ({ params }) => periodJob('bill-explanation', params)),
    implement(getBillComparison, ({ params }) => periodJob('bill-comparison', params)),
    implement(getLabelCosts, ({ params }) => periodJob('bill-label-costs', params)),
    implement(getBillExport, ({ params }) => periodJob('bill-export', params)),
  ];

  async function usageJob(kind: JobRecord['kind'], id: string): Promise<Reply> {
    const job = await ports.jobs.get(id);
    if (job?.kind !== kind) throw noJob(`${NAMES[kind]} ${id}`);
    return json(200, jobView(job, await urlOf(job)));
  }

  async function periodJob(
    kind: JobRecord['kind'],
    { period, id }: { readonly period: string; readonly id: string },
  ): Promise<Reply> {
    const job = await ports.jobs.get(id);
    if (job?.kind === kind) {
      const view = jobView(job, await urlOf(job));
      if (view.location.startsWith(`/v1/periods/${period}/`)) return json(200, view);
    }
    throw noJob(`${NAMES[kind]} ${id} of ${period}`);
  }

  async function urlOf({ kind, state, resultKey }: JobRecord): Promise<string | null> {
    if (state !== 'done' || resultKey === null) return null;
    const name = resultKey.slice(resultKey.lastIndexOf('/') + 1);
    const fileName = kind.startsWith('usage-') ? `usage-${name}` : `${kind}-${name}`;
    return await ports.documents.presignGet(resultKey, {
      expiresSeconds: RESULT_URL_SECONDS,
      fileName,
    });
  }
}

function noJob(name: string): ProblemError {
  const message = `There is no ${name}. They are kept for some days; start it again.`;
  return new ProblemError('not_found', message);
}
