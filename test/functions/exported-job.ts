import { type ExportDeps, exportHandler } from '../../functions/export/export.ts';
import type { JobRecord } from '../../lib/ports/documents.ts';

type Asked = Pick<JobRecord, 'kind'> & { readonly request: object; readonly at: string };

/** A job as the API leaves it for the export function. */
export function queuedJob(id: string, { kind, request, at }: Asked): JobRecord {
  return {
    ...{ id, kind, state: 'queued', request, problem: null, resultKey: null, rows: null },
    ...{ actor: 'ann', createdAt: at, updatedAt: at },
  };
}

/**
 * Hands the export function the message of a job, at the last attempt that it has.
 *
 * @param deps the parts that a job of its kind needs
 */
export async function carryOut(deps: object, jobId: string): Promise<void> {
  const quiet = () => undefined;
  const whole = { ...deps, log: quiet, logError: quiet } as unknown as ExportDeps;
  const attributes = { ApproximateReceiveCount: '3' };
  const body = JSON.stringify({ jobId });
  await exportHandler(whole)({ Records: [{ messageId: 'm', body, attributes }] });
}
