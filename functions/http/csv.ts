/** Text, or a number that stands as it is: a minus sign does not make it a formula. */
export type CsvCell = string | { readonly number: string };

/** RFC 4180. Text that a spreadsheet would run as a formula is made inert with an apostrophe. */
export function csvText(columns: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

/** OWASP's list, and the full-width forms that some spreadsheets read as the plain ones. */
const FORMULA = /^[=+\-@\t\r\n\0＝＋－＠]/;

function cellText(cell: CsvCell): string {
  if (typeof cell !== 'string') return cell.number;
  const inert = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
