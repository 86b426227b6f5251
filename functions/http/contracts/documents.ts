import * as z from 'zod';
import { contract, type NamedRoute, type ProblemStatus, type RouteContract } from '../contract.ts';
import { instant, noQuery } from './shared.ts';

/** What the versioned documents of configuration have in common. */
export const documentId = z.strictObject({ id: z.string().min(1).max(255) });

const WRITE_PROBLEMS: readonly ProblemStatus[] = [404, 412, 413, 415, 422, 428];

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

/** The route that reads one document, with its version as ETag. */
export function getOne<P extends z.ZodObject>(
  route: NamedRoute<P>,
  schema: z.ZodType,
  what: string,
) {
  return contract({
    ...route,
    servedBy: 'read',
    query: noQuery,
    body: null,
    responses: { 200: { description: `The ${what}.`, schema, headers: ['ETag'] } },
    problems: [404],
  });
}

/** The route that writes one document; what is sent is held against `body` and kept as it was sent. */
export function putOne<P extends z.ZodObject, S extends z.ZodType>(
  route: NamedRoute<P> & { readonly body: S },
  schema: z.ZodType,
  what: string,
) {
  return contract({
    description: WRITE_DESCRIPTION,
    ...route,
    servedBy: 'admin',
    query: noQuery,
    versioned: true,
    responses: written(schema, what),
    problems: WRITE_PROBLEMS,
  });
}

/** The route that takes one document away. */
export function deleteOne<P extends z.ZodObject>(route: NamedRoute<P>) {
  return contract({
    ...route,
    servedBy: 'admin',
    query: noQuery,
    body: null,
    versioned: true,
    responses: { 204: { description: 'Gone.', schema: null } },
    problems: [404, 412, 428],
  });
}
