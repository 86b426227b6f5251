import * as z from 'zod';
import { focusCsv } from '../../lib/billing/export/focus-csv.ts';
import { focusRows } from '../../lib/billing/export/focus-rows.ts';
import { type StandingExportPorts, standingExport } from '../../lib/closing/standing-export.ts';
import { isMonth } from '../../lib/period/calendar.ts';
import type { JobRecord, JobStore } from '../../lib/ports/documents.ts';
import type { FocusParquet } from '../../lib/ports/focus-parquet.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import type { Scratch } from '../../lib/ports/scratch.ts';

export interface BillExportPorts {
  readonly jobs: JobStore;
  /** Where results are put, which expire. */
  readonly documents: Pick<ObjectStore, 'put' | 'upload'>;
  readonly standing: StandingExportPorts;
  readonly parquet: FocusParquet;
  readonly scratch: Scratch;
  readonly now: () => Date;
}

/** As the API took it (POST /v1/periods/{period}/exports). */
const Request = z.object({
  period: z.string().refine((text) => isMonth(text)),
  format: z.enum(['focus', 'focus-parquet']),
  team: z.string().nullish(),
});

const TYPES = {
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
  const { jobs, documents, now } = ports;
  await jobs.put({ ...job, state: 'running', updatedAt: now().toISOString() });
  const rows = focusRows(await standingExport(ports.standing, { period, team }));
  const { extension, contentType } = TYPES[format];
  const resultKey = `exports/${job.id}.${extension}`;
  if (format === 'focus') {
    const text = focusCsv(rows, { inert: true });
    await documents.put(resultKey, new TextEncoder().encode(text), { contentType });
  } else {
    await ports.scratch.use(async (scratchFolder) => {
      const outputFile = `${scratchFolder}/focus.parquet`;
      await ports.parquet.write({ rows, scratchFolder, outputFile });
      await documents.upload(resultKey, outputFile, { contentType });
    });
  }
  const updatedAt = now().toISOString();
  const done: JobRecord = {
    ...job,
    state: 'done',
    problem: null,
    resultKey,
    rows: rows.length,
    updatedAt,
  };
  await jobs.put(done);
  return done;
}
