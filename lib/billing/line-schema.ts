import * as z from 'zod';
import type { BillLine } from './bill.ts';

/** A line as stored documents have it. */
export const billLineSchema = z.strictObject({
  project: z.string(),
  region: z.string(),
  measure: z.string(),
  class: z.string(),
  rule: z.string(),
  card: z.string(),
  band: z.int().min(0),
  quantity: z.string(),
  amount: z.string(),
}) satisfies z.ZodType<BillLine>;
