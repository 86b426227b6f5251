import type { BillLine } from './bill.ts';
import { type CsvColumn, csvTable } from './csv.ts';

/** A bill with what the table tells of its envelope; estimates have no number and revision 0. */
export interface CsvBill {
  readonly number: string | null;
  readonly revision: number;
  readonly state: string;
  /** What its projects are called, by id. */
  readonly projectNames?: Readonly<Record<string, string>>;
  readonly bill: {
    readonly period: string;
    readonly currency: string;
    readonly team: string;
    readonly lines: readonly CsvLine[];
  };
}

interface CsvLine extends BillLine {
  /** Of a commitment: paid for and not used. */
  readonly unusedQuantity?: string | undefined;
}

interface Row {
  readonly of: CsvBill;
  readonly line: CsvLine;
}

const COLUMNS: readonly CsvColumn<Row>[] = [
  { name: 'bill_number', kind: 'text', value: ({ of }) => of.number ?? '' },
  { name: 'revision', kind: 'number', value: ({ of }) => String(of.revision) },
  { name: 'state', kind: 'text', value: ({ of }) => of.state },
  { name: 'period', kind: 'text', value: ({ of }) => of.bill.period },
  { name: 'currency', kind: 'text', value: ({ of }) => of.bill.currency },
  { name: 'team', kind: 'text', value: ({ of }) => of.bill.team },
  { name: 'project', kind: 'text', value: ({ line }) => line.project },
  { name: 'project_name', kind: 'text', value: ({ of, line }) => nameOf(of, line.project) },
  { name: 'region', kind: 'text', value: ({ line }) => line.region },
  { name: 'measure', kind: 'text', value: ({ line }) => line.measure },
  { name: 'class', kind: 'text', value: ({ line }) => line.class },
  { name: 'rule', kind: 'text', value: ({ line }) => line.rule },
  { name: 'card', kind: 'text', value: ({ line }) => line.card },
  { name: 'band', kind: 'number', value: ({ line }) => String(line.band) },
  { name: 'quantity', kind: 'number', value: ({ line }) => line.quantity },
  { name: 'unused_quantity', kind: 'number', value: ({ line }) => line.unusedQuantity ?? '' },
  { name: 'amount', kind: 'number', value: ({ line }) => line.amount },
];

function nameOf({ projectNames = {} }: CsvBill, project: string): string {
  return Object.hasOwn(projectNames, project) ? (projectNames[project] ?? '') : '';
}

/** Bills as CSV, a row a line, in the order given. The amounts of a bill add up to its total. */
export function billsCsv(bills: readonly CsvBill[]): string {
  const rows = bills.flatMap((of) => of.bill.lines.map((line) => ({ of, line })));
  return csvTable(COLUMNS, rows);
}
