import * as z from 'zod';
import type { BillRecord } from '../ports/documents.ts';
import type { Spending } from './budget-status.ts';

const projection = z.object({
  projectedTotal: z.string().optional(),
  /** Estimates of before 2026-11-21 have none. */
  projectedRange: z.object({ p90: z.string() }).optional(),
});

/** What the bills of a month tell of each team's spending. */
export function monthSpendings(bills: readonly BillRecord[]): ReadonlyMap<string, Spending> {
  return new Map(
    bills.map(({ team, currency, total, body }) => {
      const { projectedTotal = null, projectedRange } = projection.parse(body);
      const projectedP90 = projectedRange?.p90 ?? null;
      return [team, { currency, total, projectedTotal, projectedP90 }];
    }),
  );
}
