import * as z from 'zod';
import { contract } from '../contract.ts';
import { jobId, month, noQuery, teamId } from './shared.ts';
import { usageExport } from './usage.ts';

const params = z.strictObject({ period: month });
const started = {
  202: { description: 'The job; poll its location.', schema: usageExport, headers: ['Location'] },
} as const;

export const verifyBills = contract({
  key: 'POST /v1/periods/{period}/verifications',
  servedBy: 'admin',
  operationId: 'verifyBills',
  summary: 'Make the bills of a closed month again from their manifest, and compare',
  description:
    'The result (JSON, see docs/api.md) says whether bills and notes come out byte for byte, whether the stored documents have their hashes, and whether the numbers have gaps.',
  tag: 'Periods',
  params,
  query: noQuery,
  body: z.strictObject({ team: teamId.optional() }).prefault({}),
  responses: started,
  problems: [415, 422],
});

export const getVerification = contract({
  key: 'GET /v1/periods/{period}/verifications/{id}',
  servedBy: 'read',
  operationId: 'getVerification',
  summary: 'A verification, with the URL of its result when done',
  tag: 'Periods',
  params: params.extend({ id: jobId }),
  query: noQuery,
  body: null,
  responses: { 200: { description: 'The job.', schema: usageExport } },
  problems: [404],
});

export const dryRunClose = contract({
  key: 'POST /v1/periods/{period}/dry-runs',
  servedBy: 'admin',
  operationId: 'dryRunClose',
  summary: 'What a close would make of the month now, without making it',
  description:
    "The result (JSON, see docs/api.md) has every team's total, what differs from the last dry run or draft (per team and line), notes on earlier months, and what a close would report. Nothing of it lasts: results expire.",
  tag: 'Periods',
  params,
  query: noQuery,
  body: z.strictObject({}).prefault({}),
  responses: started,
  problems: [415, 422],
});

export const getDryRun = contract({
  key: 'GET /v1/periods/{period}/dry-runs/{id}',
  servedBy: 'read',
  operationId: 'getDryRun',
  summary: 'A dry run, with the URL of its result when done',
  tag: 'Periods',
  params: params.extend({ id: jobId }),
  query: noQuery,
  body: null,
  responses: { 200: { description: 'The job.', schema: usageExport } },
  problems: [404],
});
