import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { billsCsv } from '../../lib/billing/bills-csv.ts';
import type { ExportedMonth } from '../../lib/billing/export/exported-month.ts';
import { FOCUS_COLUMNS } from '../../lib/billing/export/focus-columns.ts';
import { focusCsv } from '../../lib/billing/export/focus-csv.ts';
import { focusRows } from '../../lib/billing/export/focus-rows.ts';
import { billsPdf } from '../../lib/billing/export/pdf/bills-pdf.ts';
import { billsXlsx } from '../../lib/billing/export/xlsx/bills-xlsx.ts';
import { journalCsv } from '../../lib/billing/journal.ts';
import { readJournalMapping } from '../../lib/billing/journal-mapping.ts';
import { csvRecords } from '../../lib/names/csv-records.ts';
import { readTeam } from '../../lib/rating/team.ts';
import { readTeamsCsv } from '../../lib/teams/read-teams-csv.ts';
import { teamsCsv } from '../../lib/teams/teams-csv.ts';
import { bill, line, month } from '../lib/billing/export/exported-sample.ts';
import { FONTS, readPdf } from '../lib/billing/export/pdf-reader.ts';
import { readXlsx } from '../lib/billing/export/xlsx-reader.ts';

const HOSTILE = [
  '=HYPERLINK("http://x")',
  '+1',
  '-1+1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  '\0=1',
  '＝1',
  '＋1',
  '－1',
  '＠A1',
];
/** As a spreadsheet reads the cell: what begins like this is run. */
const RUN = /^[=+\-@\t\r\n\0＝＋－＠]/;

/** Every cell of the named columns of a table, as a spreadsheet has it once quotes are taken off. */
function cellsOf(csv: string, isNumber: (name: string) => boolean) {
  const [head, ...rows] = csvRecords(csv);
  const cells = rows.flatMap(({ fields }) =>
    fields.map((cell, index) => ({ name: head?.fields[index] ?? '', cell })),
  );
  return {
    texts: cells.filter(({ name }) => !isNumber(name)).map(({ cell }) => cell),
    numbers: cells.filter(({ name }) => isNumber(name)).map(({ cell }) => cell),
  };
}

describe('X1: names that a spreadsheet would run, in CSV', () => {
  it.each(HOSTILE)('%j is inert in the lines of a bill', (name) => {
    const line = {
      project: name,
      region: name,
      measure: name,
      class: name,
      rule: name,
      card: name,
    };
    const lines = [{ ...line, band: 0, quantity: '1', amount: '-1.50' }];
    const bill = { period: '2026-10', currency: 'EUR', team: name, lines };
    const csv = billsCsv([
      { number: null, revision: 1, state: 'draft', bill, projectNames: { [name]: name } },
    ]);
    const isNumber = (column: string) =>
      ['revision', 'band', 'quantity', 'amount'].includes(column);
    const { texts, numbers } = cellsOf(csv, isNumber);
    expect(texts.filter((cell) => RUN.test(cell))).toEqual([]);
    expect(texts).toContain(`'${name}`);
    expect(numbers).toContain('-1.50');
  });

  it.each(HOSTILE)('%j is inert in the journal, in the head of its columns, too', (name) => {
    const mapping = readJournalMapping(
      JSON.stringify({
        columns: [
          { name, value: '{text}' },
          { name: 'team', value: '{teamName}' },
          { name: 'amount', value: '{amount}' },
        ],
        text: '{team}',
      }),
    );
    const line = { measure: name, region: name, project: name, class: name, rule: name };
    const source = {
      reference: name,
      period: '2026-10',
      currency: 'EUR',
      team: `x${name}`,
      teamName: name,
      costCentre: name,
      purchaseOrder: name,
      glAccount: name,
      lines: [{ ...line, amount: '-1.50' }],
    };
    const csv = journalCsv([source], mapping);
    const { texts, numbers } = cellsOf(csv, (column) => column === 'amount');
    expect(texts.filter((cell) => RUN.test(cell))).toEqual([]);
    expect(csvRecords(csv)[0]?.fields[0]).toBe(`'${name}`);
    expect(numbers).toEqual(['-1.50', '1.50']);
  });

  it.each(HOSTILE)('%j is inert in the table of teams, and comes back from it', (name) => {
    const team = readTeam({ id: name, name, owner: name, projects: [{ project: name }] });
    const csv = teamsCsv([team]);
    const { texts } = cellsOf(csv, () => false);
    expect(texts.filter((cell) => RUN.test(cell))).toEqual([]);
    expect(readTeamsCsv(csv).teams).toEqual([team]);
  });
});

/** A name wherever somebody else's text goes: in the month, its teams, its lines. */
function namedBy(name: string): ExportedMonth {
  const hostile = line({
    ...{ project: name, projectName: name, region: name, measure: name, class: name },
    ...{ rule: name, card: name, unit: name, reason: name, amount: '-1.50', quantity: '-2' },
  });
  const billedTo = {
    ...{ name, costCentre: name, glAccount: name, purchaseOrder: name, owner: name },
    contact: name,
  };
  const unrated = { team: name, project: name, region: name, measure: name, class: name };
  return month({
    team: name,
    wording: { issuer: name, statement: name },
    documents: [bill({ team: name, number: name, billedTo, total: '-1.50', lines: [hostile] })],
    unrated: [{ ...unrated, quantity: '1' }],
  });
}

describe('X1: names that a spreadsheet would run, in XLSX', () => {
  it.each(HOSTILE)('%j is text as it is, never a formula', (name) => {
    const sheets = readXlsx(billsXlsx(namedBy(name)));
    const cells = sheets.flatMap(({ rows }) => rows.flatMap((row) => Object.values(row)));
    expect(cells.filter(({ value }) => value === name).length).toBeGreaterThan(15);
    expect(cells.filter(({ value, type }) => value === name && type !== 'text')).toEqual([]);
    const formulas = cells.map(({ formula }) => formula).filter((formula) => formula !== null);
    expect(formulas).toEqual(['SUM(Lines!Z2:Z2)', 'SUM(Q2:Q2)']);
    const [amount] = sheets[1]?.rows.map((row) => row['amount']) ?? [];
    expect(amount).toMatchObject({ type: 'number', value: '-1.50' });
  });

  it.each(HOSTILE)('%j stays text when somebody edits its cell', (name) => {
    const file = unzipSync(billsXlsx(namedBy(name)));
    const styles = strFromU8(file['xl/styles.xml'] ?? new Uint8Array());
    const formats = [...styles.matchAll(/<xf numFmtId="(\d+)"/g)].map(([, id]) => id).slice(1);
    const cells = readXlsx(billsXlsx(namedBy(name))).flatMap(({ rows }) =>
      rows.flatMap((row) => Object.values(row)),
    );
    // Format 49 is text: what is typed into such a cell is never read as a formula.
    const found = cells.filter(({ value }) => value === name).map(({ style }) => formats[style]);
    expect(new Set(found)).toEqual(new Set(['49']));
  });
});

describe('X1: names that a spreadsheet would run, in PDF', () => {
  it.each(HOSTILE)('%j is text, every character in sight, and nothing happens', async (name) => {
    const pdf = await readPdf(await billsPdf(namedBy(name), FONTS));
    const shown = name.replace(/[\0\t\r\n]/, (character) => {
      const code = character.charCodeAt(0).toString(16).toUpperCase();
      return `[U+${code.padStart(4, '0')}]`;
    });
    expect(pdf.text).toContain(`Cost centre ${shown}`);
    expect(pdf.text).toContain('-1.50');
    expect(pdf.hasActions).toBe(false);
  });

  it('shows what would turn the text around or hide it', async () => {
    const pdf = await readPdf(await billsPdf(namedBy('a\u202Eb\u200Bc'), FONTS));
    expect(pdf.text).toContain('Cost centre a[U+202E]b[U+200B]c');
  });
});

describe('X1: names that a spreadsheet would run, in FOCUS', () => {
  const none = { terms: new Map(), manifestSha256: null, units: new Map() };
  const texts: ReadonlySet<string> = new Set(
    FOCUS_COLUMNS.filter(({ type }) => type === 'text' || type === 'json').map(({ name }) => name),
  );

  it.each(HOSTILE)('%j is inert in CSV, ids included, and as it is for Parquet', (name) => {
    const rows = focusRows({ month: namedBy(name), ...none });
    const cells = cellsOf(focusCsv(rows, { inert: true }), (column) => !texts.has(column));
    expect(cells.texts.filter((cell) => RUN.test(cell))).toEqual([]);
    expect(cells.texts.filter((cell) => cell === `'${name}`).length).toBeGreaterThan(8);
    expect(cells.numbers).toContain('-1.50');
    const plain = cellsOf(focusCsv(rows, { inert: false }), () => false);
    expect(plain.texts.filter((cell) => cell === name).length).toBeGreaterThan(8);
  });
});
