import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ExportedMonth } from '../../../../lib/billing/export/exported-month.ts';
import { billsXlsx } from '../../../../lib/billing/export/xlsx/bills-xlsx.ts';
import { isKeptExactly, keptNumber } from '../../../../lib/billing/export/xlsx/cell.ts';
import { add, decimalOf, toFixedText } from '../../../../lib/decimal/decimal.ts';
import { ADJUSTMENT, bill, line, month } from './exported-sample.ts';
import { type ReadSheet, readXlsx } from './xlsx-reader.ts';

function sheetsOf(of: ExportedMonth): Readonly<Record<string, ReadSheet>> {
  return Object.fromEntries(readXlsx(billsXlsx(of)).map((sheet) => [sheet.name, sheet]));
}

const TWO = month({
  documents: [
    bill({ total: '10.05', lines: [line(), line({ measure: 'ram', amount: '0.75' })] }),
    bill({
      kind: 'credit',
      number: 'N2026-000001',
      total: '-2.00',
      corrects: { period: '2026-09', number: '2026-000009', sha256: null },
      lines: [line({ amount: '-2.00', quantity: '-160', reason: 'late-usage' })],
    }),
  ],
});

describe('bills as a workbook', () => {
  it('has documents, lines and notes, each under a header that stays in sight', () => {
    const sheets = readXlsx(billsXlsx(TWO));
    expect(sheets.map(({ name }) => name)).toEqual(['Documents', 'Lines', 'Notes']);
    expect(sheets.filter(({ frozen }) => !frozen)).toEqual([]);
  });

  it('has numbers as numbers, dates as dates, and ids as text', () => {
    const [first] = sheetsOf(TWO)['Lines']?.rows ?? [];
    const types = Object.entries(first ?? {}).filter(([, { type }]) => type === 'number');
    expect(types.map(([title, { value }]) => [title, value])).toEqual([
      ['revision', '1'],
      // 2026-11-03, 2026-10-01 and 2026-10-31, as spreadsheets count days.
      ['issue_date', '46329'],
      ['period_start', '46296'],
      ['period_end', '46326'],
      ['band', '0'],
      ['quantity', '744'],
      ['amount', '9.30'],
    ]);
    expect(first?.['number']).toMatchObject({ type: 'text', value: '2026-000001' });
    expect(first?.['quantity_exact']).toMatchObject({ type: 'text', value: '744' });
    expect(first?.['unit']?.value).toBe('core-hour');
  });

  it('tells totals as they were billed, and as the lines add up to in the spreadsheet', () => {
    const documents = sheetsOf(TWO)['Documents'];
    const totals = documents?.rows.map((row) => ({
      total: row['total']?.value,
      formula: row['total_by_formula']?.formula,
      shown: row['total_by_formula']?.value,
    }));
    expect(totals).toEqual([
      { total: '10.05', formula: 'SUM(Lines!Z2:Z3)', shown: '10.05' },
      { total: '-2.00', formula: 'SUM(Lines!Z4:Z4)', shown: '-2.00' },
      { total: '8.05', formula: 'SUM(Q2:Q3)', shown: '8.05' },
    ]);
    expect(sheetsOf(TWO)['Lines']?.head[25]).toBe('amount');
    expect(documents?.head[16]).toBe('total_by_formula');
  });

  it('says in its notes what it is, in which zone, from which close and cards, and how to check it', () => {
    const told = Object.fromEntries(
      (sheetsOf(TWO)['Notes']?.rows ?? []).map((row) => [row['What']?.value, row['Value']?.value]),
    );
    expect(told).toMatchObject({
      'Bills of': '2026-10',
      'Time zone': 'UTC',
      Currency: 'EUR',
      State: 'issued',
      'Made by': 'close 1 of the month (revision 1)',
      Documents: '2',
      Lines: '3',
      Total: '8.05',
      'Rate cards': 'std@2026-10-01',
      Statement: 'Internal recharge, not a tax invoice.',
    });
    expect(told['Verification']).toContain('headroom bill verify 2026-10');
  });

  it('keeps the digits that a number cannot hold as text beside it', () => {
    const rows = sheetsOf(
      month({ documents: [bill({ lines: [line({ quantity: '123456789.123456789012' })] })] }),
    )['Lines']?.rows;
    expect(rows?.[0]?.['quantity']?.value).toBe('123456789.123457');
    expect(rows?.[0]?.['quantity_exact']?.value).toBe('123456789.123456789012');
    expect(rows?.[0]?.['amount_exact']).toBeUndefined();
  });

  it('tells amounts by all their digits, too, where one has more than a number holds', () => {
    const amount = '12345678901234567.89';
    const sheets = sheetsOf(
      month({ documents: [bill({ total: amount, lines: [line({ amount })] })] }),
    );
    expect(sheets['Lines']?.rows[0]?.['amount_exact']?.value).toBe(amount);
    expect(sheets['Documents']?.rows[0]?.['total_exact']?.value).toBe(amount);
    expect(sheets['Documents']?.rows[0]?.['total']?.value).toBe('12345678901234600');
  });

  it('shows what an estimate comes to, and usage that no rule prices', () => {
    const projection = {
      total: '31.00',
      range: { p10: '29.50', p90: '1033.25' },
      elapsedHours: 240,
      hoursInMonth: 744,
    };
    const estimate = bill({
      state: 'estimate',
      number: null,
      issuedAt: null,
      projection,
      lines: [line({ projectedAmount: '31.00' })],
    });
    const unrated = {
      team: 'payments',
      region: 'west',
      project: 'p1',
      measure: 'ram',
      class: '',
      quantity: '4',
    };
    const sheets = sheetsOf(month({ revision: 0, documents: [estimate], unrated: [unrated] }));
    expect(sheets['Documents']?.rows[0]?.['projected_total']?.value).toBe('31.00');
    expect(sheets['Documents']?.rows[0]?.['projected_p10']?.value).toBe('29.50');
    expect(sheets['Documents']?.rows[0]?.['projected_p90']?.value).toBe('1033.25');
    expect(sheets['Lines']?.rows[0]?.['projected_amount']?.value).toBe('31.00');
    expect(sheets['Lines']?.rows[0]?.['issue_date']).toBeUndefined();
    expect(sheets['Unrated']?.rows[0]?.['quantity']?.value).toBe('4');
  });

  it('is a workbook though nobody has a bill, or a bill has no line', () => {
    expect(sheetsOf(month({ documents: [] }))['Documents']?.rows[0]?.['total']?.value).toBe('0');
    const [empty] =
      sheetsOf(month({ documents: [bill({ total: '0.00', lines: [] })] }))['Documents']?.rows ?? [];
    expect(empty?.['total_by_formula']).toMatchObject({ formula: '0', value: '0.00' });
  });

  it('gives the same bytes for the same month, at any hour', () => {
    const first = billsXlsx(TWO);
    vi.useFakeTimers({ now: new Date('2031-05-05T05:05:05Z') });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    expect(billsXlsx(structuredClone(TWO))).toEqual(first);
  });

  it('holds every text and every amount, and adds up', () => {
    const minor = fc.integer({ min: -10_000_000, max: 10_000_000 });
    const lines = fc.array(
      fc.record({ name: fc.string({ unit: 'binary', maxLength: 20 }), minor }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(lines, (given) => {
        const rows = given.map(({ name, minor: cents }) =>
          line({
            ...ADJUSTMENT,
            rule: name,
            amount: toFixedText({ unscaled: BigInt(cents), scale: 2 }),
          }),
        );
        const total = toFixedText(rows.map(({ amount }) => decimalOf(amount)).reduce(add));
        const sheets = sheetsOf(month({ documents: [bill({ total, lines: rows })] }));
        const read = sheets['Lines']?.rows ?? [];
        expect(read.map((row) => row['rule']?.value ?? '')).toEqual(rows.map(({ rule }) => rule));
        const sum = read.map((row) => decimalOf(row['amount']?.value ?? '')).reduce(add);
        expect(toFixedText(sum)).toBe(sheets['Documents']?.rows[0]?.['total']?.value);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['999999999999999', true],
    ['1000000000000000', true],
    ['1000000000000001', false],
    ['0.000000000001', true],
    ['744.123456789012', true],
    ['1744.123456789012', false],
    ['1744.12345678900', true],
    ['-1.5', true],
    ['0', true],
    ['0.00', true],
  ])('a spreadsheet keeps %s: %s', (decimal, kept) => {
    expect(isKeptExactly(decimal)).toBe(kept);
    expect(keptNumber(decimal) === decimal).toBe(kept);
    expect(isKeptExactly(keptNumber(decimal))).toBe(true);
  });
});
