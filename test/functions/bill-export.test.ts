import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { duckdbFocusParquet } from '../../lib/adapters/duckdb/focus-parquet.ts';
import { memoryJobStore } from '../../lib/adapters/memory/job-store.ts';
import { memoryObjectStore } from '../../lib/adapters/memory/object-store.ts';
import { pdfFonts } from '../../lib/adapters/node/pdf-fonts.ts';
import { scratchFolder } from '../../lib/adapters/node/scratch-folder.ts';
import { FOCUS_COLUMNS } from '../../lib/billing/export/focus-columns.ts';
import { csvRecords } from '../../lib/names/csv-records.ts';
import { parquetRows } from '../adapters/duckdb/parquet-rows.ts';
import { readPdf } from '../lib/billing/export/pdf-reader.ts';
import { readXlsx } from '../lib/billing/export/xlsx-reader.ts';
import { monthCloser } from './close-months.ts';
import { type ClosingCloud, closingCloud, PERIOD, usageRow } from './closing-cloud.ts';
import { carryOut, queuedJob } from './exported-job.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-bill-export-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let cloud: ClosingCloud;
let close: ReturnType<typeof monthCloser>;
beforeEach(async () => {
  cloud = await closingCloud();
  cloud.clock.now = new Date('2027-01-03T02:00:00Z');
  close = monthCloser(cloud.ports);
});

async function run(request: { readonly format: string; readonly [key: string]: unknown }) {
  const [jobs, documents] = [memoryJobStore(), memoryObjectStore()];
  const at = cloud.clock.now.toISOString();
  const asked = { kind: 'bill-export', request: { period: PERIOD, ...request }, at } as const;
  await jobs.put(queuedJob('job', asked));
  const { bills, configuration, names, now } = cloud.ports;
  const deps = {
    ...{ jobs, documents, now, scratch: scratchFolder(), fonts: pdfFonts },
    standing: { bills, configuration, names },
    parquet: duckdbFocusParquet({ memoryLimitMib: 256, threads: 1 }),
  };
  await carryOut(deps, 'job');
  const job = await jobs.get('job');
  const bytes = job?.resultKey ? await documents.get(job.resultKey) : null;
  return { job, bytes: Buffer.from(bytes ?? []) };
}

async function csvOf(request: object = {}): Promise<Record<string, string>[]> {
  const { bytes } = await run({ format: 'focus', ...request });
  const [head, ...records] = csvRecords(bytes.toString());
  return records.map(({ fields }) =>
    Object.fromEntries((head?.fields ?? []).map((name, index) => [name, fields[index] ?? ''])),
  );
}

const COLUMNS = FOCUS_COLUMNS.map(({ name }) => name);

describe('an export of bills as FOCUS', () => {
  it('is of the issued bills, by number, revision and manifest', async () => {
    await close(PERIOD, { issue: true });
    const rows = await csvOf();
    const manifest = await cloud.ports.bills.getExtra(PERIOD, 1);
    expect(
      rows.map((row) => [row['BillingAccountId'], row['InvoiceId'], row['BilledCost']]),
    ).toEqual([
      ['payments', '2026-000001', '1.88'],
      ['search', '2026-000002', '0.08'],
      ['unassigned', '2026-000003', '0.05'],
    ]);
    expect(rows[0]).toMatchObject({
      ...{ ListUnitPrice: '0.0125', PricingQuantity: '150.5', ListCost: '1.88125' },
      ...{ x_BillState: 'issued', x_BillRevision: '1' },
      x_ManifestSha256: (manifest as { manifestSha256: string }).manifestSha256,
    });
  });

  it('has a draft without invoice, and an estimate without manifest', async () => {
    await cloud.estimate('2026-10-05');
    expect(await csvOf()).toMatchObject([
      { x_BillState: 'estimate', InvoiceId: '', x_ManifestSha256: '' },
      { x_BillState: 'estimate' },
      { x_BillState: 'estimate' },
    ]);
    await close(PERIOD, { issue: false });
    expect((await csvOf()).map((row) => [row['x_BillState'], row['InvoiceId']])).toEqual([
      ['draft', ''],
      ['draft', ''],
      ['draft', ''],
    ]);
  });

  it('gives the same bytes each time, whatever is metered or renamed after the issue', async () => {
    await close(PERIOD, { issue: true });
    const first = await run({ format: 'focus' });
    const parquet = await run({ format: 'focus-parquet' });
    await cloud.meter('2026-10-06', [usageRow('p1', '2026-10-06T00:00:00Z', '999')]);
    expect((await run({ format: 'focus' })).bytes.equals(first.bytes)).toBe(true);
    expect((await run({ format: 'focus-parquet' })).bytes.equals(parquet.bytes)).toBe(true);
  });

  it('says the same in Parquet as in CSV, with decimals as decimals', async () => {
    await close(PERIOD, { issue: true });
    const { job, bytes } = await run({ format: 'focus-parquet' });
    expect(job).toMatchObject({ state: 'done', rows: 3, resultKey: 'exports/job.parquet' });
    const file = join(folder, 'focus.parquet');
    await writeFile(file, bytes);
    const told = await parquetRows(file, COLUMNS);
    const csv = await csvOf();
    expect(told.length).toBe(csv.length);
    for (const [index, row] of told.entries()) {
      for (const { name, type } of FOCUS_COLUMNS) {
        const text = row[name] ?? '';
        const plain = /^(text|json|whole)$/.test(type)
          ? text
          : type === 'time'
            ? text.replace(/^(\S+) (\S+)$/, '$1T$2Z')
            : text.replace(/0+$/, '').replace(/\.$/, '.0');
        const expected = csv[index]?.[name] ?? '';
        const trimmed = /\.\d/.test(expected) && !/^(text|json|time)$/.test(type);
        expect(plain, name).toBe(
          trimmed ? expected.replace(/0+$/, '').replace(/\.$/, '.0') : expected,
        );
      }
    }
  });

  it('is a workbook or a PDF, too, the same bytes each time', async () => {
    await close(PERIOD, { issue: true });
    const [xlsx, pdf] = [await run({ format: 'xlsx' }), await run({ format: 'pdf' })];
    expect(xlsx.job).toMatchObject({ state: 'done', rows: 3, resultKey: 'exports/job.xlsx' });
    expect(pdf.job).toMatchObject({ state: 'done', rows: 3, resultKey: 'exports/job.pdf' });
    const [documents] = readXlsx(xlsx.bytes);
    const total = documents?.rows.at(-1)?.['total']?.value ?? '';
    expect((await readPdf(pdf.bytes)).text).toContain(`Total of all documents: ${total} EUR`);
    expect((await run({ format: 'xlsx' })).bytes.equals(xlsx.bytes)).toBe(true);
    expect((await run({ format: 'pdf' })).bytes.equals(pdf.bytes)).toBe(true);
  });

  it('is of one team where one is named, and tells of one that has nothing', async () => {
    await close(PERIOD, { issue: true });
    expect(await csvOf({ team: 'search' })).toMatchObject([{ BillingAccountId: 'search' }]);
    const { job } = await run({ format: 'focus', team: 'nobody' });
    expect(job).toMatchObject({
      state: 'failed',
      problem: 'Team "nobody" has neither a bill nor a note of 2026-10.',
    });
  });
});
