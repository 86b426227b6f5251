import * as z from 'zod';
import { contract } from '../contract.ts';
import { appliedRate } from './bill-shapes.ts';
import { count, decimalText, instant, noParams, region } from './shared.ts';

/** A query of the API is text. */
const whole = (unit: string, most = 1_000_000) =>
  z.coerce
    .number(`A whole number of ${unit}.`)
    .pipe(z.int(`A whole number of ${unit}.`).min(0).max(most));
const name = z.string().min(1).max(255);

const line = z.strictObject({
  measure: z.string(),
  class: z.string(),
  rule: z.string(),
  card: z.string(),
  band: z.number().int(),
  quantity: decimalText,
  amount: decimalText,
});

export const getPrice = contract({
  key: 'GET /v1/prices',
  servedBy: 'read',
  operationId: 'getPrice',
  summary: 'What instances will cost, before they are launched',
  description:
    'Priced as bills price them, by the rate cards in force in their hours, as if nothing else were used in their months: bands and allowances begin at 0, flat amounts and minimums of rules are whole. Without commitments, discounts and other adjustments, and without cost pools.',
  tag: 'Bills',
  params: noParams,
  query: z.strictObject({
    region: region.optional().describe('Can be left out where there is one.'),
    flavor: name
      .optional()
      .describe(
        'Its sizes are those of GET /v1/regions/{region}/flavors, unless vcpus and memoryMib are given.',
      ),
    vcpus: whole('vCPUs').optional(),
    memoryMib: whole('MiB', 1_000_000_000).optional(),
    diskGib: whole('GiB').optional().describe("Of the host's own; with sizes."),
    hours: whole('hours', 8_784).describe('For how long each runs; up to 8,784.'),
    count: whole('instances', 100_000).optional().describe('1 without it.'),
    volumeGib: whole('GiB').optional().describe('A volume for each.'),
    volumeType: name.optional(),
    floatingIps: whole('addresses', 1_000).optional().describe('For each.'),
    class: name.optional().describe('Of sizes without a flavor: what rules match.'),
    from: instant.optional().describe('A whole UTC hour or a date; without it, the next hour.'),
    team: name.optional().describe('Where rules have prices of their own for it.'),
    project: name.optional(),
  }),
  body: null,
  responses: {
    200: {
      description: 'The price, by month and line.',
      schema: z.strictObject({
        region: z.string(),
        flavor: z.strictObject({
          name: z.string().nullable(),
          origin: z.enum(['settings', 'nova', 'metered']).nullable(),
          vcpus: count,
          memoryMib: count,
          diskGib: count,
        }),
        count,
        hours: count,
        from: instant,
        to: instant.describe('Exclusive.'),
        currency: z.string(),
        total: decimalText,
        perHour: decimalText
          .nullable()
          .describe('Of one instance, half-even to six decimals more.'),
        months: z.array(
          z.strictObject({
            period: z.string(),
            total: decimalText,
            exchangeRates: z.array(appliedRate),
            lines: z.array(line),
          }),
        ),
        unrated: z
          .array(z.strictObject({ measure: z.string(), class: z.string(), quantity: decimalText }))
          .describe('What no rule prices: it is in no total.'),
        remarks: z.array(z.string()),
      }),
    },
  },
  problems: [404, 422],
});
