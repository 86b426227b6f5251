import * as z from 'zod';
import { count, day, decimalText, instant } from './shared.ts';

export const billLine = z
  .strictObject({
    project: z.string(),
    projectName: z
      .string()
      .optional()
      .describe('Where it has a name: of a closed month, the one it had at the close.'),
    region: z.string(),
    measure: z.string(),
    class: z.string(),
    rule: z.string(),
    card: z.string(),
    band: z.number().int(),
    quantity: decimalText,
    amount: decimalText.describe('Rounded once, to the minor unit of the currency.'),
    unusedQuantity: decimalText
      .optional()
      .describe(
        'Of a commitment: what of `quantity` was paid for and not used; of an estimate, so far.',
      ),
    oneOff: z
      .strictObject({
        reason: z.string(),
        author: z
          .strictObject({ actor: z.string(), at: instant })
          .optional()
          .describe('Who wrote it, and when; actors are what callers say they are.'),
      })
      .optional()
      .describe('Of a charge or credit: why. Bills from before it was kept do not tell.'),
    projectedAmount: decimalText
      .optional()
      .describe("Of an estimate: what the line is to come to by the month's end."),
  })
  .meta({ title: 'BillLine' });

export const appliedRate = z
  .strictObject({ from: z.string(), to: z.string(), rate: decimalText, date: day })
  .meta({ title: 'AppliedExchangeRate' });

export const unratedRow = z.strictObject({
  team: z.string(),
  project: z.string(),
  projectName: z.string().optional().describe('Where it has a name, as it is now.'),
  region: z.string(),
  measure: z.string(),
  class: z.string(),
  quantity: decimalText,
});

export const projectedRange = z
  .strictObject({
    p10: decimalText.describe('At most this in one case of ten.'),
    p50: decimalText.describe('What is projected: as likely more as less.'),
    p90: decimalText.describe('More than this in one case of ten.'),
  })
  .meta({ title: 'ProjectedRange' });

/** What both the list of bills and a bill itself tell. */
export const billHead = {
  team: z.string(),
  total: decimalText,
  projectedTotal: decimalText
    .nullable()
    .describe(
      "Of an estimate: what it is to come to by the month's end, the sum of the lines' `projectedAmount`.",
    ),
  projectedRange: projectedRange
    .nullable()
    .describe('Of an estimate; null of closed bills, and of estimates made by earlier versions.'),
  state: z
    .enum(['estimate', 'draft', 'issued'])
    .describe('estimate: month to date; draft: closed; issued: numbered, never changed again.'),
  number: z.string().nullable().describe('Of an issued bill.'),
  sha256: z.string().describe('Of its canonical JSON (RFC 8785), without number and dates.'),
  lineCount: count,
};
