import { ProblemError } from '../../lib/errors.ts';
import type { JobRecord } from '../../lib/ports/documents.ts';
import { getBillExport } from '../http/contracts/bill-exports.ts';
import { getBillComparison, getBillExplanation } from '../http/contracts/bill-jobs.ts';
import { getExplanation } from '../http/contracts/explanations.ts';
import { getDryRun, getVerification } from '../http/contracts/period-jobs.ts';
import { getUsageExport } from '../http/contracts/usage.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import { usageExportView } from '../http/usage-export-view.ts';
import type { ReadPorts } from './ports.ts';

const RESULT_URL_SECONDS = 900;

/** What jobs on a month are called. */
const PERIOD_JOBS = {
  'bill-verification': 'verification',
  'close-dry-run': 'dry run',
  'bill-explanation': 'explanation',
  'bill-comparison': 'comparison',
  'bill-export': 'export',
} as const;

export function usageExportRoutes(ports: Pick<ReadPorts, 'jobs' | 'documents'>): Implementation[] {
  return [
    implement(getUsageExport, async ({ params }) => {
      const job = await ports.jobs.get(params.id);
      if (job === null || job.kind !== 'usage-export') {
        throw new ProblemError(
          'not_found',
          `There is no export ${params.id}. Exports are kept for some days; start it again.`,
        );
      }
      return json(200, usageExportView(job, await urlOf(job)));
    }),
    implement(getExplanation, async ({ params }) => {
      const job = await ports.jobs.get(params.id);
      if (job === null || job.kind !== 'usage-explanation') {
        throw new ProblemError(
          'not_found',
          `There is no explanation ${params.id}. They are kept for some days; ask again.`,
        );
      }
      return json(200, usageExportView(job, await urlOf(job)));
    }),
    implement(getVerification, ({ params }) => periodJob('bill-verification', params)),
    implement(getDryRun, ({ params }) => periodJob('close-dry-run', params)),
    implement(getBillExplanation, ({ params }) => periodJob('bill-explanation', params)),
    implement(getBillComparison, ({ params }) => periodJob('bill-comparison', params)),
    implement(getBillExport, ({ params }) => periodJob('bill-export', params)),
  ];

  async function periodJob(
    kind: keyof typeof PERIOD_JOBS,
    { period, id }: { readonly period: string; readonly id: string },
  ) {
    const job = await ports.jobs.get(id);
    if (job?.kind === kind) {
      const view = usageExportView(job, await urlOf(job));
      if (view.location.startsWith(`/v1/periods/${period}/`)) return json(200, view);
    }
    throw new ProblemError(
      'not_found',
      `There is no ${PERIOD_JOBS[kind]} ${id} of ${period}. They are kept for some days; start it again.`,
    );
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
