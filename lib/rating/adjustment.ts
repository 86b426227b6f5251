import * as z from 'zod';
import { fromInteger } from '../decimal/decimal.ts';
import { decimalField, PRICE_DIGITS, QUANTITY_DIGITS } from '../decimal/decimal-field.ts';
import { ProblemError } from '../errors.ts';
import { isRegion } from '../identifiers.ts';
import { isMonth, type Month } from '../period/calendar.ts';
import { boundaryField, classField, idField, missingOr, objectOf } from './fields.ts';
import { readDocument } from './validate.ts';

const PERCENT_MOST = fromInteger(100);
const SURCHARGE_MOST = fromInteger(1_000);

const monthField = z
  .string({ error: missingOr('must be a month, as text') })
  .refine((text) => isMonth(text), 'must be a month such as 2026-10');

const percentField = (most: typeof PERCENT_MOST) =>
  decimalField({ wholeDigits: 4, decimals: 18, least: 'above zero', most });

const amountField = decimalField({ ...PRICE_DIGITS, least: 'zero' });

const reasonField = z
  .string({ error: missingOr('must be text') })
  .trim()
  .min(1, 'must say why')
  .max(1_000, 'must have at most 1,000 characters');

/** Months in which it counts: `from` is inclusive, `to` exclusive; left out, there is no end. */
const inMonths = { id: idField, from: monthField.optional(), to: monthField.optional() };

const commitmentField = objectOf({
  id: idField,
  type: z.literal('commitment'),
  team: idField,
  measure: idField,
  match: objectOf({
    region: z
      .string({ error: missingOr('must be text') })
      .refine(isRegion, 'must be the name of a region')
      .optional(),
    class: classField.optional(),
    project: idField.optional(),
  }).optional(),
  quantityPerHour: decimalField({ ...QUANTITY_DIGITS, least: 'above zero' }),
  unitPrice: decimalField({ ...PRICE_DIGITS, least: 'zero' }),
  from: boundaryField.optional(),
  to: boundaryField.optional(),
});

const discountField = objectOf({
  ...inMonths,
  type: z.literal('discount'),
  team: idField.optional(),
  project: idField.optional(),
  measure: idField.optional(),
  percent: percentField(PERCENT_MOST).optional(),
  amount: amountField.optional(),
}).refine(({ percent, amount }) => (percent === undefined) !== (amount === undefined), {
  message: 'must have either percent or amount',
});

const minimumField = objectOf({
  ...inMonths,
  type: z.literal('minimum'),
  team: idField,
  amount: amountField,
});

const surchargeField = objectOf({
  ...inMonths,
  type: z.literal('surcharge'),
  team: idField.optional(),
  percent: percentField(SURCHARGE_MOST),
});

const oneOffOf = <T extends 'charge' | 'credit'>(type: T) =>
  objectOf({
    ...inMonths,
    type: z.literal(type),
    team: idField,
    amount: amountField,
    reason: reasonField,
  });

/** An adjustment as the API takes it, `headroom apply` loads it and `headroom quote` reads it. */
export const adjustmentSchema = z
  .discriminatedUnion(
    'type',
    [
      commitmentField,
      discountField,
      minimumField,
      surchargeField,
      oneOffOf('charge'),
      oneOffOf('credit'),
    ],
    { error: adjustmentFault },
  )
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    path: ['to'],
    message: 'must be after from (it is exclusive)',
  });

export type Adjustment = z.output<typeof adjustmentSchema>;
export type Commitment = Extract<Adjustment, { readonly type: 'commitment' }>;
/** What is added to a bill once its lines stand: all but commitments. */
export type BillAdjustment = Exclude<Adjustment, Commitment>;

function adjustmentFault(issue: { readonly code?: string; readonly input?: unknown }): string {
  if (issue.code !== 'invalid_union') return 'must be an object';
  return 'must be one of commitment, discount, minimum, surcharge, charge, credit';
}

/** @throws ProblemError `invalid`, with a pointer to each fault */
export function readAdjustment(document: unknown): Adjustment {
  return readDocument(adjustmentSchema, document, 'The adjustment');
}

/**
 * Adjustments that can stand side by side: a bill's line is told by its id.
 *
 * @throws ProblemError `refused`
 */
export function requireDistinctAdjustments(adjustments: readonly Adjustment[]): void {
  const ids = new Set<string>();
  for (const { id } of adjustments) {
    if (ids.has(id)) {
      throw new ProblemError(
        'refused',
        `Two adjustments have the id "${id}": a bill could not tell which one a line is of. Give each its own.`,
      );
    }
    ids.add(id);
  }
}

export function isCommitment(adjustment: Adjustment): adjustment is Commitment {
  return adjustment.type === 'commitment';
}

/** Those that count in the month, in the order given. */
export function billAdjustmentsOf(
  adjustments: readonly Adjustment[],
  period: Month,
): BillAdjustment[] {
  return adjustments
    .filter((one): one is BillAdjustment => !isCommitment(one))
    .filter(({ from, to }) => (from ?? period) <= period && (to === undefined || period < to));
}
