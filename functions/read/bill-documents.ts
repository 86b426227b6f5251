import * as z from 'zod';
import { billsCsv, type CsvBill } from '../../lib/billing/bills-csv.ts';
import { termsToldOf } from '../../lib/billing/line-terms.ts';
import { type ProjectNames, projectNames } from '../../lib/names/project-names.ts';
import type { BillRecord } from '../../lib/ports/documents.ts';
import type { NameStore } from '../../lib/ports/names.ts';
import {
  appliedRate,
  billLine,
  projectedRange,
  unratedRow,
} from '../http/contracts/bill-shapes.ts';

/** What rating stored is read by its shape: a bill that does not have it is not shown by half. */
const billBody = z.object({
  lines: z.array(billLine),
  projectedTotal: z.string().optional(),
  projectedRange: projectedRange.optional(),
  method: z.enum(['daily-level', 'run-rate']).optional(),
  elapsedHours: z.int().optional(),
  hoursInMonth: z.int().optional(),
  exchangeRates: z.array(appliedRate).optional(),
});
const billsExtra = z.object({
  currency: z.string(),
  unrated: z.array(unratedRow),
  projectedRange: projectedRange.optional(),
});

export type BillBody = z.output<typeof billBody>;
export type BillsExtra = z.output<typeof billsExtra>;

export function bodyOf({ body, terms = [] }: Pick<BillRecord, 'body' | 'terms'>): BillBody {
  const { lines, ...rest } = billBody.parse(body);
  // Bills from before terms were kept have none.
  const told = lines.map((line, index) => ({ ...line, ...termsToldOf(line, terms[index]) }));
  return { ...rest, lines: told };
}

export function extraOf(extra: unknown): BillsExtra {
  return billsExtra.parse(extra);
}

/** What the projects of estimates are called now; a closed bill has the names of its close with it. */
export function presentNames(
  names: Pick<NameStore, 'find'>,
  bills: readonly BillRecord[],
): Promise<ProjectNames> {
  const open = bills.filter((bill) => bill.state === 'estimate');
  return projectNames(
    names,
    open.flatMap((bill) => bodyOf(bill).lines),
  );
}

/** The lines of the bills as CSV, which add up to their totals. */
export function recordsCsv(bills: readonly BillRecord[], names: ProjectNames): string {
  return billsCsv(bills.map((bill) => csvBill(bill, names)));
}

function csvBill(record: BillRecord, names: ProjectNames): CsvBill {
  const { number, revision, state, period, currency, team } = record;
  const bill = { period, currency, team, lines: bodyOf(record).lines };
  return { number, revision, state, bill, projectNames: record.projectNames ?? names };
}
