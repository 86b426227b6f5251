import * as z from 'zod';
import {
  type BudgetStates,
  type ReachedThreshold,
  THRESHOLD_KINDS,
  type ThresholdKey,
} from '../../ports/budgets.ts';
import { getItem, putItemIf, queryPrefix, type Table, updateItemIf } from './table.ts';

const stateRow = z.strictObject({
  pk: z.string(),
  sk: z.string(),
  period: z.string(),
  team: z.string(),
  kind: z.enum(THRESHOLD_KINDS),
  percent: z.string(),
  reachedAt: z.string(),
  sentAt: z.string().nullable(),
});

/** An item a threshold and month: that it is there means that it was reached. */
export function dynamodbBudgetStates(table: Table): BudgetStates {
  return {
    async reach(key, at) {
      const { period, team, kind, percent } = key;
      const state = { period, team, kind, percent, reachedAt: at, sentAt: null };
      const item = { ...itemKey(key), ...state };
      if (await putItemIf(table, item, { expression: 'attribute_not_exists(pk)' })) return state;
      return stateOf(await getItem(table, itemKey(key)));
    },
    async sent(key, at) {
      await updateItemIf(table, itemKey(key), {
        update: 'SET sentAt = :at',
        condition: 'attribute_exists(pk) AND sentAt = :unsent',
        values: { ':at': at, ':unsent': null },
      });
    },
    async list(period) {
      return (await Array.fromAsync(queryPrefix(table, pkOf(period), ''))).map(stateOf);
    },
  };
}

function pkOf(period: string): string {
  return `BUDGETS#${period}`;
}

/** The team last: it is any text. */
function itemKey({ period, team, kind, percent }: ThresholdKey) {
  return { pk: pkOf(period), sk: `${kind}#${percent}#${team}` };
}

function stateOf(item: unknown): ReachedThreshold {
  const { pk: _pk, sk: _sk, ...state } = stateRow.parse(item);
  return state;
}
