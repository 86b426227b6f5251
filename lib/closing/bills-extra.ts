import * as z from 'zod';
import { noteSchema } from '../billing/note.ts';

const unratedSchema = z.strictObject({
  team: z.string(),
  project: z.string(),
  region: z.string(),
  measure: z.string(),
  class: z.string(),
  quantity: z.string(),
});

const correctionSchema = z.strictObject({
  /** The issued month that is corrected. */
  period: z.string(),
  /** Months whose notes the correction takes into account. */
  before: z.array(z.string()),
  /** What of the month is unrated by now. */
  unrated: z.array(unratedSchema),
});

/** What stands beside the bills of a revision, and is seen with them or not at all. */
export const billsExtraSchema = z.object({
  currency: z.string(),
  unrated: z.array(unratedSchema),
  /** Sorted by the month that they correct, and team. */
  notes: z.array(noteSchema).default([]),
  corrections: z.array(correctionSchema).default([]),
  /** Of the manifest that the bills can be computed again from. */
  manifestSha256: z.string().exactOptional(),
  /** Of an estimate: what all bills together are to come to. */
  projectedRange: z
    .strictObject({ p10: z.string(), p50: z.string(), p90: z.string() })
    .exactOptional(),
  /** Of an estimate, by team: what the next month's projection knows of restlessness and weekdays. */
  dayCosts: z.record(z.string(), z.array(z.string())).exactOptional(),
  /** What documents say beside figures, as the settings were at the close. */
  wording: z.strictObject({ issuer: z.string(), statement: z.string() }).exactOptional(),
});

export type BillsExtra = Readonly<z.output<typeof billsExtraSchema>>;
