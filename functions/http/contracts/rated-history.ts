import * as z from 'zod';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { count, decimalText, month, noParams, page, region } from './shared.ts';

const ratedSum = z
  .strictObject({
    region: z.string(),
    period: z.string().describe('UTC month that holds the middle of each row.'),
    project: z.string().describe('Empty where the rows name none.'),
    type: z.string().describe('What was rated, in the words of CloudKitty: volume.size.'),
    unit: z.string().describe('Empty where the rows do not say it: summaries do not.'),
    source: z
      .enum(['dataframes', 'summary'])
      .describe('A summary sums data frames: its items are not to be added to theirs.'),
    groupedBy: z
      .array(z.string())
      .describe('Columns of a summary. Those by other columns tell the same again.'),
    windowSeconds: z
      .number()
      .int()
      .nullable()
      .describe('Length of the windows of a summary; null for data frames.'),
    quantity: decimalText,
    price: decimalText.describe('Exact, in the currency of CloudKitty, which it does not say.'),
    rows: count,
  })
  .meta({ title: 'RatedHistory' });

export const getRatedHistory = contract({
  key: 'GET /v1/rated-history',
  servedBy: 'read',
  operationId: 'getRatedHistory',
  summary: 'What CloudKitty rated, as it was imported, summed by the month',
  description:
    'To be compared with bills: it is never rated again, and part of none of them. Rows that several imports tell count once.',
  tag: 'Usage',
  params: noParams,
  query: z.strictObject({
    region: region.optional().describe('All regions without it.'),
    period: month.optional().describe('All months without it.'),
    project: z.string().min(1).max(255).optional(),
    ...pageQuery,
  }),
  body: null,
  responses: {
    200: {
      description: 'A page of sums, by region, period, project and type.',
      schema: page(ratedSum),
    },
  },
  problems: [404],
});
