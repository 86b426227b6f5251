import type * as z from 'zod';
import { parseTolerantly } from '../../ingest/tolerant-json.ts';
import { SourceFault } from '../source-fault.ts';

/** An answer, as it came and as it is read. */
export interface Answer<T> {
  readonly text: string;
  readonly value: T;
}

/**
 * Reads an answer's JSON by the shape that is needed of it. What is cut off is asked for again: a
 * proxy may have lost the rest.
 * @param what names the answer in messages
 */
export function answerOf<T>(schema: z.ZodType<T>, what: string): (text: string) => Answer<T> {
  return (text) => ({ text, value: readAnswer(schema, text, what) });
}

/** @throws SourceFault */
function readAnswer<T>(schema: z.ZodType<T>, text: string, what: string): T {
  const value = parseTolerantly(text);
  if (value === undefined) {
    throw new SourceFault(
      'passing',
      `${what} is not JSON, or was cut off after ${text.length} characters.`,
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where =
    issue === undefined || issue.path.length === 0 ? '' : ` at /${issue.path.join('/')}`;
  throw new SourceFault(
    'final',
    `${what} is not as the API documents it${where}: ${issue?.message ?? 'unknown'}. Is the address in the catalogue that of the service itself?`,
  );
}
