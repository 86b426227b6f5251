import * as z from 'zod';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { ingestId } from './ingests.ts';
import { count, instant, page, region } from './shared.ts';

const code = z
  .string()
  .regex(/^[a-z0-9_]{1,64}$/, 'Not a reason code, such as volume_negative.')
  .describe('Rows refused for this reason alone.');

const replay = z.strictObject({
  ingestId: z.string(),
  state: z.string(),
  read: count,
  accepted: count,
  duplicate: count,
  conflict: count,
  quarantined: count,
});

const quarantined = z
  .strictObject({
    ingestId: z.string(),
    region: z.string(),
    key: z.string(),
    state: z.string(),
    format: z.string(),
    actor: z.string(),
    receivedAt: instant,
    read: count.describe('Rows of the object.'),
    quarantined: count,
    reasons: z
      .array(z.strictObject({ code: z.string(), count, example: z.string() }))
      .describe('The commonest first.'),
    replays: z
      .array(replay)
      .describe('What became of the rows that were sent again, oldest first.'),
  })
  .meta({ title: 'QuarantinedIngest' });

export const listQuarantine = contract({
  key: 'GET /v1/quarantine',
  servedBy: 'read',
  operationId: 'listQuarantine',
  summary:
    'Ingests of a region with refused rows, newest first: counts by reason, and an example of each',
  description: 'A page may be short, or empty, and have a next one: follow nextCursor to its end.',
  tag: 'Ingest',
  params: z.strictObject({}),
  query: z.strictObject({ region, code: code.optional(), ...pageQuery }),
  body: null,
  responses: { 200: { description: 'A page of ingests.', schema: page(quarantined) } },
  problems: [404],
});

export const listQuarantinedRows = contract({
  key: 'GET /v1/ingests/{id}/quarantine',
  servedBy: 'read',
  operationId: 'listQuarantinedRows',
  summary: 'The refused rows of an ingest: line, reason, and the row as it was received',
  tag: 'Ingest',
  params: z.strictObject({ id: ingestId }),
  query: z.strictObject({ code: code.optional(), ...pageQuery }),
  body: null,
  responses: {
    200: {
      description: 'A page of rows, in the order of their lines.',
      schema: z.strictObject({
        ingest: quarantined,
        items: z.array(
          z.strictObject({
            line: count.describe('Line of the object, from 1.'),
            code: z.string(),
            reason: z.string(),
            row: z.string(),
            keptAs: z
              .enum(['text', 'bytes', 'head'])
              .describe(
                'text: the row as received. bytes: as received, a character a byte, since it is not UTF-8. head: its start alone, since it is longer than a row may be.',
              ),
          }),
        ),
        nextCursor: z.string().nullable().describe('For the next page; null on the last one.'),
        url: z
          .string()
          .nullable()
          .describe('All rows of all reasons, as JSON lines of the same members; for 15 minutes.'),
      }),
    },
  },
  problems: [404],
});

export const replayQuarantine = contract({
  key: 'POST /v1/ingests/{id}/quarantine/replay',
  servedBy: 'admin',
  operationId: 'replayQuarantine',
  summary: 'Send the refused rows of an ingest again: as they are, or mended in a file',
  description:
    'Without `fileName` the rows go to landing as they are; they count if what refused them has changed. With it the answer has a URL to PUT the mended file to. Either way it becomes an ingest of its own that cites this one: follow GET /v1/ingests?key=.',
  tag: 'Ingest',
  params: z.strictObject({ id: ingestId }),
  query: z.strictObject({}),
  body: z
    .strictObject({
      code: code.optional(),
      fileName: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9._+=@-]{0,199}$/, 'Not a file name for an upload.')
        .optional(),
    })
    .refine(({ code, fileName }) => code === undefined || fileName === undefined, {
      error: 'A file has the rows that it has: give code or fileName, not both.',
    })
    .prefault({}),
  responses: {
    201: {
      description: 'Sent, or where to put the file.',
      schema: z.strictObject({
        ingestKey: z.string().describe('Landing key of the new object.'),
        rows: count.nullable().describe('Rows that were sent; null when a file is to follow.'),
        url: z.string().nullable(),
        method: z.literal('PUT').nullable(),
        expiresAt: instant.nullable(),
      }),
    },
  },
  problems: [404, 409, 413, 415, 422],
});
