import * as z from 'zod';

/** Where to put the bytes of an upload. */
export const upload = z.object({ ingestKey: z.string(), url: z.string() });

const count = z.number();

/** An upload and what became of its rows. */
export const ingest = z.object({
  id: z.string(),
  state: z.enum(['running', 'ingested', 'refused', 'metered', 'retracted']),
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

/** An ingest that was taken back: `days` are those whose usage changes by it. */
export const retracted = z.looseObject({
  ...ingest.shape,
  key: z.string(),
  days: z.array(z.string()),
  retraction: z.object({
    actor: z.string(),
    at: z.string(),
    reason: z.string(),
    metered: z.boolean(),
  }),
});

export type RetractedView = z.output<typeof retracted>;
