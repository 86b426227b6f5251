import * as z from 'zod';
import type { ProblemStatus, RouteContract } from '../contract.ts';
import { instant } from './shared.ts';

/** What the versioned documents of configuration have in common. */
export const documentId = z.strictObject({ id: z.string().min(1).max(255) });

export const WRITE_PROBLEMS: readonly ProblemStatus[] = [404, 412, 413, 415, 422, 428];

export const WRITE_DESCRIPTION =
  'Creates it when there is none (with `If-None-Match: *`, only then: else 412). Replacing takes `If-Match` with the ETag that GET gave: 428 without, 412 when somebody else has written since. A document equal to the present one changes nothing and keeps its ETag.';

/** A list item says which version it is, since a list has no ETag for each. */
export function listItem(document: z.ZodType) {
  return z.strictObject({
    id: z.string(),
    etag: z.string().describe('To send as If-Match.'),
    actor: z.string(),
    updatedAt: instant,
    document,
  });
}

export function written(schema: z.ZodType, what: string): RouteContract['responses'] {
  return {
    200: { description: `The ${what} as it is now.`, schema, headers: ['ETag'] },
    201: { description: `The ${what} is new.`, schema, headers: ['ETag'] },
  };
}
