import * as z from 'zod';
import { contract } from '../contract.ts';
import { jobId, month, noQuery, teamId } from './shared.ts';
import { usageExport } from './usage.ts';

const params = z.strictObject({ period: month });

export const exportBills = contract({
  key: 'POST /v1/periods/{period}/exports',
  servedBy: 'admin',
  operationId: 'exportBills',
  summary: 'Export the bills and notes of a month as a file',
  description:
    'As XLSX or PDF (docs/exports.md), or as FOCUS 1.2, the FinOps cost and usage specification, in CSV or Parquet (docs/focus.md). Of the bills that stand, and the same bytes each time.',
  tag: 'Bills',
  params,
  query: noQuery,
  body: z.strictObject({
    format: z.enum(['xlsx', 'pdf', 'focus', 'focus-parquet']),
    team: teamId.optional().describe('Only the bill and the notes of this team.'),
  }),
  responses: {
    202: {
      description: 'The job; poll its location.',
      schema: usageExport,
      headers: ['Location'],
    },
  },
  problems: [404, 415, 422],
});

export const getBillExport = contract({
  key: 'GET /v1/periods/{period}/exports/{id}',
  servedBy: 'read',
  operationId: 'getBillExport',
  summary: 'An export of bills, with the URL of its file when done',
  tag: 'Bills',
  params: params.extend({ id: jobId }),
  query: noQuery,
  body: null,
  responses: { 200: { description: 'The job.', schema: usageExport } },
  problems: [404],
});
