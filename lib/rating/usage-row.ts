import * as z from 'zod';
import { toText } from '../decimal/decimal.ts';
import { decimalField, QUANTITY_DIGITS } from '../decimal/decimal-field.ts';
import { isRegion } from '../identifiers.ts';
import { type Labels, labelsField } from '../labels.ts';
import { parseWholeHour } from '../period/boundary.ts';
import { classField, idField, missingOr, objectOf } from './fields.ts';

/** What used something. */
export interface UsageKey {
  readonly region: string;
  readonly project: string;
  /** Left out where rows were added up over resources. */
  readonly resource?: string | undefined;
  readonly measure: string;
  /** Flavor, volume type or empty. */
  readonly class: string;
  /** What of the resource's metadata is kept; none without. */
  readonly metadata?: Labels | undefined;
}

/** An hour's usage. Rows of one key add up, so they may come split or added up in any way. */
export interface UsageRow extends UsageKey {
  /** Start of the UTC hour, `2026-10-05T10:00:00Z`. */
  readonly hour: string;
  /** Decimal text, not negative, at most 18 decimals. */
  readonly quantity: string;
}

/** Usage of one key in several hours: what many rows say, without a text for each. */
export interface UsageSpan extends UsageKey {
  /** Whole hours since 1970, UTC. */
  readonly hours: readonly number[];
  /** Of each hour, in units of 10^-`scale`; not negative. */
  readonly quantities: readonly bigint[];
  /** At most 18. */
  readonly scale: number;
}

/** A usage row as `headroom usage` prints it and `headroom quote` reads it. */
export const usageRowSchema = objectOf({
  region: z
    .string({ error: missingOr('must be text') })
    .refine(isRegion, 'must be the name of a region'),
  project: idField,
  resource: idField.optional(),
  measure: idField,
  class: classField.default(''),
  metadata: labelsField.optional(),
  hour: z
    .string({ error: missingOr('must be an hour, as text') })
    .refine(
      (text) => parseWholeHour(text) !== null,
      'must be the start of a UTC hour, such as 2026-10-05T10:00:00Z',
    ),
  quantity: decimalField({ ...QUANTITY_DIGITS, least: 'zero' }).transform(toText),
});
