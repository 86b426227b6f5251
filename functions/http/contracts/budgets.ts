import * as z from 'zod';
import { THRESHOLD_KINDS } from '../../../lib/ports/budgets.ts';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { decimalText, instant, month, noParams, page } from './shared.ts';

const budget = z
  .strictObject({
    team: z.string(),
    name: z.string().nullable(),
    owner: z.string().nullable(),
    contact: z.string().nullable(),
    currency: z.string(),
    budget: decimalText.describe('A month.'),
    actual: decimalText.describe('What the bill that stands comes to.'),
    projected: decimalText.describe(
      'What it is to come to by the end of the month: as likely more as less.',
    ),
    projectedP90: decimalText.describe(
      'What it exceeds in one case of ten; of a closed bill its total.',
    ),
    actualPercent: decimalText,
    projectedPercent: decimalText,
    projectedP90Percent: decimalText,
    muted: z
      .strictObject({ until: z.string(), by: z.string(), reason: z.string().optional() })
      .nullable()
      .describe('Nothing is told before `until` (UTC).'),
    problem: z.string().nullable().describe('Why it cannot be compared with the bill.'),
    thresholds: z.array(
      z.strictObject({
        kind: z
          .enum(THRESHOLD_KINDS)
          .describe('Held against `actual`, `projected` or `projectedP90`.'),
        percent: decimalText,
        isReached: z.boolean(),
        toldAt: instant.nullable().describe('When its event was taken: once in a month.'),
      }),
    ),
  })
  .meta({ title: 'BudgetStatus' });

export const listBudgets = contract({
  key: 'GET /v1/budgets',
  servedBy: 'read',
  operationId: 'listBudgets',
  summary: "How far the teams' budgets of a month are used, by team",
  description:
    'Of the bills that stand: issued, draft or estimate. Teams without a budget are left out.',
  tag: 'Bills',
  params: noParams,
  query: z.strictObject({ period: month, ...pageQuery }),
  body: null,
  responses: { 200: { description: 'A page of budgets.', schema: page(budget) } },
  problems: [404],
});
