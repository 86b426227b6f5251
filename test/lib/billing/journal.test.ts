import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JournalSource, journalCsv, journalLines } from '../../../lib/billing/journal.ts';
import { readJournalMapping } from '../../../lib/billing/journal-mapping.ts';
import { add, decimalOf, isZero, toFixedText, ZERO } from '../../../lib/decimal/decimal.ts';

const line = (measure: string, amount: string, project = 'p1') => ({
  measure,
  amount,
  project,
  region: 'west',
  class: 'm1.small',
  rule: measure,
});
const bill = (
  lines: JournalSource['lines'],
  changes: Partial<JournalSource> = {},
): JournalSource => ({
  reference: '2026-000001',
  period: '2026-10',
  currency: 'EUR',
  team: 'payments',
  teamName: 'Payments',
  costCentre: '0420',
  purchaseOrder: '',
  glAccount: '6400',
  lines,
  ...changes,
});
const sum = (texts: readonly string[]) =>
  texts
    .filter((text) => text !== '')
    .map(decimalOf)
    .reduce(add, ZERO);

describe('the journal of a month', () => {
  it('debits the cost centre of the team and credits who provides', () => {
    const mapping = readJournalMapping('accounts: {recovery: "8400", recoveryCostCentre: IT}\n');
    const csv = journalCsv(
      [bill([line('ram', '2.50'), line('cores', '9.30'), line('cores', '0.70', 'p2')])],
      mapping,
    );
    expect(csv).toBe(
      [
        'document_id,line_no,posting_date,fiscal_year,fiscal_period,cost_centre,gl_account,debit,credit,currency,text,reference,purchase_order',
        '"2026-000001",1,"2026-10-31","2026","10","0420","6400",10.00,,"EUR","2026-10 payments cores","2026-000001",""',
        '"2026-000001",2,"2026-10-31","2026","10","0420","6400",2.50,,"EUR","2026-10 payments ram","2026-000001",""',
        '"2026-000001",3,"2026-10-31","2026","10","IT","8400",,12.50,"EUR","2026-10 payments","2026-000001",""',
        '',
      ].join('\r\n'),
    );
    expect(
      journalCsv(
        [bill([line('ram', '2.50'), line('cores', '9.30'), line('cores', '0.70', 'p2')])],
        mapping,
      ),
    ).toBe(csv);
  });

  it('balances in every document, loses nothing, has no zero line and keeps to the limit', () => {
    const amount = fc
      .integer({ min: -1_000_000, max: 1_000_000 })
      .map((cents) => toFixedText({ unscaled: BigInt(cents), scale: 2 }));
    const lines = fc.array(
      fc.tuple(
        fc.constantFrom('cores', 'ram', 'disk', ''),
        amount,
        fc.constantFrom('a', 'b', 'c', 'd'),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(
        fc.array(lines, { maxLength: 4 }),
        fc.integer({ min: 2, max: 6 }),
        (bills, limit) => {
          const mapping = {
            ...readJournalMapping('{groupBy: [measure, project]}'),
            lineLimit: limit,
          };
          const sources = bills.map((own, index) =>
            bill(
              own.map(([measure, value, project]) => line(measure, value, project)),
              { reference: `2026-${index}` },
            ),
          );
          const journal = journalLines(sources, mapping);
          for (const [, own] of Map.groupBy(journal, ({ document }) => document)) {
            expect(own.length).toBeLessThanOrEqual(limit);
            expect(toFixedText(sum(own.map(({ debit }) => debit)))).toBe(
              toFixedText(sum(own.map(({ credit }) => credit))),
            );
          }
          expect(journal.some(({ amount: value }) => isZero(decimalOf(value)))).toBe(false);
          for (const source of sources) {
            const own = journal.filter(
              ({ reference, account }) => reference === source.reference && account === '6400',
            );
            const booked = sum(own.map(({ amount: value }) => value));
            const billed = sum(source.lines.map(({ amount: value }) => value));
            expect(Number(toFixedText(booked))).toBe(Number(toFixedText(billed)));
          }
          expect(journalLines(sources.toReversed(), mapping)).toEqual(journal);
        },
      ),
    );
  });

  it('of 2,000 lines is split at the limit of 999, each part with its balancing line', () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => line('cores', '0.01', `p${index}`));
    const journal = journalLines([bill(lines)], readJournalMapping('{"groupBy":["project"]}'));
    const documents = [...Map.groupBy(journal, ({ document }) => document)];
    expect(documents.map(([id, own]) => [id, own.length])).toEqual([
      ['2026-000001-1', 999],
      ['2026-000001-2', 999],
      ['2026-000001-3', 5],
    ]);
  });

  it('is written as the mapping says', () => {
    const mapping = readJournalMapping(
      JSON.stringify({
        columns: [
          { name: 'BUDAT', value: '{date}' },
          { name: 'Soll/Haben', value: '{amount}' },
          { name: 'SGTXT', value: '{text}' },
          { name: 'HKONT', value: '{account}' },
        ],
        accounts: { byMeasure: { cores: '0400' }, recovery: '8400' },
        text: 'Cloud {fiscalPeriod}/{fiscalYear} {teamName} {measure}',
        textLength: 20,
        dateFormat: 'YYYYMMDD',
        separator: ';',
        bom: true,
      }),
    );
    const source = bill([line('cores', '-3.00')], { teamName: '=HYPERLINK("x")' });
    expect(journalCsv([source], mapping)).toBe(
      '\uFEFFBUDAT;"Soll/Haben";SGTXT;HKONT\r\n' +
        '"20261031";-3.00;"Cloud 10/2026 =HYPER";"0400"\r\n' +
        '"20261031";3.00;"Cloud 10/2026 =HYPER";"8400"\r\n',
    );
  });

  it.each([
    ['a placeholder that is none', 'text: "{colour}"', /text: may name in braces only/],
    ['an unknown key', 'colour: red', /colour: is not a known key/],
    ['a limit of one line', 'lineLimit: 1', /lineLimit: must be a whole number from 2/],
    ['an unknown date format', 'dateFormat: D.M.Y', /dateFormat/],
  ])('is refused with %s in the mapping', (_, yaml, message) => {
    expect(() => readJournalMapping(yaml)).toThrow(message);
  });
});
