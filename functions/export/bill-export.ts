import * as z from 'zod';
import { focusCsv } from '../../lib/billing/export/focus-csv.ts';
import { focusRows } from '../../lib/billing/export/focus-rows.ts';
import type { PdfFonts } from '../../lib/billing/export/pdf/typefaces.ts';
import {
  type StandingExport,
  type StandingExportPorts,
  standingExport,
} from '../../lib/closing/standing-export.ts';
import { isMonth } from '../../lib/period/calendar.ts';
import type { JobRecord, JobStore } from '../../lib/ports/documents.ts';
import type { FocusParquet } from '../../lib/ports/focus-parquet.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import type { Scratch } from '../../lib/ports/scratch.ts';
import { finishJob } from './finish-job.ts';

export interface BillExportPorts {
  readonly jobs: JobStore;
  /** Where results are put, which expire. */
  readonly documents: Pick<ObjectStore, 'put' | 'upload'>;
  readonly standing: StandingExportPorts;
  readonly parquet: FocusParquet;
  readonly fonts: () => PdfFonts;
  readonly scratch: Scratch;
  readonly now: () => Date;
}

/** As the API took it (POST /v1/periods/{period}/exports). */
const Request = z.object({
  period: z.string().refine((text) => isMonth(text)),
  format: z.enum(['xlsx', 'pdf', 'focus', 'focus-parquet']),
  team: z.string().nullish(),
});

const TYPES = {
  xlsx: {
    extension: 'xlsx',
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
  pdf: { extension: 'pdf', contentType: 'application/pdf' },
  focus: { extension: 'csv', contentType: 'text/csv; charset=utf-8' },
  'focus-parquet': { extension: 'parquet', contentType: 'application/vnd.apache.parquet' },
} as const;

/**
 * Carries out a job that exports the bills of a month: the file under `exports/`, then the job `done`.
 *
 * @throws ProblemError `not_found` when there are no such bills
 */
export async function billExportJob(ports: BillExportPorts, job: JobRecord): Promise<JobRecord> {
  const { period, format, team = null } = Request.parse(job.request);
  const resultKey = `exports/${job.id}.${TYPES[format].extension}`;
  return await finishJob(ports, job, async () => {
    const standing = await standingExport(ports.standing, { period, team });
    return { resultKey, rows: await putFile(ports, standing, { format, key: resultKey }) };
  });
}

/**
 * The writers of documents are loaded by the first that is asked for.
 *
 * @returns how many rows, or lines, the file has
 */
async function putFile(
  ports: BillExportPorts,
  standing: StandingExport,
  { format, key }: { readonly format: keyof typeof TYPES; readonly key: string },
): Promise<number> {
  const { documents, fonts, parquet, scratch } = ports;
  const { contentType } = TYPES[format];
  const { month } = standing;
  if (format === 'xlsx' || format === 'pdf') {
    const bytes =
      format === 'xlsx'
        ? (await import('../../lib/billing/export/xlsx/bills-xlsx.ts')).billsXlsx(month)
        : await (await import('../../lib/billing/export/pdf/bills-pdf.ts')).billsPdf(
            month,
            fonts(),
          );
    await documents.put(key, bytes, { contentType });
    return month.documents.reduce((count, { lines }) => count + lines.length, 0);
  }
  const rows = focusRows(standing);
  if (format === 'focus') {
    const text = focusCsv(rows, { inert: true });
    await documents.put(key, new TextEncoder().encode(text), { contentType });
    return rows.length;
  }
  await scratch.use(async (scratchFolder) => {
    const outputFile = `${scratchFolder}/focus.parquet`;
    await parquet.write({ rows, scratchFolder, outputFile });
    await documents.upload(key, outputFile, { contentType });
  });
  return rows.length;
}
