import * as z from 'zod';
import type { Ingest } from '../../ports/ledger.ts';
import { countSchema, regionSchema } from './stored-json.ts';

export const ingestStateSchema = z.enum(['running', 'ingested', 'refused', 'retracted']);

export const ingestSchema: z.ZodType<Ingest> = z.strictObject({
  id: z.string().min(1),
  region: regionSchema,
  key: z.string(),
  sha256: z.string(),
  sizeBytes: countSchema,
  format: z.string(),
  state: ingestStateSchema,
  counts: z.strictObject({
    read: countSchema,
    accepted: countSchema,
    duplicate: countSchema,
    conflict: countSchema,
    quarantined: countSchema,
    unmetered: countSchema,
  }),
  reasons: z.array(z.strictObject({ code: z.string(), count: countSchema, example: z.string() })),
  problem: z.string().nullable(),
  touched: z.array(
    z.strictObject({ date: z.iso.date(), shard: countSchema, generation: countSchema }),
  ),
  quarantineKey: z.string().nullable(),
  receivedAt: z.string(),
  finishedAt: z.string().nullable(),
  actor: z.string(),
  retraction: z
    .strictObject({ actor: z.string(), at: z.string(), reason: z.string() })
    .exactOptional(),
});
