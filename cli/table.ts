export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string;
  /** Numbers stand under each other by their last digit. */
  readonly align?: 'right';
}

/** A table for a person's terminal: two blanks between columns, no lines. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const cells = rows.map((row) => columns.map((column) => printable(column.value(row))));
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...cells.map((line) => (line[index] ?? '').length)),
  );
  const print = (line: readonly string[]): string =>
    line
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return columns[index]?.align === 'right' ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return `${[columns.map((column) => column.title), ...cells].map(print).join('\n')}\n`;
}

/** Names come from others: none may move the cursor or start a colour. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\uFFFD');
}
