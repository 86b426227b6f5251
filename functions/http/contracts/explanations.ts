import * as z from 'zod';
import { HOUR_US, parseInstant } from '../../../lib/period/instant.ts';
import { getJob, startJob } from './jobs.ts';
import { jobId, noParams, region } from './shared.ts';

const id = z.string().min(1).max(255);

const hour = z
  .string('The hour’s first instant, such as 2026-10-05T10:00:00Z.')
  .refine((text) => {
    const instant = parseInstant(text);
    return text.endsWith('Z') && instant !== null && instant % HOUR_US === 0;
  }, 'Not a whole UTC hour: write it as 2026-10-05T10:00:00Z.')
  .meta({ format: 'date-time', examples: ['2026-10-05T10:00:00Z'] });

export const explainUsage = startJob({
  key: 'POST /v1/usage/explanations',
  operationId: 'explainUsage',
  summary: 'Which samples and files the usage of an hour came from',
  description:
    'The result (JSON, see docs/api.md) has each row of the hour, what each reading adds to it, and which samples were left out and why; for each the ingest, its landing key, the line and the row as received. The contributions of a row add up to its quantity exactly.',
  tag: 'Usage',
  params: noParams,
  body: z.strictObject({
    region,
    resource: id,
    measure: id.describe('Such as cores, or a measure of a configured meter.'),
    hour,
    project: id.nullish().describe('Only the rows of this project.'),
  }),
  problems: [404, 415, 422],
});

export const getExplanation = getJob({
  key: 'GET /v1/usage/explanations/{id}',
  operationId: 'getExplanation',
  summary: 'An explanation, with the URL of its result when done',
  tag: 'Usage',
  params: z.strictObject({ id: jobId }),
});
