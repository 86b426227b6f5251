import { type CsvColumn, csvTable } from '../../lib/billing/csv.ts';
import type { UsageDimension, UsageSum, UsageSumsRequest } from '../../lib/ports/usage-sums.ts';

export type ResultFormatName = 'jsonl' | 'csv';

type ResultFormat = UsageSumsRequest['format'];

/** How rows are written: `{"project":"p1","hour":"2026-10-29T10:00:00Z","quantity":"1.5"}`, or CSV with the same columns. */
export function resultFormat(
  name: ResultFormatName,
  by: readonly UsageDimension[],
): ResultFormat & { readonly contentType: string } {
  return name === 'csv'
    ? { ...csvFormat(by), contentType: 'text/csv; charset=utf-8' }
    : { ...jsonLinesFormat(by), contentType: 'application/x-ndjson' };
}

function jsonLinesFormat(by: readonly UsageDimension[]): ResultFormat {
  const line = ({ keys, quantity }: UsageSum) => {
    const named = by.map((dimension, index) => [dimension, keys[index]]);
    return `${JSON.stringify({ ...Object.fromEntries(named), quantity })}\n`;
  };
  return { head: '', render: (rows) => rows.map(line).join('') };
}

function csvFormat(by: readonly UsageDimension[]): ResultFormat {
  const keys: CsvColumn<UsageSum>[] = by.map((name, index) => ({
    name,
    kind: 'text',
    value: (row) => row.keys[index] ?? '',
  }));
  const columns = [
    ...keys,
    { name: 'quantity', kind: 'number', value: (row: UsageSum) => row.quantity } as const,
  ];
  const head = csvTable(columns, []);
  return { head, render: (rows) => csvTable(columns, rows).slice(head.length) };
}
