import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BillLine } from '../../../lib/billing/bill.ts';
import { billsCsv, type CsvBill } from '../../../lib/billing/bills-csv.ts';
import { csvTable } from '../../../lib/billing/csv.ts';

const LINE: BillLine = {
  project: 'p1',
  region: 'west',
  measure: 'cores',
  class: 'm1.small',
  rule: 'cores',
  card: 'std',
  band: 0,
  quantity: '10.75',
  amount: '0.15',
};

function bill(changes: Partial<BillLine> = {}): CsvBill {
  return {
    number: 'R-000001',
    revision: 1,
    state: 'issued',
    bill: {
      period: '2026-10',
      currency: 'EUR',
      team: 'payments',
      lines: [{ ...LINE, ...changes }],
    },
  };
}

/** Reads RFC 4180 with CRLF, by its grammar and nothing of ours. */
function readCsv(table: string): string[][] {
  const records: string[][] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  let record: string[] = [];
  while (cell.lastIndex < table.length) {
    const match = cell.exec(table);
    if (match === null) throw new Error('not RFC 4180');
    record.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n') {
      records.push(record);
      record = [];
    }
  }
  return records;
}

describe('bills as CSV', () => {
  it('have a row a line, text in quotes and numbers plain', () => {
    expect(billsCsv([bill()])).toBe(
      'bill_number,revision,state,period,currency,team,project,project_name,region,measure,class,rule,card,band,quantity,unused_quantity,amount\r\n' +
        '"R-000001",1,"issued","2026-10","EUR","payments","p1","","west","cores","m1.small","cores","std",0,10.75,,0.15\r\n',
    );
  });

  it('name the projects that have a name, made inert as all text', () => {
    const named = { ...bill(), projectNames: { p1: '=Payments', p2: 'Other' } };
    expect(readCsv(billsCsv([named]))[1]?.slice(6, 8)).toEqual(['p1', "'=Payments"]);
  });

  it('say what of a commitment was not used', () => {
    const commitment = { quantity: '1488', unusedQuantity: '1448.5', amount: '148.80' };
    expect(billsCsv([bill(commitment)])).toContain(',1488,1448.5,148.80\r\n');
  });

  it('leave negative amounts numbers', () => {
    expect(billsCsv([bill({ amount: '-3.00' })])).toContain(',-3.00\r\n');
  });

  it('keep ids that look like numbers, and text with quotes, commas and line ends', () => {
    const table = billsCsv([bill({ project: '007', class: 'a "b", c\r\nd', rule: '1e5' })]);
    expect(readCsv(table)[1]).toEqual(expect.arrayContaining(['007', 'a "b", c\r\nd', '1e5']));
  });

  it.each([
    '=HYPERLINK("http://x")',
    '+1',
    '-1+1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '\0=1',
    '＝1+1',
    '＋1',
    '－1',
    '＠x',
    "'=1",
  ])('make %j inert', (project) => {
    expect(readCsv(billsCsv([bill({ project })]))[1]?.[6]).toBe(`'${project}`);
  });
});

describe('a CSV table', () => {
  const column = { name: 'text', kind: 'text', value: (text: string) => text } as const;

  it('starts no text with what a spreadsheet runs, and tells any two texts apart', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(texts, (rows) => {
        const cells = readCsv(csvTable([column], rows))
          .slice(1)
          .map(([cell = '']) => cell);
        expect(cells.some((cell) => /^[=+\-@\t\r\n\0]/.test(cell))).toBe(false);
        expect(new Set(cells).size).toBe(new Set(rows).size);
      }),
    );
  });
});
