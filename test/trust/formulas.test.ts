import { describe, expect, it } from 'vitest';
import { billsCsv } from '../../lib/billing/bills-csv.ts';
import { journalCsv } from '../../lib/billing/journal.ts';
import { readJournalMapping } from '../../lib/billing/journal-mapping.ts';
import { csvRecords } from '../../lib/names/csv-records.ts';
import { readTeam } from '../../lib/rating/team.ts';
import { readTeamsCsv } from '../../lib/teams/read-teams-csv.ts';
import { teamsCsv } from '../../lib/teams/teams-csv.ts';

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
