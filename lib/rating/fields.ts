import * as z from 'zod';
import { isOpaqueId } from '../identifiers.ts';
import { parseBoundary } from '../period/boundary.ts';
import type { InstantUs } from '../period/instant.ts';

/** Fields that the documents of rating share. Messages follow the name of the field. */
export function missingOr(message: string) {
  return (issue: { readonly input?: unknown }) =>
    issue.input === undefined ? 'is missing' : message;
}

/** An object that takes the keys of `shape` and no others. */
export function objectOf<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject(shape, { error: missingOr('must be an object') });
}

/** An id of a card, rule, team, project, class or resource: opaque text. */
export const idField = z
  .string({ error: missingOr('must be text') })
  .refine(
    (text) => isOpaqueId(text) && text.isWellFormed(),
    'must be 1 to 255 bytes of UTF-8 text',
  );

/** As an id, or empty: usage that has no class. */
export const classField = z
  .string({ error: missingOr('must be text') })
  .refine(
    (text) => text === '' || (isOpaqueId(text) && text.isWellFormed()),
    'must be at most 255 bytes of UTF-8 text',
  );

/** A date (its UTC midnight) or a whole UTC hour. */
export const boundaryField = z
  .string({ error: missingOr('must be a date or a whole hour, as text') })
  .transform((text, context): InstantUs => {
    const instant = parseBoundary(text);
    if (instant !== null) return instant;
    context.addIssue({
      code: 'custom',
      message: `"${text.slice(0, 40)}" is neither a date (2026-10-01) nor a whole UTC hour (2026-10-01T07:00:00Z)`,
    });
    return z.NEVER;
  });
