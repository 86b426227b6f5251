import * as z from 'zod';
import type { JobRecord } from '../../lib/ports/documents.ts';

const ofPeriod = z.object({ period: z.string() });

/** A job of the export function as the API shows it. */
export function jobView(job: JobRecord, url: string | null) {
  const { id, state, rows, problem, createdAt, updatedAt, actor } = job;
  const location = `${pathOf(job)}/${id}`;
  return { id, state, rows, problem, url, location, createdAt, updatedAt, actor };
}

function pathOf({ kind, request }: JobRecord): string {
  switch (kind) {
    case 'usage-export':
      return '/v1/usage/exports';
    case 'usage-explanation':
      return '/v1/usage/explanations';
    case 'bill-verification':
      return `/v1/periods/${ofPeriod.parse(request).period}/verifications`;
    case 'close-dry-run':
      return `/v1/periods/${ofPeriod.parse(request).period}/dry-runs`;
    case 'bill-explanation':
      return `/v1/periods/${ofPeriod.parse(request).period}/explanations`;
    case 'bill-comparison':
      return `/v1/periods/${ofPeriod.parse(request).period}/comparisons`;
    case 'bill-label-costs':
      return `/v1/periods/${ofPeriod.parse(request).period}/label-costs`;
    case 'bill-export':
      return `/v1/periods/${ofPeriod.parse(request).period}/exports`;
    default:
      return kind satisfies never;
  }
}
