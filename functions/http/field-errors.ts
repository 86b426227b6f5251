import type * as z from 'zod';
import { type FieldError, ProblemError } from '../../lib/errors.ts';

/** Where a value of a request came from; parameters have no place in a body, so theirs is told. */
export type RequestPart = 'path' | 'query' | 'body';

/**
 * The faults of a request, each with its place: an RFC 6901 pointer into the body, or
 * `/query/<name>` and `/path/<name>`.
 */
export function fieldErrors(part: RequestPart, issues: readonly z.core.$ZodIssue[]): FieldError[] {
  const base = part === 'body' ? '' : `/${part}`;
  return issues.flatMap((issue) => {
    const pointer = base + pointerOf(issue.path);
    if (issue.code !== 'unrecognized_keys') return [{ pointer, message: issue.message }];
    return issue.keys.map((key) => ({
      pointer: `${pointer}${pointerOf([key])}`,
      message: part === 'query' ? 'There is no such query parameter.' : 'There is no such field.',
    }));
  });
}

/** @throws ProblemError `invalid`, with every fault */
export function parsePart<S extends z.ZodType>(
  part: RequestPart,
  schema: S,
  value: unknown,
): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = fieldErrors(part, result.error.issues);
  const what = { path: 'path', query: 'query', body: 'body' }[part];
  const first = errors[0];
  throw new ProblemError(
    'invalid',
    `The ${what} of the request is not valid${first ? `: ${first.pointer || 'the whole'}: ${first.message}` : ''}${errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''}`,
    errors,
  );
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
