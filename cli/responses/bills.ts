import * as z from 'zod';

/** A line of a bill or a note, whatever it has. */
export const line = z.record(z.string(), z.unknown());

/** Of an estimate; closed bills have none. */
const projection = {
  projectedTotal: z.string().nullable().default(null),
  projectedRange: z
    .object({ p10: z.string(), p50: z.string(), p90: z.string() })
    .nullable()
    .default(null),
};

const billHead = z.looseObject({
  team: z.string(),
  total: z.string(),
  state: z.string(),
  number: z.string().nullable(),
  sha256: z.string(),
  lineCount: z.number(),
  ...projection,
});

/** The bills of a period without their lines. */
export const billPage = z.looseObject({
  period: z.string(),
  currency: z.string(),
  state: z.string(),
  revision: z.number(),
  sha256: z.string().nullable(),
  total: z.string(),
  ...projection,
  items: z.array(billHead),
  nextCursor: z.string().nullable(),
  unrated: z.array(z.record(z.string(), z.unknown())),
  unratedCount: z.number(),
});

/** One bill; `lines` is null where there are too many for one answer. */
export const bill = z.looseObject({
  ...billHead.shape,
  period: z.string(),
  currency: z.string(),
  revision: z.number(),
  billedTo: z.record(z.string(), z.string()).optional(),
  lines: z.array(line).nullable(),
});

/** A credit or debit note; `lines` is null where there are too many for one answer. */
export const note = z.looseObject({
  number: z.string().nullable(),
  kind: z.string(),
  period: z.string(),
  team: z.string(),
  currency: z.string(),
  total: z.string(),
  corrects: z.object({ period: z.string(), number: z.string().nullable() }),
  lineCount: z.number(),
  lines: z.array(line).nullable(),
});

/** A bill, or a note on one, told in words, line by line. */
export const billExplanation = z.looseObject({
  period: z.string(),
  team: z.string(),
  state: z.string(),
  number: z.string().nullable(),
  total: z.string(),
  currency: z.string(),
  lineCount: z.number(),
  remarks: z.array(z.string()).default([]),
  /** Of a note. */
  kind: z.string().optional(),
  corrects: z.object({ period: z.string(), number: z.string().nullable() }).optional(),
  lines: z.array(z.looseObject({ text: z.array(z.string()) })),
});

const sideBySide = {
  quantity: z.string(),
  own: z.string(),
  other: z.string(),
  difference: z.string(),
};

/** A bill beside what other rates would have made of the same usage. */
export const billComparison = z.looseObject({
  period: z.string(),
  state: z.string(),
  currency: z.string(),
  own: z.string(),
  other: z.string(),
  difference: z.string(),
  otherCards: z.array(z.string()),
  withAdjustments: z.boolean(),
  measures: z.array(z.object({ team: z.string(), measure: z.string(), ...sideBySide })),
  unitCosts: z.array(
    z.object({
      region: z.string(),
      measure: z.string(),
      ownUnitCost: z.string().nullable(),
      otherUnitCost: z.string().nullable(),
      ...sideBySide,
    }),
  ),
  unrated: z.array(
    z.object({
      team: z.string(),
      project: z.string(),
      region: z.string(),
      measure: z.string(),
      class: z.string(),
      quantity: z.string(),
    }),
  ),
});
