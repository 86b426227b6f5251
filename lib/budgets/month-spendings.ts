import * as z from 'zod';
import type { BillRecord } from '../ports/documents.ts';
import type { Spending } from './budget-status.ts';

const projection = z.object({ projectedTotal: z.string().optional() });

/** What the bills of a month tell of each team's spending. */
export function monthSpendings(bills: readonly BillRecord[]): ReadonlyMap<string, Spending> {
  return new Map(
    bills.map(({ team, currency, total, body }) => {
      const { projectedTotal = null } = projection.parse(body);
      return [team, { currency, total, projectedTotal }];
    }),
  );
}
