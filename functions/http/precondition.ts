import { ProblemError } from '../../lib/errors.ts';

/** What a write expects of the document it replaces. */
export type Precondition =
  | { readonly kind: 'none' }
  /** `If-None-Match: *`: it does not exist yet. */
  | { readonly kind: 'absent' }
  /** `If-Match`: it is the version with this tag. */
  | { readonly kind: 'match'; readonly tag: string };

const STRONG_TAG = /^"([\x21\x23-\x7e]{1,64})"$/;

/** @throws ProblemError `invalid` when a header is none of the forms we give */
export function preconditionOf(
  headers: Readonly<Record<string, string | undefined>>,
): Precondition {
  const ifMatch = headers['if-match']?.trim();
  const ifNoneMatch = headers['if-none-match']?.trim();
  if (ifMatch !== undefined && ifNoneMatch !== undefined) {
    throw new ProblemError('invalid', 'Send If-Match or If-None-Match, not both.');
  }
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch === '*') return { kind: 'absent' };
    throw new ProblemError(
      'invalid',
      'If-None-Match takes * only: create it if it does not exist.',
    );
  }
  if (ifMatch === undefined) return { kind: 'none' };
  const tag = STRONG_TAG.exec(ifMatch)?.[1];
  if (tag === undefined) {
    throw new ProblemError(
      'invalid',
      'If-Match takes one ETag as GET gave it, in its quotes: If-Match: "3".',
    );
  }
  return { kind: 'match', tag };
}

/**
 * Holds a write against the present version: an existing document is only replaced by someone
 * who has seen it.
 *
 * @param present tag of the document, null when there is none
 * @throws ProblemError `precondition_required` (428), `stale` (412)
 */
export function requirePrecondition(
  precondition: Precondition,
  present: string | null,
  what: string,
): void {
  if (precondition.kind === 'absent') {
    if (present === null) return;
    throw new ProblemError(
      'stale',
      `${what} exists already (ETag "${present}"): read it, then send If-Match with its ETag to replace it.`,
    );
  }
  if (precondition.kind === 'match') {
    if (precondition.tag === present) return;
    const state =
      present === null ? 'does not exist (any more)' : `has the newer ETag "${present}"`;
    throw new ProblemError(
      'stale',
      `${what} ${state}: read it again and repeat the change on that.`,
    );
  }
  if (present === null) return;
  throw new ProblemError(
    'precondition_required',
    `${what} exists: send If-Match with the ETag that GET gives, so that nobody's change is lost.`,
  );
}
