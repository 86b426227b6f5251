import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { ProblemError } from '../../lib/errors.ts';
import type { JobRecord } from '../../lib/ports/documents.ts';
import { type BillExportPorts, billExportJob } from './bill-export.ts';
import { type ExplanationPorts, explainJob } from './explanation.ts';
import { type PeriodJobPorts, periodJob } from './period-job.ts';
import { type ExportPorts, exportUsage } from './usage-export.ts';

export interface ExportDeps
  extends ExportPorts,
    Pick<BillExportPorts, 'standing' | 'parquet' | 'fonts'>,
    Pick<ExplanationPorts, 'explain'>,
    Pick<PeriodJobPorts, 'closing'> {
  readonly log: (message: string, details: Record<string, unknown>) => void;
  readonly logError: (message: string, details: { readonly error: unknown }) => void;
}

type Message = Pick<SQSRecord, 'messageId' | 'body'> & {
  readonly attributes: Pick<SQSRecord['attributes'], 'ApproximateReceiveCount'>;
};

/** After so many the job is called failed; fewer than the queue tries. */
const ATTEMPTS_MAX = 3;

const Body = z.object({ jobId: z.string().min(1) });

/** Carries out the jobs that messages name: usage exports, explanations of an hour, work on a month, and exports of its bills. */
export function exportHandler(deps: ExportDeps) {
  return async (event: { readonly Records: readonly Message[] }): Promise<SQSBatchResponse> => {
    const failures: { itemIdentifier: string }[] = [];
    for (const message of event.Records) {
      try {
        await carryOut(deps, message);
      } catch (error) {
        deps.logError('export failed', { error });
        failures.push({ itemIdentifier: message.messageId });
      }
    }
    return { batchItemFailures: failures };
  };
}

async function carryOut(deps: ExportDeps, message: Message): Promise<void> {
  const { jobId } = Body.parse(JSON.parse(message.body));
  const job = await deps.jobs.get(jobId);
  if (job === null || job.state === 'done' || job.state === 'failed') {
    deps.log('nothing to export', { jobId, state: job?.state ?? 'unknown' });
    return;
  }
  try {
    const { resultKey, rows } = await resultOf(deps, job);
    deps.log('exported', { jobId, resultKey, rows });
  } catch (error) {
    if (
      error instanceof ProblemError &&
      (error.kind === 'refused' || error.kind === 'not_found' || error.kind === 'conflict')
    ) {
      return await fail(deps, job, error.message);
    }
    if (Number(message.attributes.ApproximateReceiveCount) < ATTEMPTS_MAX) throw error;
    deps.logError('export given up', { error });
    await fail(
      deps,
      job,
      `The export failed ${ATTEMPTS_MAX} times, for a reason of the server's: its log tells why. Start it again later, or ask for fewer days.`,
    );
  }
}

function resultOf(deps: ExportDeps, job: JobRecord): Promise<JobRecord> {
  switch (job.kind) {
    case 'usage-export':
      return exportUsage(deps, job);
    case 'usage-explanation':
      return explainJob(deps, job);
    case 'bill-export':
      return billExportJob(deps, job);
    default:
      return periodJob(deps, job);
  }
}

async function fail(deps: ExportDeps, job: JobRecord, problem: string): Promise<void> {
  await deps.jobs.put({ ...job, state: 'failed', problem, updatedAt: deps.now().toISOString() });
}
