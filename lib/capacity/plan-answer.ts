import * as z from 'zod';

const day = z.string().meta({ format: 'date' });
const amount = z.number().min(0);
const probability = z.number().min(0).max(1);
const days = z.int().positive().nullable().describe('Null: beyond the horizon.');

/** Days after the origin until exhaustion, beside its dates. */
export const exhaustionDays = z.strictObject({ p10: days, p50: days, p90: days });

/** Until when to order. */
export const orderAnswer = z.strictObject({
  risk: probability.describe('Accepted probability that the hosts come too late.'),
  date: day
    .nullable()
    .describe(
      'Order on this day at the latest; before the origin: it is late. Null: not needed yet.',
    ),
  lateIfOrderedNow: probability.describe('That an order of the day after the origin is too late.'),
  riskFrom: z
    .enum(['risk', 'costs', 'default'])
    .optional()
    .describe('Which of the settings the risk is from; default: neither is set.'),
});
export type OrderAnswer = z.infer<typeof orderAnswer>;

export const orderNeeds = z
  .string()
  .optional()
  .describe('What to do so that `order` can be told; left out where it is.');

/** What to have, where one refused and one idle unit are weighed against each other. */
export const needsAnswer = z.strictObject({
  quantile: probability.describe('Refused / (refused + idle) of the costs; else 1 - risk.'),
  by: z.array(
    z.strictObject({
      days: z.int().positive(),
      date: day,
      demand: amount.describe('The highest demand until then stays below this, at that quantile.'),
      missing: amount.describe('Usable capacity to add for it; 0: there is enough.'),
    }),
  ),
});

export const eventAnswer = z.strictObject({
  id: z.string(),
  kind: z.string(),
  name: z.string().optional(),
  date: day,
  state: z
    .enum(['planned', 'begun', 'late', 'over'])
    .describe('late: its date has passed and demand does not show it, so it is still awaited.'),
  planned: z
    .strictObject({ low: amount, mid: amount, high: amount })
    .nullable()
    .describe('Its full size in the unit of the forecast; null where it says nothing of it.'),
  realised: amount
    .nullable()
    .describe('The full size that demand points to so far; null before it begins.'),
});

/** How a forecast was made beyond the series itself. */
export const planAnswer = z.strictObject({
  order: orderAnswer.nullable().describe('Null without a lead time in the settings, or capacity.'),
  orderNeeds,
  needs: needsAnswer.nullable().describe('Null when capacity is not known.'),
  events: z.array(eventAnswer),
  capacity: z
    .array(z.strictObject({ from: day, usable: amount }))
    .describe(
      'Usable capacity known so far, without planned events; by the day from which it holds.',
    ),
  data: z.strictObject({
    missingDays: z.int().min(0),
    censored: z
      .array(day)
      .describe('Days that were full, or on which requests were refused: demand was higher.'),
    frozen: z
      .array(z.strictObject({ from: day, to: day }))
      .describe('Runs of days on which a collector said the same over and over.'),
    shifts: z
      .array(z.strictObject({ date: day, size: z.number() }))
      .optional()
      .describe('Days on which demand went to another level: label them.'),
    outliers: z.array(day).optional().describe('Lone days far from what is usual.'),
    calendar: z
      .array(
        z.strictObject({
          kind: z.enum(['holiday', 'month_end']),
          days: z.int().positive(),
          amount: z.number().describe('By how much demand differs on such a day.'),
          errorRatio: amount.describe('Error on such days with the effect over that without.'),
          isHeeded: z.boolean().describe('Whether that is a help, and the effect counts.'),
        }),
      )
      .optional(),
    refused: z
      .array(
        z.strictObject({
          date: day,
          requests: z.int().positive(),
          amount: amount.describe('In the unit of the forecast.'),
        }),
      )
      .optional()
      .describe('Days of the last year on which no host took requests; left out: none.'),
    labels: z.array(z.string()).describe('Ids of the labelled shifts that were heeded.'),
  }),
});
export type PlanAnswer = z.infer<typeof planAnswer>;
