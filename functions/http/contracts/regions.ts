import * as z from 'zod';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { day, instant, metric, noParams, page, region } from './shared.ts';

export const listRegions = contract({
  key: 'GET /v1/regions',
  servedBy: 'read',
  operationId: 'listRegions',
  summary: 'Regions that have data, by name',
  tag: 'Regions',
  params: noParams,
  query: z.strictObject(pageQuery),
  body: null,
  responses: {
    200: {
      description: 'A page of regions.',
      schema: page(z.strictObject({ region: z.string(), createdAt: instant })),
    },
  },
  problems: [],
});

export const getDemand = contract({
  key: 'GET /v1/regions/{region}/demand',
  servedBy: 'read',
  operationId: 'getDemand',
  summary: 'What was allocated in a region, day by day',
  description:
    'Hourly means of allocated cores, or GiB of RAM. A metered day wins over an imported one; days without either are left out.',
  tag: 'Regions',
  params: z.strictObject({ region }),
  query: z.strictObject({
    metric: metric.default('cores'),
    from: day.optional().describe('Default: 90 days before `to`.'),
    to: day.optional().describe('Exclusive. Default: tomorrow.'),
    ...pageQuery,
  }),
  body: null,
  responses: {
    200: {
      description: 'A page of days.',
      schema: page(
        z.strictObject({
          date: z.string(),
          source: z.enum(['metered', 'imported']),
          mean: z.number().describe('Of the 24 hours; of those known, where the day has gaps.'),
          peak: z.number().describe('The highest hourly mean.'),
          hours: z.array(z.number().nullable()).length(24).describe('Hour 0 first.'),
        }),
      ),
    },
  },
  problems: [404],
});
