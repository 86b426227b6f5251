import * as z from 'zod';
import { getJob, startJob } from './jobs.ts';
import { jobId, month, teamId } from './shared.ts';

const params = z.strictObject({ period: month });

export const verifyBills = startJob({
  key: 'POST /v1/periods/{period}/verifications',
  operationId: 'verifyBills',
  summary: 'Make the bills of a closed month again from their manifest, and compare',
  description:
    'The result (JSON, see docs/api.md) says whether bills and notes come out byte for byte, whether the stored documents have their hashes, and whether the numbers have gaps.',
  tag: 'Periods',
  params,
  body: z.strictObject({ team: teamId.optional() }).prefault({}),
  problems: [415, 422],
});

export const getVerification = getJob({
  key: 'GET /v1/periods/{period}/verifications/{id}',
  operationId: 'getVerification',
  summary: 'A verification, with the URL of its result when done',
  tag: 'Periods',
  params: params.extend({ id: jobId }),
});

export const dryRunClose = startJob({
  key: 'POST /v1/periods/{period}/dry-runs',
  operationId: 'dryRunClose',
  summary: 'What a close would make of the month now, without making it',
  description:
    "The result (JSON, see docs/api.md) has every team's total, what differs from the last dry run or draft (per team and line), notes on earlier months, and what a close would report. Nothing of it lasts: results expire.",
  tag: 'Periods',
  params,
  body: z.strictObject({}).prefault({}),
  problems: [415, 422],
});

export const getDryRun = getJob({
  key: 'GET /v1/periods/{period}/dry-runs/{id}',
  operationId: 'getDryRun',
  summary: 'A dry run, with the URL of its result when done',
  tag: 'Periods',
  params: params.extend({ id: jobId }),
});
