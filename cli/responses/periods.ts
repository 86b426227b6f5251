import * as z from 'zod';

/** A month: its state, and what stands against closing it. */
export const period = z.looseObject({
  period: z.string(),
  state: z.string(),
  revision: z.number(),
  sha256: z.string().nullable(),
  complete: z.boolean(),
  obstacles: z.array(z.string()),
});

const check = z.object({ check: z.string(), message: z.string(), refuses: z.boolean() });

/** What the checks of the last close found. */
export const periodChecks = z.object({ checks: z.array(check).default([]) });

const lineKey = z.object({
  project: z.string(),
  region: z.string(),
  measure: z.string(),
  class: z.string(),
  rule: z.string(),
  card: z.string(),
});

/** What a close would make, and where that differs from what there is. */
export const dryRunResult = z.looseObject({
  period: z.string(),
  currency: z.string(),
  bills: z.array(z.object({ team: z.string(), total: z.string() })),
  notes: z.array(z.object({ team: z.string(), corrects: z.string(), total: z.string() })),
  checks: z.array(check),
  comparedWith: z
    .object({ kind: z.enum(['dry-run', 'draft']), at: z.string(), revision: z.number().nullable() })
    .nullable(),
  differences: z.array(
    z.object({
      team: z.string(),
      before: z.string(),
      after: z.string(),
      change: z.string(),
      lines: z.array(
        lineKey.extend({ before: z.string().nullable(), after: z.string().nullable() }),
      ),
    }),
  ),
});

export type DryRunView = z.output<typeof dryRunResult>;

/** What making the bills again from their inputs gave. */
export const verification = z.looseObject({
  period: z.string(),
  revision: z.number(),
  state: z.string(),
  equal: z.boolean(),
  codeVersion: z.object({ closed: z.string(), verified: z.string() }),
  documents: z.array(z.unknown()),
  problems: z.array(z.string()),
  remarks: z.array(z.string()),
});
