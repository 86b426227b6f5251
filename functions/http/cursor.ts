import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ProblemError } from '../../lib/errors.ts';
import { compareText } from '../../lib/identifiers.ts';

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 200;

const cursorBody = z.strictObject({ list: z.string(), after: z.string() });

/** Query parameters of every list. */
export const pageQuery = {
  limit: z.coerce
    .number('How many items: a whole number from 1 to 200.')
    .int('How many items: a whole number from 1 to 200.')
    .min(1, 'At least 1.')
    .max(MAX_LIMIT, `At most ${MAX_LIMIT}; follow nextCursor for more.`)
    .default(DEFAULT_LIMIT),
  cursor: z.string().max(2_000).optional().describe('nextCursor of the page before.'),
};

/**
 * A cursor names the last item of a page, and the list it belongs to: one of another list or
 * another filter is refused, since it would skip items without a word.
 */
export function encodeCursor(list: string, after: string): string {
  return Buffer.from(JSON.stringify({ list: fingerprint(list), after })).toString('base64url');
}

/**
 * @param list names the route and its filters
 * @returns the key of the last item seen, or null for the first page
 * @throws ProblemError `invalid`
 */
export function decodeCursor(list: string, cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const parsed = cursorBody.safeParse(jsonOrNull(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success || parsed.data.list !== fingerprint(list)) {
    const message =
      'Not a cursor of this list: take nextCursor of its last page, with the same filters, or leave it out to start over.';
    throw new ProblemError('invalid', message, [{ pointer: '/query/cursor', message }]);
  }
  return parsed.data.after;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/**
 * A page of a list that is at hand as a whole and sorted by `keyOf` as text. An item that has gone
 * since the last page, or has come, neither skips nor repeats another.
 */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  request: {
    readonly list: string;
    readonly limit: number;
    readonly cursor: string | undefined;
  },
): Page<T> {
  const after = decodeCursor(request.list, request.cursor);
  const found = after === null ? 0 : items.findIndex((item) => compareText(keyOf(item), after) > 0);
  const start = found === -1 ? items.length : found;
  const page = items.slice(start, start + request.limit);
  const last = page.at(-1);
  const more = start + page.length < items.length;
  return {
    items: page,
    nextCursor: more && last !== undefined ? encodeCursor(request.list, keyOf(last)) : null,
  };
}

/** One key of several parts that sorts as the parts do, one after the other. */
export function compositeKey(...parts: readonly string[]): string {
  return parts.join('\u0000');
}

function fingerprint(list: string): string {
  return createHash('sha256').update(list).digest('base64url').slice(0, 12);
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
