import type { Grant } from './grant.ts';

/**
 * Partition keys of the items that a function may write (docs/architecture.md lists them); `*` stands for any end.
 * Whoever writes usage totals cannot write bills, and the other way round.
 */
export type ItemKeys = readonly string[];

/** Never Scan: no question needs the whole table. */
export function readItems(tableArn: string): Grant {
  return {
    actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
    resources: [tableArn],
  };
}

export function queryIndex(tableArn: string): Grant {
  return { actions: ['dynamodb:Query'], resources: [`${tableArn}/index/gsi1`] };
}

/** Batches delete too: what is replaced as a whole leaves no old items behind. */
export function writeItems(tableArn: string, keys: ItemKeys): Grant {
  return {
    actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'],
    resources: [tableArn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys] } },
  };
}
