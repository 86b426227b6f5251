import * as z from 'zod';
import { labelName } from '../../../lib/labels.ts';
import { rateCardSchema } from '../../../lib/rating/rate-card.ts';
import { getJob, startJob } from './jobs.ts';
import { jobId, month, teamId } from './shared.ts';

const params = z.strictObject({ period: month });

export const explainBill = startJob({
  key: 'POST /v1/periods/{period}/explanations',
  operationId: 'explainBill',
  summary: "Explain a team's bill or note, or one of its lines",
  description:
    'The result (JSON, see docs/api.md) has for each line what its amount follows from: usage and share, commitments, rule, card and version, band, allowance, exchange rate and rounding; the numbers give the amount exactly, and `text` says the same in words. With `corrects` it is of the note that goes out to the team with the bills of the period and corrects that month: what was billed, what it should have been, and what differs.',
  tag: 'Bills',
  params,
  body: z.strictObject({
    team: teamId,
    line: z
      .int()
      .min(1)
      .optional()
      .describe('Counts the lines of the bill or note from 1; all without it.'),
    corrects: month.optional().describe('A note on this month, instead of the bill.'),
  }),
  problems: [404, 415, 422],
});

export const getBillExplanation = getJob({
  key: 'GET /v1/periods/{period}/explanations/{id}',
  operationId: 'getBillExplanation',
  summary: 'An explanation of a bill, with the URL of its result when done',
  tag: 'Bills',
  params: params.extend({ id: jobId }),
});

export const compareBillCards = startJob({
  key: 'POST /v1/periods/{period}/comparisons',
  operationId: 'compareBillCards',
  summary: "Price a month's usage on other cards, beside its bills",
  description:
    'The result (JSON, see docs/api.md) has both amounts per team and measure, and unit costs per region and measure. Without cards: those of the month, and no cost pools. A card alone is in force all month, whatever its date.',
  tag: 'Bills',
  params,
  body: z
    .strictObject({
      cards: z.array(rateCardSchema).min(1).max(20).optional(),
      withAdjustments: z
        .boolean()
        .default(false)
        .describe("Whether the other side has the month's adjustments; without cards it has."),
    })
    .prefault({}),
  problems: [404, 415, 422],
});

export const getBillComparison = getJob({
  key: 'GET /v1/periods/{period}/comparisons/{id}',
  operationId: 'getBillComparison',
  summary: 'A comparison, with the URL of its result when done',
  tag: 'Bills',
  params: params.extend({ id: jobId }),
});

export const tellLabelCosts = startJob({
  key: 'POST /v1/periods/{period}/label-costs',
  operationId: 'tellLabelCosts',
  summary: 'What the bills of a month come to by a label of resources',
  description:
    'The result (JSON, see docs/api.md) divides every line of usage among the values of the label, to the last minor unit; what is of no resource stands beside it. They add up to the bills.',
  tag: 'Bills',
  params,
  body: z.strictObject({
    label: labelName.describe('A label that regions keep with usage: environment.'),
    team: teamId.optional().describe('All teams without it.'),
  }),
  problems: [404, 415, 422],
});

export const getLabelCosts = getJob({
  key: 'GET /v1/periods/{period}/label-costs/{id}',
  operationId: 'getLabelCosts',
  summary: 'Costs by a label, with the URL of their result when done',
  tag: 'Bills',
  params: params.extend({ id: jobId }),
});
