import { describe, expect, it } from 'vitest';
import { draftNote } from '../../lib/billing/note.ts';
import type { BillRecord } from '../../lib/ports/documents.ts';
import { readPdf } from '../lib/billing/export/pdf-reader.ts';
import { readXlsx } from '../lib/billing/export/xlsx-reader.ts';
import { type Answer, memoryApi } from './api.ts';

const AT = '2026-11-03T04:00:00.000Z';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const PDF = 'application/pdf';

const line = (project: string, amount: string) => ({
  ...{ project, region: 'west', measure: 'cores', class: 'm1.small' },
  ...{ rule: 'cores', card: 'std@2026-10-01', band: 0, quantity: '1', amount },
});

function bill(team: string, amounts: readonly string[], total: string): BillRecord {
  const lines = amounts.map((amount, index) => line(`${team}-${index}`, amount));
  return {
    ...{ period: '2026-10', revision: 1, team, state: 'issued', number: `2026-${team}` },
    ...{ sha256: 'ab'.repeat(32), currency: 'EUR', total, generatedAt: AT },
    body: { currency: 'EUR', period: '2026-10', team, total, lines },
    billedTo: { name: `Team ${team}` },
    projectNames: { [`${team}-0`]: 'checkout' },
  };
}

/** Two bills, a team that has a note alone, and usage that no rule prices. */
async function issuedMonth(bills = [bill('a', ['1.50', '-0.25'], '1.25'), bill('b', ['7'], '7')]) {
  const api = memoryApi();
  const note = await draftNote({
    ...{ kind: 'credit', currency: 'EUR', team: 'c', total: '-3.00' },
    corrects: { period: '2026-09', number: '2026-000001', sha256: 'cd'.repeat(32) },
    lines: [{ ...line('c-0', '-3.00'), reason: 'late-usage' }],
  });
  const unrated = [
    { team: 'b', project: 'p2', region: 'west', measure: 'image', class: '', quantity: '7.5' },
  ];
  const extra = { currency: 'EUR', unrated, notes: [{ ...note, number: 'N2026-000001' }] };
  await api.ports.bills.putBills('2026-10', 1, bills, extra);
  await api.ports.bills.putPeriod(
    {
      ...{ period: '2026-10', state: 'issued', revision: 1, sha256: 'cd'.repeat(32) },
      ...{ manifestKey: null, closedBy: 'ada', issuedBy: 'bob', issuedAt: AT, updatedAt: AT },
    },
    null,
  );
  return api;
}

function bytesOf({ text }: Answer): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

describe('bills as files', () => {
  it.each([
    { query: { format: 'xlsx' }, headers: {}, type: XLSX, name: 'bills-2026-10.xlsx' },
    { query: {}, headers: { accept: XLSX }, type: XLSX, name: 'bills-2026-10.xlsx' },
    { query: { format: 'pdf' }, headers: {}, type: PDF, name: 'bills-2026-10.pdf' },
    { query: {}, headers: { accept: PDF }, type: PDF, name: 'bills-2026-10.pdf' },
  ])('are what ?format= or Accept asks for: $name', async ({ query, headers, type, name }) => {
    const { ask } = await issuedMonth();
    const answer = await ask('GET /v1/bills', { query: { period: '2026-10', ...query }, headers });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': type,
      'content-disposition': `attachment; filename="${name}"`,
    });
  });

  it('have the month with its notes, and the totals of the bills', async () => {
    const { ask } = await issuedMonth();
    const query = { period: '2026-10' };
    const [xlsx, pdf] = await Promise.all([
      ask('GET /v1/bills', { query: { ...query, format: 'xlsx' } }),
      ask('GET /v1/bills', { query: { ...query, format: 'pdf' } }),
    ]);
    const [documents] = readXlsx(bytesOf(xlsx));
    expect(documents?.rows.map((row) => [row['number']?.value, row['total']?.value])).toEqual([
      ['2026-a', '1.25'],
      ['2026-b', '7'],
      ['N2026-000001', '-3.00'],
      ['Total', '5.25'],
    ]);
    const { text, pages } = await readPdf(bytesOf(pdf));
    expect(pages.length).toBe(4);
    expect(text).toContain('Total of all documents: 5.25 EUR');
    expect(text).toContain('Credit note N2026-000001');
    expect(text).toContain('checkout a-0');
  });

  it('have one team’s bill and notes, and no other’s', async () => {
    const { ask } = await issuedMonth();
    const a = await ask('GET /v1/bills/2026-10/a', { query: { format: 'pdf' } });
    expect(a.headers['content-disposition']).toContain('bill-2026-10-a.pdf');
    const { text } = await readPdf(bytesOf(a));
    expect(text).toContain('Total EUR 1.25');
    expect(text).not.toContain('Team b');
    const c = await ask('GET /v1/bills/2026-10/c', { query: { format: 'xlsx' } });
    const [documents] = readXlsx(bytesOf(c));
    expect(documents?.rows.map((row) => row['type']?.value)).toEqual(['credit_note', undefined]);
  });

  it('have a note alone', async () => {
    const { ask } = await issuedMonth();
    const pdf = await ask('GET /v1/notes/N2026-000001', { headers: { accept: PDF } });
    expect((await readPdf(bytesOf(pdf))).title).toBe('Credit note N2026-000001, c, October 2026');
    const xlsx = await ask('GET /v1/notes/N2026-000001', { query: { format: 'xlsx' } });
    expect(readXlsx(bytesOf(xlsx)).map(({ name }) => name)).toEqual([
      'Documents',
      'Lines',
      'Notes',
    ]);
  });

  it('are refused where there is nothing of the kind, as in any other format', async () => {
    const { ask } = await issuedMonth();
    for (const [path, query] of [
      ['GET /v1/bills', { period: '2026-09', format: 'pdf' }],
      ['GET /v1/bills/2026-10/nobody', { format: 'xlsx' }],
      ['GET /v1/notes/N2026-000009', { format: 'pdf' }],
    ] as const) {
      expect((await ask(path, { query })).status, path).toBe(404);
    }
    const headers = { accept: 'image/png' };
    expect((await ask('GET /v1/notes/N2026-000001', { headers })).status).toBe(406);
  });

  it('are refused when a PDF would take longer than one waits, with what to do instead', async () => {
    const amounts = Array.from({ length: 6_001 }, () => '0.01');
    const { ask } = await issuedMonth([bill('a', amounts, '60.01')]);
    const answer = await ask('GET /v1/bills/2026-10/a', { query: { format: 'pdf' } });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain('/v1/periods/2026-10/exports');
    const xlsx = await ask('GET /v1/bills/2026-10/a', { query: { format: 'xlsx' } });
    expect(readXlsx(bytesOf(xlsx))[1]?.rows.length).toBe(6_001);
  });

  it('are the same bytes each time', async () => {
    const [one, other] = await Promise.all([issuedMonth(), issuedMonth()]);
    for (const format of ['xlsx', 'pdf']) {
      const query = { period: '2026-10', format };
      const first = await one.ask('GET /v1/bills', { query });
      expect((await other.ask('GET /v1/bills', { query })).text === first.text, format).toBe(true);
    }
  });
});
