import * as z from 'zod';
import { billedToSchema } from '../teams/billed-to.ts';
import type { NoteBody } from './corrections.ts';
import { billLineSchema } from './line-schema.ts';
import { sha256OfJson } from './sha256.ts';

const lineSchema = billLineSchema.extend({
  reason: z.enum(['late-usage', 'teams', 'prices', 'adjustments']),
});

const bodySchema: z.ZodType<NoteBody> = z.strictObject({
  kind: z.enum(['credit', 'debit']),
  currency: z.string(),
  team: z.string(),
  corrects: z.strictObject({
    period: z.string(),
    number: z.string().nullable(),
    sha256: z.string().nullable(),
  }),
  total: z.string(),
  lines: z.array(lineSchema),
});

/** A note beside the bills of the month that it is issued with. */
export const noteSchema = z.strictObject({
  /** Of a gap-free series of notes; null until it is issued. */
  number: z.string().nullable(),
  /** SHA-256 of the canonical JSON (RFC 8785) of `note`. */
  sha256: z.string(),
  note: bodySchema,
  /** What its projects were called at the close, by id. */
  projectNames: z.record(z.string(), z.string()).exactOptional(),
  /** Whom it is for, as the team was at the close. */
  billedTo: billedToSchema.exactOptional(),
});

export type Note = Readonly<z.output<typeof noteSchema>>;

/** A note without a number, with the hash of its body. */
export async function draftNote(note: NoteBody): Promise<Note> {
  return { number: null, sha256: await sha256OfJson(note), note };
}
