import { type CsvColumn, csvTable } from '../../lib/billing/csv.ts';
import {
  labelIn,
  type UsageDimension,
  type UsageSum,
  type UsageSumsRequest,
} from '../../lib/ports/usage-sums.ts';
import type { DimensionNames } from './names-for.ts';

export type ResultFormatName = 'jsonl' | 'csv';

type ResultFormat = UsageSumsRequest['format'];

/**
 * How rows are written: `{"project":"p1","hour":"2026-10-29T10:00:00Z","quantity":"1.5"}`, or CSV with the same columns.
 * Labels stand under `metadata`, those that the resource has, as `headroom quote` reads them; in CSV each has a column.
 *
 * @param names dimensions in it get a column beside them: `projectName`, in CSV `project_name`
 */
export function resultFormat(
  name: ResultFormatName,
  by: readonly UsageDimension[],
  names: DimensionNames = new Map(),
): ResultFormat & { readonly contentType: string } {
  const columns = columnsOf(by, names);
  const labels = by.flatMap((dimension, index): Label[] => {
    const label = labelIn(dimension);
    return label === null ? [] : [{ name: label, index }];
  });
  return name === 'csv'
    ? { ...csvFormat(columns), contentType: 'text/csv; charset=utf-8' }
    : { ...jsonLinesFormat(columns, labels), contentType: 'application/x-ndjson' };
}

interface Label {
  readonly name: string;
  /** Of its dimension. */
  readonly index: number;
}

interface KeyColumn {
  /** Null: it stands under `metadata`. */
  readonly json: string | null;
  readonly csv: string;
  /** Undefined where there is no name. */
  readonly value: (row: UsageSum) => string | undefined;
}

function columnsOf(by: readonly UsageDimension[], names: DimensionNames): readonly KeyColumn[] {
  return by.flatMap((dimension, index): KeyColumn[] => {
    const value = (row: UsageSum) => row.keys[index];
    const called = names.get(dimension);
    const json = labelIn(dimension) === null ? dimension : null;
    const own = { json, csv: dimension, value };
    if (called === undefined) return [own];
    return [
      own,
      {
        json: `${dimension}Name`,
        csv: `${dimension}_name`,
        value: (row) => called.get(value(row) ?? ''),
      },
    ];
  });
}

/** What is undefined is left out. */
function jsonLinesFormat(columns: readonly KeyColumn[], labels: readonly Label[]): ResultFormat {
  const line = (row: UsageSum) => {
    const named = columns.flatMap(({ json, value }) => (json === null ? [] : [[json, value(row)]]));
    const { quantity } = row;
    const metadata = labels.length === 0 ? {} : { metadata: labelsOf(row, labels) };
    return `${JSON.stringify({ ...Object.fromEntries(named), ...metadata, quantity })}\n`;
  };
  return { head: '', render: (rows) => rows.map(line).join('') };
}

function labelsOf({ keys }: UsageSum, labels: readonly Label[]): Record<string, string> {
  const named = labels.map(({ name, index }) => [name, keys[index] ?? ''] as const);
  return Object.fromEntries(named.filter(([, value]) => value !== ''));
}

function csvFormat(columns: readonly KeyColumn[]): ResultFormat {
  const keys = columns.map(
    ({ csv, value }): CsvColumn<UsageSum> => ({
      name: csv,
      kind: 'text',
      value: (row) => value(row) ?? '',
    }),
  );
  const all = [
    ...keys,
    { name: 'quantity', kind: 'number', value: (row: UsageSum) => row.quantity } as const,
  ];
  const head = csvTable(all, []);
  return { head, render: (rows) => csvTable(all, rows).slice(head.length) };
}
