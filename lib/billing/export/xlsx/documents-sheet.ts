import { sumOf } from '../exported-figures.ts';
import type { ExportedDocument, ExportedMonth } from '../exported-month.ts';
import { type Cell, columnName, numberCell, textCell } from './cell.ts';
import { DOCUMENT_COLUMNS, documentCells } from './document-cells.ts';
import { AMOUNT_COLUMN, LINES_SHEET, type PlacedDocument } from './lines-sheet.ts';
import type { Column, Sheet } from './workbook.ts';

const TOTALS: readonly Column[] = [
  { title: 'lines', width: 8 },
  { title: 'total', width: 16 },
  { title: 'total_by_formula', width: 16 },
];
const AFTER: readonly Column[] = [
  { title: 'owner', width: 20 },
  { title: 'contact', width: 24 },
  { title: 'sha256', width: 66 },
];

/** Of estimates. */
const PROJECTED: readonly Column[] = [
  { title: 'projected_total', width: 16 },
  { title: 'projected_p10', width: 16 },
  { title: 'projected_p90', width: 16 },
];

/** A row a document: its total as it was billed, and as its lines add up to in the spreadsheet. Last the sum of all. */
export function documentsSheet(
  month: ExportedMonth,
  placed: readonly PlacedDocument[],
  exactAmounts: boolean,
): Sheet {
  const exact = (amount: string): Cell[] => (exactAmounts ? [textCell(amount)] : []);
  const isEstimate = month.documents.some(({ projection }) => projection !== null);
  const rows = placed.map(({ document, firstRow, lastRow }): Cell[] => {
    const { lines, total, billedTo, sha256, projection } = document;
    const range = `${LINES_SHEET}!${AMOUNT_COLUMN}${firstRow}:${AMOUNT_COLUMN}${lastRow}`;
    const formula = lines.length === 0 ? '0' : `SUM(${range})`;
    return [
      ...documentCells(month, document),
      numberCell(String(lines.length)),
      numberCell(total, 'amount'),
      { kind: 'formula', formula, value: total, style: 'amount' },
      ...exact(total),
      ...(isEstimate ? projectionCells(projection) : []),
      textCell(billedTo.owner ?? ''),
      textCell(billedTo.contact ?? ''),
      textCell(sha256),
    ];
  });
  return {
    name: 'Documents',
    columns: [
      ...DOCUMENT_COLUMNS,
      ...TOTALS,
      ...(exactAmounts ? [{ title: 'total_exact', width: 24 }] : []),
      ...(isEstimate ? PROJECTED : []),
      ...AFTER,
    ],
    rows: [...rows, sumRow(month, exact)],
    filtered: rows.length,
  };
}

function projectionCells(projection: ExportedDocument['projection']): Cell[] {
  const { total, range = null } = projection ?? {};
  return [total, range?.p10, range?.p90].map((amount) =>
    amount === undefined ? null : numberCell(amount, 'amount'),
  );
}

function sumRow({ documents }: ExportedMonth, exact: (amount: string) => Cell[]): Cell[] {
  const total = sumOf(
    documents.map((one) => one.total),
    documents[0]?.total ?? '0',
  );
  const column = columnName(DOCUMENT_COLUMNS.length + 2);
  const formula = documents.length === 0 ? '0' : `SUM(${column}2:${column}${documents.length + 1})`;
  return [
    textCell('Total', 'strong'),
    ...DOCUMENT_COLUMNS.slice(1).map(() => null),
    numberCell(String(documents.reduce((count, { lines }) => count + lines.length, 0))),
    numberCell(total, 'total'),
    { kind: 'formula', formula, value: total, style: 'total' },
    ...exact(total),
  ];
}
