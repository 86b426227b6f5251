import { RowRefused } from '../refusal.ts';

export const SEPARATORS = [',', ';', '\t'] as const;
export type Separator = (typeof SEPARATORS)[number];

/**
 * The fields of a line of CSV (RFC 4180), without the blanks around them. A quoted field may hold
 * separators and doubled quotes; no field holds a line break.
 * @throws RowRefused `invalid_csv`
 */
export function splitCsv(line: string, separator: Separator): string[] {
  const fields: string[] = [];
  for (let at = 0; ; at += 1) {
    const { field, end } = readField(line, at, separator);
    fields.push(field);
    if (end >= line.length) return fields;
    at = end;
  }
}

function readField(line: string, from: number, separator: Separator) {
  let start = from;
  while (line[start] === ' ') start += 1;
  if (line[start] !== '"') {
    const end = indexOrEnd(line, separator, from);
    return { field: line.slice(from, end).trim(), end };
  }
  const close = closingQuote(line, start);
  let end = close + 1;
  while (line[end] === ' ') end += 1;
  if (close === -1 || (end < line.length && line[end] !== separator)) {
    throw new RowRefused(
      'invalid_csv',
      `The quotes of field ${countBefore(line, start, separator) + 1} do not match. Double the quotes within a field, and leave line breaks out.`,
    );
  }
  return { field: line.slice(start + 1, close).replaceAll('""', '"'), end };
}

/** The quote that closes what the one at `open` opens: the next that is not doubled; -1 for none. */
function closingQuote(line: string, open: number): number {
  let at = line.indexOf('"', open + 1);
  while (at !== -1 && line[at + 1] === '"') at = line.indexOf('"', at + 2);
  return at;
}

function indexOrEnd(line: string, separator: Separator, from: number): number {
  const end = line.indexOf(separator, from);
  return end === -1 ? line.length : end;
}

function countBefore(line: string, end: number, separator: Separator): number {
  return line.slice(0, end).split(separator).length - 1;
}
