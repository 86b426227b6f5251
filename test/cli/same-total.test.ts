import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckdbFocusParquet } from '../../lib/adapters/duckdb/focus-parquet.ts';
import { pdfFonts } from '../../lib/adapters/node/pdf-fonts.ts';
import { focusRows } from '../../lib/billing/export/focus-rows.ts';
import { billsPdf } from '../../lib/billing/export/pdf/bills-pdf.ts';
import { billsXlsx } from '../../lib/billing/export/xlsx/bills-xlsx.ts';
import { type StandingExport, standingExport } from '../../lib/closing/standing-export.ts';
import { add, decimalOf, subtract, toText, ZERO } from '../../lib/decimal/decimal.ts';
import { csvRecords } from '../../lib/names/csv-records.ts';
import { parquetRows } from '../adapters/duckdb/parquet-rows.ts';
import { billableMonths } from '../lib/billing/billable-months.ts';
import { readPdf } from '../lib/billing/export/pdf-reader.ts';
import { readXlsx } from '../lib/billing/export/xlsx-reader.ts';
import { keepIssued } from './issued-month.ts';
import { type Server, serve } from './server.ts';

const PERIOD = '2026-10';
const EXPENSE = '6000';
const folder = mkdtempSync(join(tmpdir(), 'headroom-totals-'));
writeFileSync(
  join(folder, 'ledger.yml'),
  `accounts: { expense: '${EXPENSE}', recovery: '9999' }\nlineLimit: 7\n`,
);

let server: Server;
beforeAll(async () => {
  server = await serve();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function sum(amounts: Iterable<string>): string {
  return toText([...amounts].map(decimalOf).reduce(add, ZERO));
}

const headroom = async (...args: string[]): Promise<string> => {
  const { code, out, err } = await server.headroom(args, { cwd: folder });
  expect(code, err).toBe(0);
  return out;
};

/** Of a CSV with a header, by column. */
function columnsOf(text: string): Record<string, string>[] {
  const [head, ...records] = csvRecords(text);
  return records.map(({ fields }) =>
    Object.fromEntries((head?.fields ?? []).map((name, index) => [name, fields[index] ?? ''])),
  );
}

const query = { period: PERIOD };

/** What each way to look at the bills alone says that they come to. */
async function billTotals(): Promise<Record<string, string>> {
  const card = (await server.ask('GET /v1/bills', { query })).body as { total: string };
  const table = await headroom('bill', PERIOD, '-o', 'table');
  const json = JSON.parse(await headroom('bill', PERIOD, '-o', 'json'));
  const bills = json.bills as { total: string; lines: { amount: string }[] }[];
  const csv = columnsOf(await headroom('bill', PERIOD, '-o', 'csv'));
  return {
    card: sum([card.total]),
    table: sum([/ total (\S+) /.exec(table)?.[1] ?? '']),
    json: sum([json.total]),
    jsonBills: sum(bills.map(({ total }) => total)),
    jsonLines: sum(bills.flatMap(({ lines }) => lines.map(({ amount }) => amount))),
    csv: sum(csv.map((line) => line['amount'] ?? '')),
  };
}

/** What is due, with notes, as figures, in the ledger, on sheets, on paper and as FOCUS. */
async function dueTotals(): Promise<Record<string, string>> {
  const { bills, due = bills } = JSON.parse(await headroom('bill', PERIOD, '-o', 'json'));
  const standing = await standingExport(server.ports, { period: PERIOD, team: null });
  const { text } = await readPdf(await billsPdf(standing.month, pdfFonts()));
  return {
    json: sum(due.map((one: { due?: string; total?: string }) => one.due ?? one.total)),
    pdf: sum([(/Total of all documents: (\S+)/.exec(text)?.[1] ?? '').replaceAll(',', '')]),
    ...workbookTotals(standing),
    ...(await journalTotals()),
    ...(await focusTotals(standing)),
  };
}

function workbookTotals({ month }: StandingExport): Record<string, string> {
  const sheets = readXlsx(billsXlsx(month));
  const sheet = (name: string) => sheets.find((one) => one.name === name)?.rows ?? [];
  const last = sheet('Documents').at(-1);
  return {
    xlsx: sum([last?.['total']?.value ?? '']),
    xlsxFormula: sum([last?.['total_by_formula']?.value ?? '']),
    xlsxLines: sum(sheet('Lines').map((line) => line['amount']?.value ?? '')),
  };
}

/** What is debited, less what is credited, to others than the one who gets it. */
async function journalTotals(): Promise<Record<string, string>> {
  const args = ['--period', PERIOD, '--format', 'journal', '--mapping', 'ledger.yml'];
  const lines = columnsOf(await headroom('bill', 'export', ...args));
  const signed = (of: readonly Record<string, string>[]) => {
    const column = (name: string) => sum(of.map((line) => line[name] || '0'));
    return toText(subtract(decimalOf(column('debit')), decimalOf(column('credit'))));
  };
  expect(signed(lines), 'debits are credits').toBe('0');
  return { journal: signed(lines.filter((line) => line['gl_account'] === EXPENSE)) };
}

async function focusTotals(standing: StandingExport): Promise<Record<string, string>> {
  const answer = await server.ask('GET /v1/bills', { query: { ...query, format: 'focus' } });
  const csv = columnsOf(answer.text);
  const outputFile = join(folder, 'focus.parquet');
  const request = { rows: focusRows(standing), scratchFolder: folder, outputFile };
  await duckdbFocusParquet({ memoryLimitMib: 256, threads: 1 }).write(request);
  const parquet = await parquetRows(outputFile, ['BilledCost', 'EffectiveCost']);
  const column = (of: readonly Record<string, string | null>[], name: string) =>
    sum(of.map((row) => row[name] ?? ''));
  return {
    focus: column(csv, 'BilledCost'),
    focusEffective: column(csv, 'EffectiveCost'),
    parquet: column(parquet, 'BilledCost'),
    parquetEffective: column(parquet, 'EffectiveCost'),
  };
}

describe('the same total', () => {
  it.each(['JPY', 'EUR', 'KWD'])(
    'in card, table, JSON, CSV, XLSX, PDF, journal and FOCUS, in %s',
    async (currency) => {
      await fc.assert(
        fc.asyncProperty(billableMonths(PERIOD, currency), async (month) => {
          const { bills, notes } = await keepIssued(server.ports, month);
          for (const [where, total] of Object.entries(await billTotals())) {
            expect(total, where).toBe(sum(bills));
          }
          for (const [where, total] of Object.entries(await dueTotals())) {
            expect(total, where).toBe(sum([...bills, ...notes]));
          }
        }),
        { numRuns: 6, endOnFailure: true },
      );
    },
    60_000,
  );
});
