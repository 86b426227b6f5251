import * as z from 'zod';
import { decimalField, PRICE_DIGITS } from '../decimal/decimal-field.ts';
import { missingOr, objectOf } from '../rating/fields.ts';
import { readDocument } from '../rating/validate.ts';

/** What a close looks at beside completeness, by name. */
export const CLOSE_CHECKS = ['unmapped', 'unrated', 'negative', 'jump', 'card-gap'] as const;
export type CloseCheckName = (typeof CLOSE_CHECKS)[number];

/** There is one such document. */
export const BILLING_SETTINGS_ID = 'default';

const wordsField = z
  .string({ error: missingOr('must be text') })
  .max(300, 'has more than 300 characters');

export const billingSettingsSchema = objectOf({
  id: z.literal(BILLING_SETTINGS_ID, {
    error: missingOr(`must be "${BILLING_SETTINGS_ID}": there is one such document`),
  }),
  /** A month is issued by another actor than the one who closed it; what was closed is issued as it is. */
  issueByAnother: z.boolean({ error: missingOr('must be true or false') }).optional(),
  /** A team's bill is a jump when it differs from last month's by more than this, in percent. */
  jumpPercent: decimalField({ wholeDigits: 6, decimals: 6, least: 'zero' }).optional(),
  /** ... and by at least so much money. */
  jumpAmount: decimalField({ ...PRICE_DIGITS, least: 'zero' }).optional(),
  /** Checks that refuse an issue; drafts are always made. */
  refuse: z
    .array(z.enum(CLOSE_CHECKS, `must be one of ${CLOSE_CHECKS.join(', ')}`), {
      error: missingOr('must be a list of checks'),
    })
    .max(CLOSE_CHECKS.length, 'names a check twice')
    .optional(),
  /** Who bills, above the documents. */
  issuer: wordsField.optional(),
  /** What kind of paper a bill is, under its total; empty: nothing is said. */
  statement: wordsField.optional(),
});

export type BillingSettings = z.output<typeof billingSettingsSchema>;

/** @throws ProblemError `invalid` */
export function readBillingSettings(document: unknown): BillingSettings {
  return readDocument(billingSettingsSchema, document, 'The billing settings');
}
