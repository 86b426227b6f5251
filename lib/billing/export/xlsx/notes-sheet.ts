import { firstDay, lastDay, sumOf } from '../exported-figures.ts';
import { cardsOf, type ExportedMonth } from '../exported-month.ts';
import { verifyText } from '../verify-text.ts';
import { type Cell, numberCell, textCell } from './cell.ts';
import type { Sheet } from './workbook.ts';

type Row = readonly [what: string, value: Cell];

/** What the figures are, where they come from, and how to check them. */
export function notesSheet(month: ExportedMonth, lineCount: number): Sheet {
  const rows = [...factRows(month, lineCount), ...paperRows(month), ...readingRows(month)];
  return {
    name: 'Notes',
    columns: [
      { title: 'What', width: 18 },
      { title: 'Value', width: 100 },
    ],
    rows: rows.map(([what, value]) => [textCell(what), value]),
    filtered: 0,
  };
}

function factRows(month: ExportedMonth, lineCount: number): Row[] {
  const { documents, period, currency, revision } = month;
  const madeBy =
    revision === 0
      ? 'the estimate of the month to date (revision 0)'
      : `close ${revision} of the month (revision ${revision})`;
  const total = sumOf(
    documents.map((one) => one.total),
    '0',
  );
  return [
    ['Bills of', textCell(period)],
    ['First day', { kind: 'date', day: firstDay(period) }],
    ['Last day', { kind: 'date', day: lastDay(period) }],
    ['Time zone', textCell('UTC')],
    ['Team', textCell(month.team ?? 'all')],
    ['Currency', textCell(currency)],
    ['State', textCell(statesOf(month))],
    ['Made by', textCell(madeBy)],
    ['Documents', numberCell(String(documents.length))],
    ['Lines', numberCell(String(lineCount))],
    ['Total', numberCell(total, 'amount')],
    ['Rate cards', textCell(cardsOf(documents).join(', '), 'wrapped')],
    ...ratesOf(month).map((rate): Row => ['Exchange rate', textCell(rate)]),
  ];
}

function paperRows({ wording }: ExportedMonth): Row[] {
  const rows: Row[] = [
    ['Issuer', textCell(wording.issuer)],
    ['Statement', textCell(wording.statement)],
  ];
  return rows.filter(([, value]) => value !== null);
}

function readingRows(month: ExportedMonth): Row[] {
  const { length } = month.unrated;
  const unrated =
    length === 0 ? 'none' : `${length} rows that no rule prices, in no amount: sheet Unrated`;
  const rows: readonly (readonly [string, string])[] = [
    ['Unrated usage', unrated],
    [
      'Totals',
      'total is what was billed; total_by_formula is what the spreadsheet adds up from the lines.',
    ],
    [
      'Digits',
      'A spreadsheet keeps 15 digits of a number. Columns with _exact in their name have all digits, as text; where a number has more, the cell beside it has the nearest.',
    ],
    [
      'Text',
      'Ids, names and numbers of documents are text, whatever they begin with: no cell but the totals is a formula.',
    ],
    ['Verification', verifyText(month)],
  ];
  return rows.map(([what, text]) => [what, textCell(text, 'wrapped')]);
}

function statesOf({ documents }: ExportedMonth): string {
  return [...new Set(documents.map(({ state }) => state))].join(', ');
}

function ratesOf({ documents }: ExportedMonth): string[] {
  const rates = documents.flatMap(({ exchangeRates }) =>
    exchangeRates.map(({ from, to, rate, date }) => `1 ${from} = ${rate} ${to}, rate of ${date}`),
  );
  return [...new Set(rates)];
}
