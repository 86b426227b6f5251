import type { Grant } from './constructs/grant.ts';

/**
 * Partition keys of the items that a function may write (docs/architecture.md lists them); `*` stands for any end.
 * Whoever writes usage totals cannot write bills, and the other way round.
 */
export type ItemKeys = readonly string[];

const READ_ACTIONS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const WRITE_ACTIONS = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'];
const DELETE_ACTION = 'dynamodb:DeleteItem';

/** Never Scan: no question needs the whole table. */
export function readItems(tableArn: string): Grant {
  return { actions: READ_ACTIONS, resources: [tableArn] };
}

export function queryIndex(tableArn: string): Grant {
  return { actions: ['dynamodb:Query'], resources: [`${tableArn}/index/gsi1`] };
}

export function writeItems(tableArn: string, keys: ItemKeys): Grant {
  return onKeys(tableArn, WRITE_ACTIONS, keys);
}

export function writeAndDeleteItems(tableArn: string, keys: ItemKeys): Grant {
  return onKeys(tableArn, [...WRITE_ACTIONS, DELETE_ACTION], keys);
}

function onKeys(tableArn: string, actions: readonly string[], keys: ItemKeys): Grant {
  return {
    actions,
    resources: [tableArn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys] } },
  };
}
