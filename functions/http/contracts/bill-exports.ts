import * as z from 'zod';
import { getJob, startJob } from './jobs.ts';
import { jobId, month, teamId } from './shared.ts';

const params = z.strictObject({ period: month });

export const exportBills = startJob({
  key: 'POST /v1/periods/{period}/exports',
  operationId: 'exportBills',
  summary: 'Export the bills and notes of a month as a file',
  description:
    'As XLSX or PDF (docs/exports.md), or as FOCUS 1.2, the FinOps cost and usage specification, in CSV or Parquet (docs/focus.md). Of the bills that stand, and the same bytes each time.',
  tag: 'Bills',
  params,
  body: z.strictObject({
    format: z.enum(['xlsx', 'pdf', 'focus', 'focus-parquet']),
    team: teamId.optional().describe('Only the bill and the notes of this team.'),
  }),
  problems: [404, 415, 422],
});

export const getBillExport = getJob({
  key: 'GET /v1/periods/{period}/exports/{id}',
  operationId: 'getBillExport',
  summary: 'An export of bills, with the URL of its file when done',
  tag: 'Bills',
  params: params.extend({ id: jobId }),
});
