import { assert } from '../assert.ts';
import {
  add,
  compare,
  type Decimal,
  decimalOf,
  isZero,
  negate,
  toFixedText,
  ZERO,
} from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import { addDays, addMonths, type Month } from '../period/calendar.ts';
import { type CsvColumn, csvTable } from './csv.ts';
import {
  filled,
  type GroupField,
  type JournalField,
  type JournalMapping,
} from './journal-mapping.ts';

/** A bill, or a credit or debit note: what it says is booked as a whole. */
export interface JournalSource {
  /** Its number; of a draft month and team. */
  readonly reference: string;
  readonly period: Month;
  readonly currency: string;
  readonly team: string;
  readonly teamName: string;
  readonly costCentre: string;
  readonly purchaseOrder: string;
  /** Of the team; empty: the mapping's. */
  readonly glAccount: string;
  readonly lines: readonly (Readonly<Record<GroupField, string>> & { readonly amount: string })[];
}

export type JournalLine = Readonly<Record<JournalField, string>>;

type Posted = Pick<JournalLine, 'account' | 'costCentre'> & Partial<Record<GroupField, string>>;
/** What the lines of a document have in common. */
type Head = Omit<JournalLine, 'line' | keyof Posted | 'debit' | 'credit' | 'amount' | 'text'> &
  Record<GroupField, string>;

interface Posting {
  readonly fields: Posted;
  /** Above zero: debit. */
  readonly amount: Decimal;
}

/**
 * The lines of the journal, document by document: in each, debits and credits add up to the same.
 * Lines that come to nothing are left out, and so are documents without lines.
 */
export function journalLines(
  sources: readonly JournalSource[],
  mapping: JournalMapping,
): JournalLine[] {
  const sorted = sources.toSorted((a, b) => compareText(a.reference, b.reference));
  return sorted.flatMap((source) => {
    const postings = postingsOf(source, mapping);
    const own = mapping.lineLimit - 1;
    const parts = Math.ceil(postings.length / own);
    return Array.from({ length: parts }, (_, part) =>
      documentOf(source, mapping, {
        id: parts === 1 ? source.reference : `${source.reference}-${part + 1}`,
        postings: postings.slice(part * own, (part + 1) * own),
      }),
    ).flat();
  });
}

/** The same bills and mapping are the same bytes. */
export function journalCsv(sources: readonly JournalSource[], mapping: JournalMapping): string {
  const columns = mapping.columns.map(
    ({ name, value }): CsvColumn<JournalLine> => ({
      name,
      kind: NUMBERS.has(value) ? 'number' : 'text',
      value: (line) => filled(value, line),
    }),
  );
  const { separator, bom } = mapping;
  return csvTable(columns, journalLines(sources, mapping), { separator, bom });
}

const NUMBERS: ReadonlySet<string> = new Set([
  '{debit}',
  '{credit}',
  '{amount}',
  '{line}',
  '{lines}',
]);

function postingsOf(source: JournalSource, mapping: JournalMapping): Posting[] {
  const { groupBy, accounts } = mapping;
  const groups = Map.groupBy(source.lines, (line) =>
    JSON.stringify(groupBy.map((field) => line[field])),
  );
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([, lines]) => {
      const amount = lines.map((line) => decimalOf(line.amount)).reduce(add, ZERO);
      const [first] = lines;
      if (isZero(amount) || first === undefined) return [];
      const group = Object.fromEntries(groupBy.map((field) => [field, first[field]]));
      const byMeasure = Object.hasOwn(accounts.byMeasure, first.measure)
        ? accounts.byMeasure[first.measure]
        : undefined;
      const known = groupBy.includes('measure') ? byMeasure : undefined;
      const account = known ?? (source.glAccount === '' ? accounts.expense : source.glAccount);
      return [{ fields: { ...group, account, costCentre: source.costCentre }, amount }];
    });
}

function documentOf(
  source: JournalSource,
  mapping: JournalMapping,
  { id, postings }: { readonly id: string; readonly postings: readonly Posting[] },
): JournalLine[] {
  const { accounts } = mapping;
  const total = postings.map(({ amount }) => amount).reduce(add, ZERO);
  const { recovery: account, recoveryCostCentre: costCentre } = accounts;
  // Where credits and debits of the part are equal, it balances by itself.
  const balance: Posting[] = isZero(total)
    ? []
    : [{ fields: { account, costCentre }, amount: negate(total) }];
  const all = [...postings, ...balance];
  assert(isZero(all.map(({ amount }) => amount).reduce(add, ZERO)), 'debits are credits');
  const head = headOf(source, mapping, { id, lines: all.length });
  return all.map((posting, index) =>
    lineOf({ ...head, line: String(index + 1) }, posting, mapping),
  );
}

function headOf(
  source: JournalSource,
  mapping: JournalMapping,
  document: { readonly id: string; readonly lines: number },
): Head {
  const { period, reference, team, teamName, purchaseOrder, currency } = source;
  const lastDay = addDays(`${addMonths(period, 1)}-01`, -1);
  const nothing = { measure: '', region: '', project: '', class: '', rule: '' };
  return {
    ...nothing,
    document: document.id,
    lines: String(document.lines),
    date: dateText(lastDay, mapping.dateFormat),
    period,
    fiscalYear: period.slice(0, 4),
    fiscalPeriod: period.slice(5),
    reference,
    team,
    teamName: teamName === '' ? team : teamName,
    purchaseOrder,
    currency,
  };
}

function lineOf(
  head: Head & Pick<JournalLine, 'line'>,
  { fields, amount }: Posting,
  mapping: JournalMapping,
): JournalLine {
  const isDebit = compare(amount, ZERO) > 0;
  const magnitude = toFixedText(isDebit ? amount : negate(amount));
  const line = {
    ...head,
    ...fields,
    debit: isDebit ? magnitude : '',
    credit: isDebit ? '' : magnitude,
    amount: toFixedText(amount),
    text: '',
  };
  const text = filled(mapping.text, line).trim();
  return { ...line, text: cut(text, mapping.textLength) };
}

/** To so many characters, none of them cut in half. */
function cut(text: string, length: number): string {
  return [...text].slice(0, length).join('');
}

function dateText(day: string, format: JournalMapping['dateFormat']): string {
  return format
    .replace('YYYY', day.slice(0, 4))
    .replace('MM', day.slice(5, 7))
    .replace('DD', day.slice(8));
}
