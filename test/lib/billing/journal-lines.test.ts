import { describe, expect, it } from 'vitest';
import { type JournalSource, journalCsv, journalLines } from '../../../lib/billing/journal.ts';
import { readJournalMapping } from '../../../lib/billing/journal-mapping.ts';

const cores = {
  ...{ measure: 'cores', region: 'west', project: 'p1', class: 'small', rule: 'std' },
  amount: '3.00',
};
const ram = { ...cores, measure: 'ram', project: 'p2', amount: '2.00' };

function bill(changes: Partial<JournalSource> = {}): JournalSource {
  return {
    ...{ reference: 'N-1', period: '2026-02', currency: 'EUR', team: 't', teamName: 'Team' },
    ...{ costCentre: '0420', purchaseOrder: 'PO', glAccount: '', lines: [cores, ram] },
    ...changes,
  };
}

const ACCOUNTS = { expense: '6000', recovery: '8400', recoveryCostCentre: 'IT' };

/** Each line's fields, as they are named. */
function told(sources: JournalSource[], fields: string, mapping: object = {}): string[] {
  const read = readJournalMapping(JSON.stringify({ accounts: ACCOUNTS, ...mapping }));
  const names = fields.split(' ') as (keyof ReturnType<typeof journalLines>[number])[];
  return journalLines(sources, read).map((line) => names.map((name) => line[name]).join(' '));
}

describe('a line of a journal', () => {
  it.each<[string, object, Partial<JournalSource>, string[]]>([
    ["is booked on the ledger's account", {}, {}, ['6000 3.00', '6000 2.00', '8400 -5.00']],
    [
      "is booked on the team's account",
      {},
      { glAccount: '7000' },
      ['7000 3.00', '7000 2.00', '8400 -5.00'],
    ],
    [
      "is booked on its measure's account before the team's",
      { accounts: { ...ACCOUNTS, byMeasure: { ram: '7100' } } },
      { glAccount: '7000' },
      ['7000 3.00', '7100 2.00', '8400 -5.00'],
    ],
    [
      'is on no account of a measure where lines are of all measures',
      { accounts: { ...ACCOUNTS, byMeasure: { cores: '7100' } }, groupBy: [] },
      {},
      ['6000 5.00', '8400 -5.00'],
    ],
    [
      'takes no name of a measure for more than a name',
      { accounts: { ...ACCOUNTS, byMeasure: {} } },
      { lines: [{ ...cores, measure: 'constructor' }] },
      ['6000 3.00', '8400 -3.00'],
    ],
    [
      'balances nothing where credits and debits are equal',
      {},
      { lines: [cores, { ...ram, amount: '-3.00' }] },
      ['6000 3.00', '6000 -3.00'],
    ],
    [
      'is none where a group comes to nothing',
      {},
      { lines: [cores, { ...cores, amount: '-3.00', project: 'p3' }, ram] },
      ['6000 2.00', '8400 -2.00'],
    ],
  ])('%s', (_name, mapping, changes, lines) => {
    expect(told([bill(changes)], 'account amount', mapping)).toEqual(lines);
  });

  it('is a debit of the team above 0, and a credit below', () => {
    const fields = 'costCentre debit credit amount';
    expect(told([bill({ lines: [cores] })], fields)).toEqual(['0420 3.00  3.00', 'IT  3.00 -3.00']);
    const note = bill({ lines: [{ ...cores, amount: '-3.00' }] });
    expect(told([note], fields)).toEqual(['0420  3.00 -3.00', 'IT 3.00  3.00']);
  });

  it('tells document, month and team, and what it is grouped by', () => {
    const head = 'document line lines date period fiscalYear fiscalPeriod reference';
    expect(told([bill()], `${head} currency purchaseOrder team teamName`)).toEqual(
      [1, 2, 3].map((line) => `N-1 ${line} 3 2026-02-28 2026-02 2026 02 N-1 EUR PO t Team`),
    );
    expect(told([bill({ teamName: '' })], 'teamName')).toEqual(['t', 't', 't']);
    const groupBy = ['region', 'project', 'class', 'rule'];
    expect(told([bill()], 'measure region project class rule', { groupBy })).toEqual([
      ' west p1 small std',
      ' west p2 small std',
      '    ',
    ]);
  });

  it('has a text of so many characters, none of them half', () => {
    const text = ' {teamName} {measure} ';
    const teamName = '\u{1F600}\u{1F601}';
    expect(told([bill({ teamName })], 'text', { text })).toEqual([
      `${teamName} cores`,
      `${teamName} ram`,
      teamName,
    ]);
    expect(told([bill({ teamName, lines: [] })], 'text')).toEqual([]);
    const [first] = told([bill({ teamName })], 'text', { text, textLength: '2' });
    expect(first).toBe(teamName);
  });

  it('stands in the document of its bill; those of one bill count their parts', () => {
    const sources = [bill({ reference: 'N-2' }), bill({ lines: [] }), bill({ reference: 'N-0' })];
    expect(told(sources, 'document line lines amount', { lineLimit: 2 })).toEqual([
      'N-0-1 1 2 3.00',
      'N-0-1 2 2 -3.00',
      'N-0-2 1 2 2.00',
      'N-0-2 2 2 -2.00',
      'N-2-1 1 2 3.00',
      'N-2-1 2 2 -3.00',
      'N-2-2 1 2 2.00',
      'N-2-2 2 2 -2.00',
    ]);
    expect(told(sources, 'document', { lineLimit: 3 })).toEqual([
      ...Array(3).fill('N-0'),
      ...Array(3).fill('N-2'),
    ]);
  });

  it.each([
    ['YYYY-MM-DD', '2026-02-28'],
    ['YYYYMMDD', '20260228'],
    ['DD.MM.YYYY', '28.02.2026'],
    ['MM/DD/YYYY', '02/28/2026'],
  ])('has the last day of its month as %s', (dateFormat, date) => {
    expect(new Set(told([bill()], 'date', { dateFormat }))).toEqual(new Set([date]));
  });

  it('has numbers plain, and all that is text in quotes', () => {
    const values = [
      '{debit}',
      '{credit}',
      '{amount}',
      '{line}',
      '{lines}',
      '{document}',
      '{line}.',
    ];
    const columns = values.map((value, index) => ({ name: `c${index}`, value }));
    const mapping = readJournalMapping(JSON.stringify({ columns }));
    expect(journalCsv([bill({ lines: [cores] })], mapping).split('\r\n')).toEqual([
      'c0,c1,c2,c3,c4,c5,c6',
      '3.00,,3.00,1,2,"N-1","1."',
      ',3.00,-3.00,2,2,"N-1","2."',
      '',
    ]);
  });
});

describe('the mapping of a journal', () => {
  it.each([
    ['lineLimit: 2', 2],
    ['lineLimit: " 100000 "', 100_000],
    ['{"lineLimit": 7}', 7],
    ['   ', 999],
  ])('takes a limit: %s', (text, limit) => {
    expect(readJournalMapping(text).lineLimit).toBe(limit);
  });

  it.each(['1', '100001', '2.5', '-2', '1e3', 'two', '3 lines', ''])(
    'takes no limit of "%s"',
    (limit) => {
      expect(() => readJournalMapping(JSON.stringify({ lineLimit: limit }))).toThrow(
        'lineLimit: must be a whole number from 2 to 100000',
      );
    },
  );

  it('names in braces nothing but fields, in every place', () => {
    expect(() => readJournalMapping('text: "{team} {colour}"')).toThrow(
      'The mapping is not valid: /text: may name in braces only document, line, lines,',
    );
    expect(readJournalMapping('text: no braces').text).toBe('no braces');
  });

  it('takes flags, and keeps the zeros of accounts', () => {
    expect(readJournalMapping('bom: true').bom).toBe(true);
    expect(readJournalMapping('bom: false').bom).toBe(false);
    expect(readJournalMapping('accounts: {expense: 0400}').accounts.expense).toBe('0400');
    expect(() => readJournalMapping('bom: yes')).toThrow('bom');
  });
});
