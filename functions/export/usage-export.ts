import * as z from 'zod';
import { isRegion, type Region } from '../../lib/identifiers.ts';
import { usageDayPrefix } from '../../lib/metering/lake-keys.ts';
import { type Day, isDay } from '../../lib/period/calendar.ts';
import type { JobRecord, JobStore } from '../../lib/ports/documents.ts';
import type { NameStore } from '../../lib/ports/names.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import type { Scratch } from '../../lib/ports/scratch.ts';
import { isUsageDimension, type UsageSums } from '../../lib/ports/usage-sums.ts';
import { finishJob } from './finish-job.ts';
import { namesFor } from './names-for.ts';
import { resultFormat } from './result-format.ts';

export interface ExportPorts {
  readonly jobs: JobStore;
  readonly lake: ObjectStore;
  readonly documents: ObjectStore;
  readonly sums: UsageSums;
  readonly names: Pick<NameStore, 'list'>;
  readonly scratch: Scratch;
  readonly now: () => Date;
}

/** As the API took it (POST /v1/usage/exports). */
const Request = z.object({
  region: z.string().refine(isRegion),
  from: z.string().refine((text) => isDay(text)),
  to: z.string().refine((text) => isDay(text)),
  by: z
    .array(z.string().refine(isUsageDimension))
    .min(1)
    .transform((by) => [...new Set(by)]),
  format: z.enum(['jsonl', 'csv']),
  names: z.boolean().default(false),
});

const DOWNLOADS_AT_ONCE = 8;

/**
 * Carries out an export job: the result under `exports/`, then the job `done`. A repetition
 * overwrites both with the same; a job that is done is left alone.
 */
export async function exportUsage(ports: ExportPorts, job: JobRecord): Promise<JobRecord> {
  const request = Request.parse(job.request);
  const resultKey = `exports/${job.id}.${request.format}`;
  return await finishJob(ports, job, async () => {
    const rows = await ports.scratch.use(async (folder) => {
      const called = request.names ? await namesFor(ports.names, request.by) : new Map();
      const { contentType, ...format } = resultFormat(request.format, request.by, called);
      const outputFile = `${folder}/result`;
      const count = await ports.sums.write({
        usageFiles: await downloadUsage(ports.lake, request, folder),
        by: request.by,
        scratchFolder: `${folder}/spill`,
        outputFile,
        format,
      });
      await ports.documents.upload(resultKey, outputFile, { contentType });
      return count;
    });
    return { resultKey, rows };
  });
}

interface Span {
  readonly region: Region;
  readonly from: Day;
  /** Exclusive. */
  readonly to: Day;
}

async function downloadUsage(lake: ObjectStore, span: Span, folder: string): Promise<string[]> {
  const keys = await usageKeys(lake, span);
  const files = keys.map((key, index) => ({ key, path: `${folder}/${index}.parquet` }));
  const queue = files.values();
  const found: string[] = [];
  await Promise.all(
    Array.from({ length: DOWNLOADS_AT_ONCE }, async () => {
      for (const { key, path } of queue) {
        if (await lake.download(key, path)) found.push(path);
      }
    }),
  );
  return found;
}

/** Keys sort by date, so the listing starts at the first day and stops after the last. */
async function usageKeys(lake: ObjectStore, { region, from, to }: Span): Promise<string[]> {
  const end = usageDayPrefix(region, to);
  const keys: string[] = [];
  for await (const { key } of lake.list(regionPrefix(region), usageDayPrefix(region, from))) {
    if (key >= end) break;
    keys.push(key);
  }
  return keys;
}

function regionPrefix(region: Region): string {
  return `usage/region=${region}/`;
}
