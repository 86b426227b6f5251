import * as z from 'zod';

/** What the commands read of the API's answers; more fields may come. */
export const started = z.object({ name: z.string(), location: z.string() });

export const run = z.object({
  name: z.string(),
  status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
  detail: z.string().nullable(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).default([]),
});

export const upload = z.object({ ingestKey: z.string(), url: z.string() });

const count = z.number();

export const ingest = z.object({
  id: z.string(),
  state: z.enum(['running', 'ingested', 'refused', 'metered']),
  problem: z.string().nullable(),
  counts: z.object({
    read: count,
    accepted: count,
    duplicate: count,
    conflict: count,
    quarantined: count,
    unmetered: count,
  }),
  reasons: z.array(z.object({ code: z.string(), count, example: z.string() })),
});

export type IngestView = z.output<typeof ingest>;

export const ingestPage = z.object({ items: z.array(ingest) });

export const usageExport = z.object({
  state: z.enum(['queued', 'running', 'done', 'failed']),
  rows: z.number().nullable(),
  problem: z.string().nullable(),
  url: z.string().nullable(),
  location: z.string(),
});

const billHead = z.looseObject({
  team: z.string(),
  total: z.string(),
  state: z.string(),
  number: z.string().nullable(),
  sha256: z.string(),
  lineCount: z.number(),
});

export const billPage = z.looseObject({
  period: z.string(),
  currency: z.string(),
  state: z.string(),
  revision: z.number(),
  sha256: z.string().nullable(),
  total: z.string(),
  items: z.array(billHead),
  nextCursor: z.string().nullable(),
  unrated: z.array(z.record(z.string(), z.unknown())),
  unratedCount: z.number(),
});

export const bill = z.looseObject({
  ...billHead.shape,
  period: z.string(),
  currency: z.string(),
  revision: z.number(),
  lines: z.array(z.record(z.string(), z.unknown())).nullable(),
});

export const linePage = z.object({
  items: z.array(z.record(z.string(), z.unknown())),
  nextCursor: z.string().nullable(),
});

export const period = z.looseObject({
  period: z.string(),
  state: z.string(),
  revision: z.number(),
  sha256: z.string().nullable(),
  complete: z.boolean(),
  obstacles: z.array(z.string()),
});

export const regionPage = z.object({ items: z.array(z.object({ region: z.string() })) });
