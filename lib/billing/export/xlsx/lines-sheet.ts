import type { ExportedDocument, ExportedLine, ExportedMonth } from '../exported-month.ts';
import { type Cell, columnName, numberCell, textCell } from './cell.ts';
import { DOCUMENT_COLUMNS, documentCells } from './document-cells.ts';
import type { Column, Sheet } from './workbook.ts';

export const LINES_SHEET = 'Lines';

export interface PlacedDocument {
  readonly document: ExportedDocument;
  /** Rows of the sheet of lines, from 1; `lastRow` is before `firstRow` where there are none. */
  readonly firstRow: number;
  readonly lastRow: number;
}

interface LineColumn extends Column {
  readonly cell: (line: ExportedLine) => Cell;
}

const COLUMNS: readonly LineColumn[] = [
  { title: 'region', width: 10, cell: ({ region }) => textCell(region) },
  { title: 'project', width: 34, cell: ({ project }) => textCell(project) },
  { title: 'project_name', width: 22, cell: ({ projectName }) => textCell(projectName ?? '') },
  { title: 'measure', width: 12, cell: ({ measure }) => textCell(measure) },
  { title: 'class', width: 14, cell: (line) => textCell(line.class) },
  { title: 'rule', width: 16, cell: ({ rule }) => textCell(rule) },
  { title: 'card', width: 18, cell: ({ card }) => textCell(card) },
  { title: 'band', width: 6, cell: ({ band }) => numberCell(String(band)) },
  { title: 'quantity', width: 18, cell: ({ quantity }) => numberCell(quantity) },
  { title: 'quantity_exact', width: 22, cell: ({ quantity }) => textCell(quantity) },
  { title: 'unit', width: 12, cell: ({ unit }) => textCell(unit ?? '') },
];
const AMOUNT: LineColumn = {
  title: 'amount',
  width: 16,
  cell: ({ amount }) => numberCell(amount, 'amount'),
};
const AMOUNT_EXACT: LineColumn = {
  title: 'amount_exact',
  width: 24,
  cell: ({ amount }) => textCell(amount),
};
const PROJECTED: LineColumn = {
  title: 'projected_amount',
  width: 16,
  cell: ({ projectedAmount }) =>
    projectedAmount === undefined ? null : numberCell(projectedAmount, 'amount'),
};
const UNUSED: LineColumn = {
  title: 'unused_quantity',
  width: 18,
  cell: ({ unusedQuantity }) => (unusedQuantity === undefined ? null : numberCell(unusedQuantity)),
};
/** Of charges and credits. */
const ONE_OFF: readonly LineColumn[] = [
  { title: 'charge_reason', width: 34, cell: ({ oneOff }) => textCell(oneOff?.reason ?? '') },
  { title: 'charge_by', width: 16, cell: ({ oneOff }) => textCell(oneOff?.author?.actor ?? '') },
  { title: 'charge_at', width: 22, cell: ({ oneOff }) => textCell(oneOff?.author?.at ?? '') },
];
const REASON: LineColumn = {
  title: 'reason',
  width: 12,
  cell: ({ reason }) => textCell(reason ?? ''),
};

/** The column of the amounts, as formulas name it. */
export const AMOUNT_COLUMN = columnName(DOCUMENT_COLUMNS.length + COLUMNS.length);

/** A row a line, in the order of the documents and of their lines. */
export function linesSheet(
  month: ExportedMonth,
  placed: readonly PlacedDocument[],
  exactAmounts: boolean,
): Sheet {
  const lines = month.documents.flatMap((document) => document.lines);
  const columns = [
    ...COLUMNS,
    AMOUNT,
    ...(exactAmounts ? [AMOUNT_EXACT] : []),
    ...(lines.some(({ projectedAmount }) => projectedAmount !== undefined) ? [PROJECTED] : []),
    ...(lines.some(({ unusedQuantity }) => unusedQuantity !== undefined) ? [UNUSED] : []),
    ...(lines.some(({ oneOff }) => oneOff !== undefined) ? ONE_OFF : []),
    ...(lines.some(({ reason }) => reason !== undefined) ? [REASON] : []),
  ];
  const rows = placed.flatMap(({ document }) => {
    const own = documentCells(month, document);
    return document.lines.map((line) => [...own, ...columns.map(({ cell }) => cell(line))]);
  });
  return {
    name: LINES_SHEET,
    columns: [...DOCUMENT_COLUMNS, ...columns],
    rows,
    filtered: rows.length,
  };
}
