import { ProblemError } from '../../../errors.ts';
import { sumOf } from '../exported-figures.ts';
import type { ExportedMonth } from '../exported-month.ts';
import { isKeptExactly } from './cell.ts';
import { documentsSheet } from './documents-sheet.ts';
import { linesSheet, type PlacedDocument } from './lines-sheet.ts';
import { notesSheet } from './notes-sheet.ts';
import { unratedSheet } from './unrated-sheet.ts';
import { xlsxFile } from './workbook.ts';

/** Of a worksheet (Excel's limit), less the header. */
const LINES_MAX = 1_048_575;

/**
 * The month as a workbook: its documents with their totals by value and by formula, all their lines, what is unrated,
 * and notes on how to read it.
 *
 * @throws ProblemError `refused` with more lines than a sheet has rows
 */
export function billsXlsx(month: ExportedMonth): Uint8Array {
  const { documents, period, currency, unrated } = month;
  const placed = placedDocuments(month);
  const lineCount = documents.reduce((count, { lines }) => count + lines.length, 0);
  if (lineCount > LINES_MAX) {
    throw new ProblemError(
      'refused',
      `${period} has ${lineCount} lines, and a worksheet takes ${LINES_MAX}: ask for one team's, or for CSV.`,
    );
  }
  const total = sumOf(
    documents.map((one) => one.total),
    '0',
  );
  const amounts = documents.flatMap((one) => [one.total, ...one.lines.map(({ amount }) => amount)]);
  const exactAmounts = ![total, ...amounts].every(isKeptExactly);
  return xlsxFile({
    title: `Bills of ${period}`,
    currency,
    sheets: [
      documentsSheet(month, placed, exactAmounts),
      linesSheet(month, placed, exactAmounts),
      ...(unrated.length === 0 ? [] : [unratedSheet(unrated)]),
      notesSheet(month, lineCount),
    ],
  });
}

/** Where the lines of each document stand in the sheet of lines; row 1 is the header. */
function placedDocuments({ documents }: ExportedMonth): PlacedDocument[] {
  let row = 2;
  return documents.map((document) => {
    const first = row;
    row += document.lines.length;
    return { document, firstRow: first, lastRow: row - 1 };
  });
}
