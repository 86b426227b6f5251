import * as z from 'zod';
import type { BillRecord } from '../../lib/ports/documents.ts';
import { billLine, unratedRow } from '../http/contracts/bills.ts';
import { csvText } from '../http/csv.ts';

/** What rating stored is read by its shape: a bill that does not have it is not shown half. */
const billBody = z.object({ lines: z.array(billLine) });
const billsExtra = z.object({ currency: z.string(), unrated: z.array(unratedRow) });

export type BillLine = z.output<typeof billLine>;
export type BillsExtra = z.output<typeof billsExtra>;

export function linesOf(bill: BillRecord): readonly BillLine[] {
  return billBody.parse(bill.body).lines;
}

export function extraOf(extra: unknown): BillsExtra {
  return billsExtra.parse(extra);
}

const COLUMNS = [
  'period',
  'team',
  'state',
  'number',
  'project',
  'region',
  'measure',
  'class',
  'rule',
  'card',
  'band',
  'quantity',
  'amount',
  'currency',
] as const;

/** All lines of the bills, one row each: what a spreadsheet adds up to the totals. */
export function billsCsv(bills: readonly BillRecord[]): string {
  const rows = bills.flatMap((bill) =>
    linesOf(bill).map((line) => [
      bill.period,
      bill.team,
      bill.state,
      bill.number ?? '',
      line.project,
      line.region,
      line.measure,
      line.class,
      line.rule,
      line.card,
      { number: String(line.band) },
      { number: line.quantity },
      { number: line.amount },
      bill.currency,
    ]),
  );
  return csvText(COLUMNS, rows);
}
