import * as z from 'zod';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { day, instant, noParams, page } from './shared.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const auditEntry = z
  .strictObject({
    seq: z.number().int().min(1).describe('Numbered from 1, without a gap.'),
    at: instant,
    actor: z.string().describe('Unverified until identities come.'),
    action: z.string().describe('For instance rate-card.put, period.issued.'),
    subject: z.string().describe('Id of the document, or month and run of a close.'),
    version: z
      .number()
      .int()
      .nullable()
      .describe('Of the document after the change, or the revision of a close.'),
    before: sha256
      .nullable()
      .describe('SHA-256 of the canonical JSON (RFC 8785) of the document before the change.'),
    after: sha256.nullable(),
    prevHash: sha256.describe('hash of the entry before; 64 zeros for the first.'),
    hash: sha256.describe('SHA-256 of the canonical JSON of the entry without hash.'),
  })
  .meta({ title: 'AuditEntry' });

export const listAudit = contract({
  key: 'GET /v1/audit',
  servedBy: 'read',
  operationId: 'listAudit',
  summary: 'Who changed what of the configuration, and every step of a close',
  description:
    'In order. Without filters the pages are the whole chain, which anybody can verify: each entry cites the hash of the one before.',
  tag: 'Audit',
  params: noParams,
  query: z.strictObject({
    from: day.optional(),
    to: day.optional().describe('Exclusive: the first day that is left out.'),
    subject: z.string().min(1).max(1_024).optional(),
    ...pageQuery,
  }),
  body: null,
  responses: { 200: { description: 'A page of entries.', schema: page(auditEntry) } },
  problems: [],
});
