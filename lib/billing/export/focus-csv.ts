import { inertText } from '../csv.ts';
import { FOCUS_COLUMNS, type FocusRow, type FocusType } from './focus-columns.ts';

const NUMBERS: ReadonlySet<FocusType> = new Set(['amount', 'cost', 'price', 'quantity']);

export interface FocusCsvOptions {
  /** True where a person may open it in a spreadsheet; false where a program reads it back. */
  readonly inert: boolean;
}

/**
 * Rows as CSV (RFC 4180, UTF-8). Text is quoted, null is nothing at all, and every decimal has a point:
 * readers that infer types from the values see text, nulls and decimals, and never a whole number. Text
 * that a spreadsheet would run has an apostrophe before it, as in all our CSV.
 */
export function focusCsv(rows: Iterable<FocusRow>, { inert }: FocusCsvOptions): string {
  const text = (value: string) => {
    const safe = inert ? inertText(value) : value;
    return `"${safe.replaceAll('"', '""')}"`;
  };
  let table = `${FOCUS_COLUMNS.map(({ name }) => name).join(',')}\r\n`;
  for (const row of rows) {
    const cells = FOCUS_COLUMNS.map(({ name, type }) => {
      const value = row[name];
      if (value === undefined) return '';
      if (NUMBERS.has(type)) return value.includes('.') ? value : `${value}.0`;
      return type === 'whole' ? value : text(value);
    });
    table += `${cells.join(',')}\r\n`;
  }
  return table;
}
