import * as z from 'zod';
import { ingest } from './ingests.ts';

const quarantinedIngest = z.object({
  ingestId: z.string(),
  region: z.string(),
  key: z.string(),
  state: z.string(),
  format: z.string(),
  actor: z.string(),
  receivedAt: z.string(),
  read: z.number(),
  quarantined: z.number(),
  reasons: ingest.shape.reasons,
  replays: z.array(
    z.object({
      ingestId: z.string(),
      state: z.string(),
      read: z.number(),
      accepted: z.number(),
      duplicate: z.number(),
      conflict: z.number(),
      quarantined: z.number(),
    }),
  ),
});

export type QuarantinedIngest = z.output<typeof quarantinedIngest>;

export const quarantinePage = z.object({
  items: z.array(quarantinedIngest),
  nextCursor: z.string().nullable(),
});

/** A refused row; `keptAs` tells whether `row` is its text, its bytes (a character each), or its head. */
export const quarantinedRow = z.object({
  line: z.number(),
  code: z.string(),
  reason: z.string(),
  row: z.string(),
  keptAs: z.enum(['text', 'bytes', 'head']).default('text'),
});

export type QuarantinedRow = z.output<typeof quarantinedRow>;

/** The rows of one upload; `url` fetches all of them in one file. */
export const quarantinedRows = z.object({
  ingest: quarantinedIngest,
  items: z.array(quarantinedRow),
  nextCursor: z.string().nullable(),
  url: z.string().nullable(),
});

/** A replay: `url` is where to put the mended file; null where the rows went as they are. */
export const replayed = z.object({ ingestKey: z.string(), url: z.string().nullable() });
