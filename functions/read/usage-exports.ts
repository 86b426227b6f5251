import { ProblemError } from '../../lib/errors.ts';
import type { JobRecord } from '../../lib/ports/documents.ts';
import { getExplanation } from '../http/contracts/explanations.ts';
import { getUsageExport } from '../http/contracts/usage.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import { usageExportView } from '../http/usage-export-view.ts';
import type { ReadPorts } from './ports.ts';

const RESULT_URL_SECONDS = 900;

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
  ];

  async function urlOf({ state, resultKey }: JobRecord): Promise<string | null> {
    if (state !== 'done' || resultKey === null) return null;
    const fileName = `usage-${resultKey.slice(resultKey.lastIndexOf('/') + 1)}`;
    return await ports.documents.presignGet(resultKey, {
      expiresSeconds: RESULT_URL_SECONDS,
      fileName,
    });
  }
}
