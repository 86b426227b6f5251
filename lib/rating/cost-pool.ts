import * as z from 'zod';
import { add, type Decimal, isZero, ZERO } from '../decimal/decimal.ts';
import { decimalField, PRICE_DIGITS, QUANTITY_DIGITS } from '../decimal/decimal-field.ts';
import { ProblemError } from '../errors.ts';
import { isRegion } from '../identifiers.ts';
import { isCurrency } from '../money/currency.ts';
import { isMonth, type Month } from '../period/calendar.ts';
import { idField, missingOr, objectOf } from './fields.ts';
import { readDocument } from './validate.ts';

const byMeasure = (limits: Parameters<typeof decimalField>[0]) =>
  z
    .record(z.string(), decimalField(limits), { error: missingOr('must be an object') })
    .refine((measures) => Object.keys(measures).every((measure) => measure !== ''), {
      message: 'has a measure without a name',
    });

/** A month's cost of a region, as the API takes it, `headroom apply` loads it and `quote` reads it. */
export const costPoolSchema = objectOf({
  id: idField,
  region: z
    .string({ error: missingOr('must be text') })
    .refine(isRegion, 'must be the name of a region'),
  period: z
    .string({ error: missingOr('must be a month, as text') })
    .refine((text) => isMonth(text), 'must be a month such as 2026-10'),
  currency: z
    .string({ error: missingOr('must be text') })
    .refine(isCurrency, 'must be an active ISO 4217 code such as EUR'),
  amount: decimalField({ ...PRICE_DIGITS, least: 'zero' }),
  /** How the amount divides over measures: in proportion, they need not add up to anything. */
  weights: byMeasure({ ...QUANTITY_DIGITS, least: 'zero' }).refine(
    (weights) => !isZero(totalOf(weights)),
    'must give at least one measure a weight above 0',
  ),
  /** `spread`: what was used pays for all; `keep`: use pays for its part of the capacity. */
  idle: z.enum(['spread', 'keep'], { error: missingOr('must be spread or keep') }),
  /** Unit-hours of the month by measure, for `keep`. */
  capacity: byMeasure({ ...QUANTITY_DIGITS, least: 'zero' }).optional(),
  idleTeam: idField.optional(),
});

export type CostPool = z.output<typeof costPoolSchema>;

function totalOf(weights: Readonly<Record<string, Decimal>>): Decimal {
  return Object.values(weights).reduce(add, ZERO);
}

/** @throws ProblemError `invalid`, with a pointer to each fault */
export function readCostPool(document: unknown): CostPool {
  return readDocument(costPoolSchema, document, 'The cost pool');
}

/**
 * The pools of the month, by region.
 *
 * @throws ProblemError `refused` when two have one id
 */
export function poolsOfMonth(
  pools: readonly CostPool[],
  period: Month,
): ReadonlyMap<string, readonly CostPool[]> {
  const ids = new Set<string>();
  for (const { id } of pools) {
    if (ids.has(id)) {
      throw new ProblemError('refused', `Two cost pools have the id "${id}": give each its own.`);
    }
    ids.add(id);
  }
  return Map.groupBy(
    pools.filter((pool) => pool.period === period),
    ({ region }) => region,
  );
}
