import * as z from 'zod';
import { billsCsv, type CsvBill } from '../../lib/billing/bills-csv.ts';
import type { BillRecord } from '../../lib/ports/documents.ts';
import { appliedRate, billLine, unratedRow } from '../http/contracts/bills.ts';

/** What rating stored is read by its shape: a bill that does not have it is not shown by half. */
const billBody = z.object({
  lines: z.array(billLine),
  projectedTotal: z.string().optional(),
  elapsedHours: z.int().optional(),
  hoursInMonth: z.int().optional(),
  exchangeRates: z.array(appliedRate).optional(),
});
const billsExtra = z.object({ currency: z.string(), unrated: z.array(unratedRow) });

export type BillBody = z.output<typeof billBody>;
export type BillsExtra = z.output<typeof billsExtra>;

export function bodyOf(bill: BillRecord): BillBody {
  return billBody.parse(bill.body);
}

export function extraOf(extra: unknown): BillsExtra {
  return billsExtra.parse(extra);
}

/** The lines of the bills as CSV, which add up to their totals. */
export function recordsCsv(bills: readonly BillRecord[]): string {
  return billsCsv(bills.map(csvBill));
}

function csvBill(record: BillRecord): CsvBill {
  const { number, revision, state, period, currency, team } = record;
  return { number, revision, state, bill: { period, currency, team, lines: bodyOf(record).lines } };
}
