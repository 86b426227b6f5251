import * as z from 'zod';
import { fromInteger } from '../decimal/decimal.ts';
import { decimalField } from '../decimal/decimal-field.ts';
import { isCurrency } from '../money/currency.ts';
import { isDay } from '../period/calendar.ts';
import { missingOr, objectOf } from './fields.ts';

const THRESHOLDS_MAX = 10;
const DEFAULT_ACTUAL = ['50', '80', '100'];
const DEFAULT_PROJECTED = ['100'];

const amountField = decimalField({ wholeDigits: 15, decimals: 4, least: 'above zero' });
const percentField = decimalField({
  wholeDigits: 4,
  decimals: 2,
  least: 'above zero',
  most: fromInteger(1_000),
});
const thresholdsField = z
  .array(percentField, { error: missingOr('must be a list of percentages') })
  .max(THRESHOLDS_MAX, `must have at most ${THRESHOLDS_MAX} percentages`);
const noteField = z
  .string({ error: missingOr('must be text') })
  .min(1, 'must not be empty')
  .max(255, 'must have at most 255 characters');

/** What a team means to spend a month, and at what percent of it somebody is told. */
export const budgetField = objectOf({
  amount: amountField,
  /** Without it, that of the bills. */
  currency: z
    .string({ error: missingOr('must be text') })
    .refine(isCurrency, 'must be an active ISO 4217 code such as EUR')
    .optional(),
  /** Percent of the amount that the month has come to. */
  actual: thresholdsField.prefault(DEFAULT_ACTUAL),
  /** Percent that the month is to come to by its end: as likely more as less. */
  projected: thresholdsField.prefault(DEFAULT_PROJECTED),
  /** Percent that the month may come to: it exceeds it in one case of ten. */
  projectedP90: thresholdsField.prefault([]),
  /** Nothing is told before this day (UTC). */
  muted: objectOf({
    until: z
      .string({ error: missingOr('must be a day, as text') })
      .refine(isDay, 'must be a day such as 2026-12-01'),
    by: noteField,
    reason: noteField.optional(),
  }).optional(),
});
