import * as z from 'zod';
import type { Effect } from '../../../lib/billing/effects.ts';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { decimalText, month, noParams, page, teamId } from './shared.ts';

const change = {
  before: decimalText,
  after: decimalText,
  difference: decimalText.describe('The effects add up to it exactly.'),
  effects: z
    .strictObject({
      price: decimalText.describe('Usage that both months have: what a unit comes to now.'),
      volume: decimalText.describe('More or less of it, at what a unit came to before.'),
      new: decimalText.describe('Usage that only this month has.'),
      gone: decimalText.describe('Usage that only the earlier month has.'),
      pools: decimalText,
      commitments: decimalText,
      minimums: decimalText.describe('Of rules and of teams.'),
      adjustments: decimalText.describe('Discounts, surcharges, charges and credits.'),
    } satisfies Record<Effect, z.ZodType>)
    .meta({ title: 'ChangeEffects' }),
};

export const listBillChanges = contract({
  key: 'GET /v1/bill-changes',
  servedBy: 'read',
  operationId: 'listBillChanges',
  summary: 'Why the bills of a month come to another amount than those of an earlier one, by team',
  description:
    'Of the bills that stand. Usage is told by project, region, measure and class: volume = before x (quantity after - before) / quantity before, half-even; price = the rest of its change.',
  tag: 'Bills',
  params: noParams,
  query: z.strictObject({
    period: month,
    since: month.optional().describe('The earlier month; without it, the month before.'),
    team: teamId.optional().describe('Only this team, and with rows.'),
    ...pageQuery,
  }),
  body: null,
  responses: {
    200: {
      description: 'A page of teams, and the sums over all of them.',
      schema: page(
        z.strictObject({
          team: z.string(),
          ...change,
          rows: z
            .array(
              z.strictObject({
                project: z.string(),
                projectName: z.string().optional().describe('Where it has a name, as it is now.'),
                measure: z.string(),
                ...change,
              }),
            )
            .nullable()
            .describe('By project and measure, where a team was asked for.'),
        }),
      ).extend({ period: z.string(), since: z.string(), currency: z.string(), ...change }),
    },
  },
  problems: [404, 422],
});

export const listPoolCosts = contract({
  key: 'GET /v1/pool-costs',
  servedBy: 'read',
  operationId: 'listPoolCosts',
  summary: 'What a unit came to by the cost pools of a month: per core-hour, per GiB-hour',
  description: 'Of the bills that stand, in the currency that is billed.',
  tag: 'Bills',
  params: noParams,
  query: z.strictObject({ period: month, ...pageQuery }),
  body: null,
  responses: {
    200: {
      description: 'A page of costs, by region, pool and measure.',
      schema: page(
        z.strictObject({
          pool: z.string(),
          region: z.string(),
          measure: z.string(),
          unit: z.string().nullable().describe('What `used` counts, such as core-hour.'),
          currency: z.string(),
          used: decimalText,
          charged: decimalText.describe('What was used came to.'),
          idle: decimalText.describe('What nobody used came to, where it is kept apart.'),
          unitCost: decimalText.nullable().describe('charged / used; null where nothing was used.'),
          fullUnitCost: decimalText.nullable().describe('(charged + idle) / used.'),
        }),
      ),
    },
  },
  problems: [404],
});
