/** A column of a CSV table. Text is always quoted, so that ids stay as they are; numbers never. */
export interface CsvColumn<T> {
  /** snake_case. */
  readonly name: string;
  readonly kind: 'text' | 'number';
  readonly value: (row: T) => string;
}

/** RFC 4180 with a header: CRLF line ends, quotes doubled. UTF-8 without a byte order mark. */
export function csvTable<T>(columns: readonly CsvColumn<T>[], rows: Iterable<T>): string {
  let table = record(columns.map(({ name }) => name));
  for (const row of rows) {
    table += record(
      columns.map(({ kind, value }) => (kind === 'text' ? textCell(value(row)) : value(row))),
    );
  }
  return table;
}

function record(cells: readonly string[]): string {
  return `${cells.join(',')}\r\n`;
}

/**
 * What a spreadsheet runs as a formula, quoted or not (OWASP ASVS 1.2.10), full-width forms
 * included. The apostrophe itself is among them, so that no two texts become one.
 */
const FORMULA_STARTS = /^[=+\-@\t\r\n\0'\uFF1D\uFF0B\uFF0D\uFF20]/;

function textCell(text: string): string {
  const inert = FORMULA_STARTS.test(text) ? `'${text}` : text;
  return `"${inert.replaceAll('"', '""')}"`;
}
