import * as z from 'zod';
import { compare, type Decimal, decimalOf } from '../decimal/decimal.ts';
import { type Day, dayOf } from '../period/calendar.ts';
import { type InstantUs, parseInstant } from '../period/instant.ts';

const texts = z.record(z.string(), z.string());

/** One row that another system rated, as the lake keeps it. */
export const ratedRow = z.strictObject({
  source: z.enum(['dataframes', 'summary']),
  project: z.string(),
  type: z.string(),
  unit: z.string(),
  /** RFC 3339, UTC. */
  begin: z.string(),
  end: z.string(),
  quantity: z.string(),
  price: z.string(),
  groupBy: texts,
  metadata: texts,
});
export type RatedRow = z.infer<typeof ratedRow>;

/** Rows of one identity tell the same thing; their quantity and price may differ. */
export function identityOf({ quantity: _, price: __, ...identity }: RatedRow): string {
  return JSON.stringify([
    identity.source,
    identity.project,
    identity.type,
    identity.unit,
    identity.begin,
    identity.end,
    sorted(identity.groupBy),
    sorted(identity.metadata),
  ]);
}

function sorted(values: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Which of two rows of one identity in one object counts: the dearer, then the larger. */
export function greater(a: RatedRow, b: RatedRow): RatedRow {
  const order =
    compare(decimalOf(a.price), decimalOf(b.price)) ||
    compare(decimalOf(a.quantity), decimalOf(b.quantity));
  return order >= 0 ? a : b;
}

export function saysTheSame(a: RatedRow, b: RatedRow): boolean {
  const same = (x: Decimal, y: Decimal) => compare(x, y) === 0;
  return (
    same(decimalOf(a.quantity), decimalOf(b.quantity)) &&
    same(decimalOf(a.price), decimalOf(b.price))
  );
}

/**
 * The UTC day that a row counts on: the one that holds the middle of its window. A window of a month that
 * starts at a midnight east of Greenwich so counts in the month it is meant for.
 */
export function dayOfWindow(begin: InstantUs, end: InstantUs): Day {
  return dayOf(begin + Math.floor((end - begin) / 2));
}

/** Whole seconds; of a row whose times were read before. */
export function windowSeconds({ begin, end }: RatedRow): number {
  return Math.round(((parseInstant(end) ?? 0) - (parseInstant(begin) ?? 0)) / 1_000_000);
}
