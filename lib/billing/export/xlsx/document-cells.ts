import { dayOfInstant, firstDay, lastDay } from '../exported-figures.ts';
import type { ExportedDocument, ExportedMonth } from '../exported-month.ts';
import { type Cell, numberCell, textCell } from './cell.ts';
import type { Column } from './workbook.ts';

interface DocumentColumn extends Column {
  readonly cell: (document: ExportedDocument, month: ExportedMonth) => Cell;
}

const TYPES = { bill: 'bill', credit: 'credit_note', debit: 'debit_note' } as const;

/** What tells one document from another; its lines repeat it, so that they can be pivoted. */
const COLUMNS: readonly DocumentColumn[] = [
  { title: 'number', width: 15, cell: ({ number }) => textCell(number ?? '') },
  { title: 'type', width: 12, cell: ({ kind }) => textCell(TYPES[kind]) },
  { title: 'state', width: 10, cell: ({ state }) => textCell(state) },
  { title: 'revision', width: 9, cell: (_document, { revision }) => numberCell(String(revision)) },
  { title: 'issue_date', width: 12, cell: ({ issuedAt }) => dateCell(issuedAt) },
  { title: 'period_start', width: 12, cell: (_d, { period }) => day(firstDay(period)) },
  { title: 'period_end', width: 12, cell: (_d, { period }) => day(lastDay(period)) },
  { title: 'corrects', width: 15, cell: ({ corrects }) => textCell(correctedBill(corrects)) },
  { title: 'currency', width: 9, cell: (_document, { currency }) => textCell(currency) },
  { title: 'team', width: 18, cell: ({ team }) => textCell(team) },
  { title: 'team_name', width: 22, cell: ({ billedTo }) => textCell(billedTo.name ?? '') },
  { title: 'cost_centre', width: 13, cell: ({ billedTo }) => textCell(billedTo.costCentre ?? '') },
  { title: 'gl_account', width: 13, cell: ({ billedTo }) => textCell(billedTo.glAccount ?? '') },
  { title: 'po_number', width: 13, cell: ({ billedTo }) => textCell(billedTo.purchaseOrder ?? '') },
];

export const DOCUMENT_COLUMNS: readonly Column[] = COLUMNS;

export function documentCells(month: ExportedMonth, document: ExportedDocument): Cell[] {
  return COLUMNS.map(({ cell }) => cell(document, month));
}

/** By number; where the team had no bill, by the month. */
function correctedBill(corrects: ExportedDocument['corrects']): string {
  return corrects === null ? '' : (corrects.number ?? corrects.period);
}

function dateCell(instant: string | null): Cell {
  return instant === null ? null : day(dayOfInstant(instant));
}

function day(of: string): Cell {
  return { kind: 'date', day: of };
}
