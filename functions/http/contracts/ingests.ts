import * as z from 'zod';
import { isFormatName } from '../../../lib/ingest/landing-key.ts';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { count, instant, noParams, noQuery, page, region } from './shared.ts';

export const ingestId = z.string().regex(/^[0-9a-f]{32}$/, 'Not the id of an ingest.');

const counts = z.strictObject({
  read: count.describe('Rows read: accepted + duplicate + conflict + quarantined.'),
  accepted: count,
  duplicate: count,
  conflict: count,
  quarantined: count,
  unmetered: count.describe('Part of accepted: rows of meters that are not metered.'),
});

export const ingest = z
  .strictObject({
    id: z.string(),
    region: z.string(),
    key: z.string().describe('Landing key of the object.'),
    state: z
      .enum(['running', 'ingested', 'refused', 'metered', 'retracted'])
      .describe('metered: usage and totals contain its rows; retracted: a person withdrew it.'),
    format: z.string(),
    sha256: z.string(),
    sizeBytes: count,
    counts,
    reasons: z
      .array(z.strictObject({ code: z.string(), count, example: z.string() }))
      .describe('Quarantined rows by reason, the commonest first.'),
    problem: z.string().nullable().describe('Why the object as a whole was refused.'),
    days: z.array(z.string()).describe('Days whose usage its rows touch.'),
    receivedAt: instant,
    finishedAt: instant.nullable(),
    actor: z.string(),
    replayOf: z
      .string()
      .nullable()
      .describe('The ingest whose quarantined rows this one sent again.'),
    retraction: z
      .strictObject({
        actor: z.string(),
        at: instant,
        reason: z.string(),
        metered: z.boolean().describe('Usage and totals are without its rows.'),
      })
      .nullable()
      .describe('Who withdrew it, when and why.'),
  })
  .meta({ title: 'Ingest' });

const format = z
  .string('The name of a format.')
  .refine(isFormatName, 'No name of a format.')
  .describe('The format, by its name in docs/formats.md; left out: it is told from the content.');

export const listIngests = contract({
  key: 'GET /v1/ingests',
  servedBy: 'read',
  operationId: 'listIngests',
  summary: 'Ingests of a region, newest first; or the ingest of one uploaded object',
  tag: 'Ingest',
  params: noParams,
  query: z.strictObject({
    region: region.optional(),
    key: z
      .string()
      .min(1)
      .max(1_024)
      .optional()
      .describe('Landing key, as an upload gave it; instead of region.'),
    ...pageQuery,
  }),
  body: null,
  responses: { 200: { description: 'A page of ingests.', schema: page(ingest) } },
  problems: [404],
});

export const getIngest = contract({
  key: 'GET /v1/ingests/{id}',
  servedBy: 'read',
  operationId: 'getIngest',
  summary: 'One ingest: its state and what became of its rows',
  tag: 'Ingest',
  params: z.strictObject({ id: ingestId }),
  query: noQuery,
  body: null,
  responses: { 200: { description: 'The ingest.', schema: ingest } },
  problems: [404],
});

export const postSamples = contract({
  key: 'POST /v1/regions/{region}/samples',
  servedBy: 'samples',
  operationId: 'postSamples',
  summary: 'Take Ceilometer samples, as its http publisher sends them',
  description:
    'A JSON array, one object, or JSON lines, of up to 4 MiB; gzip with Content-Encoding. Larger files go through POST /v1/uploads.',
  tag: 'Ingest',
  params: z.strictObject({ region }),
  query: z.strictObject({ format: format.optional() }),
  body: z.unknown(),
  responses: {
    202: {
      description: 'Stored; it is ingested and metered within the minute.',
      schema: z.strictObject({ ingestId: z.string(), region: z.string(), receivedAt: instant }),
    },
  },
  problems: [413, 415, 503],
});

export const createUpload = contract({
  key: 'POST /v1/uploads',
  servedBy: 'admin',
  operationId: 'createUpload',
  summary: 'Get a URL to put one file of any size to',
  description: 'PUT the bytes to `url` before `expiresAt`; then follow GET /v1/ingests?key=.',
  tag: 'Ingest',
  params: noParams,
  query: noQuery,
  body: z.strictObject({
    region,
    fileName: z
      .string('A file name.')
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9._+=@-]{0,199}$/,
        'Not a file name for an upload: 1 to 200 letters, digits and . _ + = @ -, starting with a letter or digit, without a folder.',
      ),
    format: format.optional(),
  }),
  responses: {
    201: {
      description: 'Where to put the file.',
      schema: z.strictObject({
        uploadId: z.string(),
        ingestKey: z.string(),
        url: z.string(),
        method: z.literal('PUT'),
        expiresAt: instant,
      }),
    },
  },
  problems: [415],
});
