/** A column of a CSV table. Text is always quoted, so that ids stay as they are; numbers never. */
export interface CsvColumn<T> {
  /** snake_case. */
  readonly name: string;
  readonly kind: 'text' | 'number';
  readonly value: (row: T) => string;
}

/** How a table is written; by default with commas and without a byte order mark. */
export interface CsvOptions {
  /** `;` for spreadsheets of places that write 0,5. */
  readonly separator?: ',' | ';';
  /** A byte order mark, by which Excel knows UTF-8. */
  readonly bom?: boolean;
}

/** RFC 4180 with a header: CRLF line ends, quotes doubled. UTF-8. */
export function csvTable<T>(
  columns: readonly CsvColumn<T>[],
  rows: Iterable<T>,
  { separator = ',', bom = false }: CsvOptions = {},
): string {
  const record = (cells: readonly string[]): string => `${cells.join(separator)}\r\n`;
  let table = bom ? '\uFEFF' : '';
  table += record(columns.map(({ name }) => headerCell(name)));
  for (const row of rows) {
    table += record(
      columns.map(({ kind, value }) => (kind === 'text' ? textCell(value(row)) : value(row))),
    );
  }
  return table;
}

/** Names of ours stand bare; those that somebody else chose are text. */
function headerCell(name: string): string {
  return /^[A-Za-z0-9_]+$/.test(name) ? name : textCell(name);
}

/**
 * What a spreadsheet runs as a formula, quoted or not (OWASP ASVS 1.2.10), full-width forms
 * included. The apostrophe itself is among them, so that no two texts become one.
 */
const FORMULA_STARTS = /^[=+\-@\t\r\n\0'\uFF1D\uFF0B\uFF0D\uFF20]/;

/** The text, with an apostrophe before it where a spreadsheet would run it. */
export function inertText(text: string): string {
  return FORMULA_STARTS.test(text) ? `'${text}` : text;
}

function textCell(text: string): string {
  return `"${inertText(text).replaceAll('"', '""')}"`;
}
