import * as z from 'zod';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { decimalText, month, noParams, page } from './shared.ts';

export const listUnmapped = contract({
  key: 'GET /v1/teams/unmapped',
  servedBy: 'read',
  operationId: 'listUnmappedProjects',
  summary: 'Projects that no team has, or not all of, with what they cost in a month',
  description:
    'Of the bills that stand: what of each project is billed to `unassigned`. A team whose id is `unmapped` is reached by the list of teams.',
  tag: 'Configuration',
  params: noParams,
  query: z.strictObject({ period: month, ...pageQuery }),
  body: null,
  responses: {
    200: {
      description: 'A page of projects.',
      schema: page(
        z.strictObject({
          project: z.string(),
          projectName: z.string().optional().describe('Where the project has a name.'),
          currency: z.string(),
          amount: decimalText,
          regions: z.array(z.string()),
          isPartlyUnrated: z.boolean().describe('Some of its usage is priced by no rule.'),
        }),
      ),
    },
  },
  problems: [404],
});
