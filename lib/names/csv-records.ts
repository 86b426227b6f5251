/** A record of CSV, and the line it starts at, from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Records of RFC 4180: quoted fields may hold separators, doubled quotes and line ends. Empty lines are none. */
export function csvRecords(text: string, separator = ','): CsvRecord[] {
  const records: CsvRecord[] = [];
  let fields: string[] = [];
  let [line, start] = [1, 1];
  for (let at = 0; at < text.length; ) {
    const { field, end } = fieldAt(text, at, separator);
    fields.push(field);
    line += count(text, at, end);
    const isLast = end >= text.length || text[end] !== separator;
    at = end + 1;
    if (!isLast) {
      if (at === text.length) fields.push('');
      continue;
    }
    if (text[end] === '\r' && text[end + 1] === '\n') at += 1;
    if (fields.length > 1 || fields[0] !== '') records.push({ line: start, fields });
    fields = [];
    line += 1;
    start = line;
  }
  return records;
}

function fieldAt(
  text: string,
  at: number,
  separator: string,
): { readonly field: string; readonly end: number } {
  if (text[at] !== '"') {
    let end = at;
    while (end < text.length && text[end] !== separator && !isLineEnd(text[end])) end += 1;
    return { field: text.slice(at, end), end };
  }
  let close = text.indexOf('"', at + 1);
  while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close === -1) return { field: text.slice(at + 1), end: text.length };
  let end = close + 1;
  while (end < text.length && text[end] !== separator && !isLineEnd(text[end])) end += 1;
  return {
    field: text.slice(at + 1, close).replaceAll('""', '"') + text.slice(close + 1, end),
    end,
  };
}

function isLineEnd(character: string | undefined): boolean {
  return character === '\n' || character === '\r';
}

function count(text: string, from: number, to: number): number {
  return text.slice(from, to).split('\n').length - 1;
}
