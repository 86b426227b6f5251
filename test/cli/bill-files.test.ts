import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckdbFocusParquet } from '../../lib/adapters/duckdb/focus-parquet.ts';
import { memoryObjectStore } from '../../lib/adapters/memory/object-store.ts';
import { pdfFonts } from '../../lib/adapters/node/pdf-fonts.ts';
import { scratchFolder } from '../../lib/adapters/node/scratch-folder.ts';
import { parquetRows } from '../adapters/duckdb/parquet-rows.ts';
import { carryOut } from '../functions/exported-job.ts';
import { readPdf } from '../lib/billing/export/pdf-reader.ts';
import { readXlsx } from '../lib/billing/export/xlsx-reader.ts';
import { headroom, type Server, serve } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'headroom-bill-files-'));
let server: Server;

beforeAll(async () => {
  server = await serve();
  const lines = [
    {
      ...{ project: 'p1', region: 'west', measure: 'cores', class: 'm1.small', rule: 'cores' },
      ...{ card: 'std', band: 0, quantity: '744', amount: '9.30' },
    },
  ];
  await server.ports.bills.putBills(
    '2026-10',
    0,
    ['payments', 'search'].map((team) => ({
      ...{ period: '2026-10', revision: 0, team, state: 'estimate', number: null },
      ...{ sha256: 'ab'.repeat(32), currency: 'EUR', total: '9.30', generatedAt: '' },
      body: {
        ...{ lines, projectedTotal: '31.00', elapsedHours: 240, hoursInMonth: 744 },
        projectedRange: { p10: '29.50', p50: '31.00', p90: '33.25' },
      },
    })),
    {
      ...{ currency: 'EUR', unrated: [] },
      projectedRange: { p10: '60.00', p50: '62.00', p90: '65.50' },
    },
  );
  await server.ports.bills.putPeriod(
    {
      ...{ period: '2026-10', state: 'open', revision: 0, sha256: null, manifestKey: null },
      ...{ closedBy: null, issuedBy: null, updatedAt: '2026-10-11T00:00:00Z' },
    },
    null,
  );
  carryOutJobs();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** The export function, at once: its results are where the server gives them out. */
function carryOutJobs(): void {
  const { bills, configuration, names, jobs, now } = server.ports;
  const results = memoryObjectStore(now);
  results.put = async (key, body) => {
    server.objects.set(key, Buffer.from(body));
  };
  results.upload = async (key, file) => {
    server.objects.set(key, readFileSync(file));
  };
  const deps = {
    ...{ jobs, documents: results, now, fonts: pdfFonts },
    standing: { bills, configuration, names },
    ...{
      parquet: duckdbFocusParquet({ memoryLimitMib: 256, threads: 1 }),
      scratch: scratchFolder(),
    },
  };
  server.ports.messages.startUsageExport = (jobId: string) => carryOut(deps, jobId);
}

const exported = (...args: string[]) =>
  server.headroom(['bill', 'export', '--period', '2026-10', ...args], { cwd: folder });
const bytesOf = (name: string) => new Uint8Array(readFileSync(join(folder, name)));

describe('bill of a month that runs', () => {
  it('tells what each team and all come to by its end, and between what', async () => {
    const { out } = await server.headroom(['bill', '2026-10', '-o', 'table']);
    expect(out).toContain(
      "2026-10  estimate  total 18.60 EUR, by the month's end 62.00 EUR (P10 60.00, P90 65.50)\n",
    );
    expect(out).toMatch(/^team +number +lines +EUR +projected +P10 +P90$/m);
    expect(out).toMatch(/^search +- +1 +9\.30 +31\.00 +29\.50 +33\.25$/m);
  });

  it('tells of one team its own projection, in JSON', async () => {
    const args = ['bill', '2026-10', '--team', 'search', '-o', 'json'];
    const range = { p10: '29.50', p50: '31.00', p90: '33.25' };
    expect(JSON.parse((await server.headroom(args)).out)).toMatchObject({
      ...{ total: '9.30', projectedTotal: '31.00', projectedRange: range },
      bills: [{ team: 'search', projectedRange: range }],
    });
  });
});

describe('bill export', () => {
  it('writes the month as a workbook', async () => {
    const { code, err } = await exported('--format', 'xlsx', '--file', 'bills.xlsx');
    expect(code, err).toBe(0);
    const [documents] = readXlsx(bytesOf('bills.xlsx'));
    expect(documents?.rows.map((row) => [row['team']?.value, row['total']?.value])).toEqual([
      ['payments', '9.30'],
      ['search', '9.30'],
      [undefined, '18.60'],
    ]);
  });

  it('writes one team’s bill as a PDF, the same that the API answers', async () => {
    const args = ['--format', 'pdf', '--team', 'search', '--file', 'search.pdf'];
    const { code, err } = await exported(...args);
    expect(code, err).toBe(0);
    const { text } = await readPdf(bytesOf('search.pdf'));
    expect(text).toContain('Estimate of 240 of 744 hours, not a bill.');
    expect(text).toContain('Total EUR 9.30');
    const answer = await server.ask('GET /v1/bills/2026-10/search', { query: { format: 'pdf' } });
    expect(Buffer.from(answer.text, 'base64').equals(bytesOf('search.pdf'))).toBe(true);
  });

  it('writes FOCUS to standard output or a file, the same that the API answers', async () => {
    const { code, err, out } = await exported('--format', 'focus');
    expect(code, err).toBe(0);
    const query = { period: '2026-10', format: 'focus' };
    expect(out).toBe((await server.ask('GET /v1/bills', { query })).text);
    expect(out.split('\r\n').length).toBe(4);
    await exported('--format', 'focus', '--file', 'focus.csv');
    expect(Buffer.from(bytesOf('focus.csv')).toString()).toBe(out);
  });

  it('writes FOCUS of one team as Parquet', async () => {
    const args = ['--format', 'focus-parquet', '--team', 'search', '--file', 'focus.parquet'];
    const { code, err } = await exported(...args);
    expect(code, err).toBe(0);
    const rows = await parquetRows(join(folder, 'focus.parquet'), ['BilledCost', 'x_BillState']);
    expect(rows).toEqual([{ BilledCost: '9.300000000000', x_BillState: 'estimate' }]);
  });

  it('tells the columns of FOCUS and their types without a server', async () => {
    const { out } = await headroom([
      ...['bill', 'export', '--period', '2026-10', '--format', 'focus-metadata'],
    ]);
    const { Schema } = JSON.parse(out);
    expect(Schema).toMatchObject({ FocusVersion: '1.2' });
    expect(Schema.ColumnDefinition).toContainEqual({
      ...{ ColumnName: 'ListCost', DataType: 'DECIMAL' },
      ...{ NumericPrecision: 38, NumberScale: 24 },
    });
    const [head] = (await exported('--format', 'focus')).out.split('\r\n');
    const names = Schema.ColumnDefinition.map((one: { ColumnName: string }) => one.ColumnName);
    expect(names).toEqual(head?.split(','));
  });

  it.each(['xlsx', 'pdf', 'focus-parquet'])('wants a file for %s', async (format) => {
    const { code, err, out } = await exported('--format', format);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('is no text: name the file that it goes to with --file.');
  });

  it('says which team has nothing', async () => {
    const { code, err } = await exported('--format', 'pdf', '--team', 'nobody', '--file', 'x.pdf');
    expect(code).toBe(1);
    expect(err).toContain('Team "nobody" has');
  });
});
