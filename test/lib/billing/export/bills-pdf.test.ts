import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ExportedMonth } from '../../../../lib/billing/export/exported-month.ts';
import { billsPdf } from '../../../../lib/billing/export/pdf/bills-pdf.ts';
import { ADJUSTMENT, bill, line, month } from './exported-sample.ts';
import { FONTS, readPdf } from './pdf-reader.ts';

const read = async (of: ExportedMonth) => readPdf(await billsPdf(of, FONTS));
/** A4 less the margins, in points. */
const [LEFT, RIGHT, FOOT] = [41, 554, 41];

describe('bills on paper', () => {
  it('has number, dates, whom it is for, lines, adjustments, totals and hash as text', async () => {
    const discount = line({
      ...ADJUSTMENT,
      measure: '',
      rule: 'autumn',
      quantity: '0',
      amount: '-1.30',
    });
    const document = bill({
      total: '1233.30',
      billedTo: {
        name: 'Payments',
        costCentre: 'CC-100',
        glAccount: '6000',
        purchaseOrder: 'PO-7',
        owner: 'Jana',
        contact: 'finance@example.org',
      },
      exchangeRates: [{ from: 'USD', to: 'EUR', rate: '0.92', date: '2026-10-31' }],
      lines: [line({ amount: '1234.60', projectName: 'Checkout', band: 2 }), discount],
    });
    const { text } = await read(
      month({
        team: 'payments',
        documents: [document],
        wording: { issuer: 'ACME Cloud', statement: 'Internal recharge, not a tax invoice.' },
      }),
    );
    for (const told of [
      'ACME Cloud',
      'Bill 2026-000001',
      'Number 2026-000001',
      'State Issued',
      'Issue date 2026-11-03',
      'Period 1-31 October 2026 (UTC)',
      'Billed to Payments',
      'Team payments',
      'Cost centre CC-100',
      'GL account 6000',
      'Purchase order PO-7',
      'Owner Jana',
      'Contact finance@example.org',
      'Exchange rate 1 USD = 0.92 EUR, rate of 2026-10-31',
      'Checkout p1 west cores m1.large cores std@2026-10-01, band 2 744 core-hour 1,234.60',
      'autumn 0 -1.30',
      'Usage 1,234.60',
      'Adjustments -1.30',
      'Total EUR 1,233.30',
      'Internal recharge, not a tax invoice.',
      `SHA-256: ${'ab'.repeat(32)}`,
      'headroom bill verify 2026-10 --team payments',
      'Page 1 of 1',
    ]) {
      expect(text).toContain(told);
    }
  });

  it('is tagged, has a language and a title, and does nothing when it is opened', async () => {
    const pdf = await read(month({ team: 'payments' }));
    expect(pdf).toMatchObject({
      isTagged: true,
      lang: 'en',
      title: 'Bill 2026-000001, Payments, October 2026',
      hasActions: false,
    });
    const roles = new Set(pdf.pages[0]?.roles);
    for (const role of ['Document', 'Sect', 'H1', 'H2', 'P', 'Table', 'TR', 'TH', 'TD']) {
      expect(roles).toContain(role);
    }
  });

  it.each([
    [{ state: 'draft', number: null, issuedAt: null }, ['Draft bill', 'Draft: not issued.']],
    [
      {
        state: 'estimate',
        number: null,
        issuedAt: null,
        projection: {
          total: '31.00',
          range: { p10: '29.50', p90: '1033.25' },
          elapsedHours: 240,
          hoursInMonth: 744,
        },
        lines: [line({ projectedAmount: '31.00' })],
      },
      [
        'Estimate of 240 of 744 hours, not a bill.',
        'the month comes to 31.00 EUR, in eight cases of ten to between 29.50 and 1,033.25.',
        "31.00 at month's end",
        'Estimates change',
      ],
    ],
    [
      {
        kind: 'credit',
        number: 'N2026-000004',
        total: '-9.30',
        corrects: { period: '2026-09', number: '2026-000002', sha256: 'cd'.repeat(32) },
        lines: [line({ amount: '-9.30', reason: 'late-usage' })],
      },
      [
        'Credit note N2026-000004',
        'Corrects bill 2026-000002 of September 2026: less is owed',
        '-9.30 late usage',
        `corrects: ${'cd'.repeat(32)}`,
        'Goes out with October 2026',
      ],
    ],
    [
      {
        kind: 'debit',
        state: 'draft',
        number: null,
        issuedAt: null,
        corrects: { period: '2026-09', number: null, sha256: null },
      },
      ['Draft debit note', 'when there was no bill: more is owed'],
    ],
  ] as const)('says what it is: %#', async (fields, told) => {
    const document = bill(fields);
    const { text } = await read(
      month({
        team: 'payments',
        revision: document.state === 'estimate' ? 0 : 2,
        documents: [document],
      }),
    );
    for (const one of told) expect(text).toContain(one);
  });

  it('says nothing of the kind of paper where the settings have it empty', async () => {
    const { text } = await read(month({ wording: { issuer: '', statement: '' } }));
    expect(text).not.toContain('tax invoice');
  });

  it('has every letter of every name, and tells what no font has by its code point', async () => {
    const name = 'Žluťoučký Ωμέγα Київ 東京 개발 ไทย';
    const { text } = await read(
      month({ team: 'x', documents: [bill({ billedTo: { name: `${name} \u{10ABCD}` } })] }),
    );
    for (const word of name.split(' ')) expect(text).toContain(word);
    expect(text).toContain('[U+10ABCD]');
  });

  it('goes on over pages: each with the header, its number, and every line once', async () => {
    const lines = Array.from({ length: 390 }, (_, index) =>
      line({ project: `project-${index}-end` }),
    );
    const { pages, text } = await read(month({ team: 'payments', documents: [bill({ lines })] }));
    expect(pages.length).toBeGreaterThan(5);
    expect(text.match(/project-\d+-end/g)).toEqual(lines.map(({ project }) => project));
    for (const [index, page] of pages.entries()) {
      expect(page.text).toContain(`Page ${index + 1} of ${pages.length}`);
      if (/project-/.test(page.text))
        expect(page.text).toContain('Rule, rate card Quantity Amount EUR');
    }
  });

  it('never writes beyond its margins, however long names and figures are', async () => {
    const long = line({
      project: 'x'.repeat(255),
      projectName: 'a name of many words '.repeat(12),
      region: 'r'.repeat(63),
      measure: 'measure_'.repeat(12),
      class: 'M'.repeat(100),
      rule: 'W'.repeat(255),
      quantity: '-12345678901234567890.123456789012',
      amount: '-1234567890123456789.01',
    });
    const billedTo = { name: 'W'.repeat(255), contact: 'e'.repeat(255) };
    const documents = [
      bill({
        team: 'W'.repeat(255),
        billedTo,
        lines: [long, long, long],
        total: '-1234567890123456789.01',
      }),
    ];
    const { pages } = await read(month({ documents }));
    const outside = pages.flatMap(({ pieces }) =>
      pieces.filter(({ left, right, y }) => left < LEFT || right > RIGHT || y < FOOT),
    );
    expect(outside).toEqual([]);
  });

  it('puts a month into one file: totals first, then each document with its own page numbers', async () => {
    const documents = ['a', 'b', 'c'].map((team, index) =>
      bill({ team, number: `2026-00000${index + 1}`, billedTo: { name: `Team ${team}` } }),
    );
    const { pages, bookmarks, title } = await read(
      month({
        documents,
        unrated: [{ team: 'a', region: 'r', project: 'p', measure: 'm', class: '', quantity: '1' }],
      }),
    );
    expect(title).toBe('Bills of October 2026');
    expect(pages.length).toBe(4);
    expect(pages[0]?.text).toContain('Total of all documents: 27.90 EUR');
    expect(pages[0]?.text).toContain('No rule prices one row of usage');
    expect(bookmarks).toEqual([
      'Bills of October 2026',
      'Bill 2026-000001 · Team a',
      'Bill 2026-000002 · Team b',
      'Bill 2026-000003 · Team c',
    ]);
    expect(pages.map(({ text }) => /Page \d of \d/.exec(text)?.[0])).toEqual(
      Array.from({ length: 4 }, () => 'Page 1 of 1'),
    );
  });

  it('gives the same bytes for the same month, at any hour', async () => {
    const first = await billsPdf(month(), FONTS);
    vi.useFakeTimers({ now: new Date('2031-05-05T05:05:05Z'), toFake: ['Date'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const second = await billsPdf(structuredClone(month()), FONTS);
    expect(Buffer.from(second).equals(Buffer.from(first))).toBe(true);
  });
});
