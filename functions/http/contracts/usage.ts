import * as z from 'zod';
import { isUsageDimension, USAGE_DIMENSIONS } from '../../../lib/ports/usage-sums.ts';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { getJob, startJob } from './jobs.ts';
import { commaList, day, decimalText, jobId, noParams, page, region } from './shared.ts';

const dayDimension = z.enum(
  ['day', 'region', 'project', 'team', 'measure', 'class'],
  'One of day, region, project, team, measure, class. By hour or resource: POST /v1/usage/exports.',
);

const exportDimension = z
  .string()
  .refine(isUsageDimension, `One of ${USAGE_DIMENSIONS.join(', ')}, or label:NAME.`)
  .meta({ examples: [...USAGE_DIMENSIONS, 'label:environment'] });

export const getUsage = contract({
  key: 'GET /v1/usage',
  servedBy: 'read',
  operationId: 'getUsage',
  summary: 'Usage by day, summed exactly',
  description:
    'From `from` up to and not including `to`. By team, a shared project is split by its shares of each day.',
  tag: 'Usage',
  params: noParams,
  query: z.strictObject({
    region: region.optional().describe('All regions without it.'),
    from: day,
    to: day.describe('Exclusive: the first day that is not counted.'),
    project: z.string().min(1).max(255).optional(),
    measure: z.string().min(1).max(255).optional(),
    groupBy: commaList(dayDimension).prefault('region,project,measure'),
    ...pageQuery,
  }),
  body: null,
  responses: {
    200: {
      description: 'A page of sums, sorted by what they are grouped by.',
      schema: page(
        z.strictObject({
          day: z.string().optional(),
          region: z.string().optional(),
          project: z.string().optional(),
          projectName: z.string().optional().describe('Where the project has a name.'),
          team: z.string().optional(),
          measure: z.string().optional(),
          class: z.string().optional(),
          quantity: decimalText,
          unit: z.string().nullable().describe('Null when several measures are in one sum.'),
        }),
      ),
    },
  },
  problems: [404, 422],
});

export const createUsageExport = startJob({
  key: 'POST /v1/usage/exports',
  operationId: 'createUsageExport',
  summary: 'Export usage by hour or resource',
  tag: 'Usage',
  params: noParams,
  body: z.strictObject({
    region,
    from: day,
    to: day.describe('Exclusive.'),
    by: z
      .array(exportDimension)
      .min(1)
      .max(15)
      .describe(
        `Of ${USAGE_DIMENSIONS.join(', ')}, and labels that the region keeps: label:environment, which the rows have under metadata.`,
      ),
    format: z.enum(['jsonl', 'csv']).default('jsonl'),
    names: z
      .boolean()
      .optional()
      .describe(
        'Adds projectName and resourceName (CSV: project_name, resource_name) beside the ids.',
      ),
  }),
  problems: [404, 415, 422],
});

export const getUsageExport = getJob({
  key: 'GET /v1/usage/exports/{id}',
  operationId: 'getUsageExport',
  summary: 'An export job, with the URL of its result when done',
  tag: 'Usage',
  params: z.strictObject({ id: jobId }),
});
