import * as z from 'zod';
import { isRegion, type Region } from '../../../lib/identifiers.ts';
import { type Day, isDay, isMonth, type Month } from '../../../lib/period/calendar.ts';

/** Shapes that several routes share. Texts are what a person reads when a value is not right. */
export const region = z
  .string('A region name.')
  .refine(
    (text): text is Region => isRegion(text),
    'Not a region name: 1 to 63 letters, digits, ".", "_" or "-", starting with a letter or digit.',
  )
  .meta({ examples: ['west'] });

export const day = z
  .string('A day such as 2026-10-05.')
  .refine((text): text is Day => isDay(text), 'Not a day that exists: write it as 2026-10-05.')
  .meta({ format: 'date', examples: ['2026-10-05'] });

export const month = z
  .string('A month such as 2026-10.')
  .refine((text): text is Month => isMonth(text), 'Not a month: write it as 2026-10.')
  .meta({ examples: ['2026-10'] });

export const metric = z.enum(['cores', 'ram'], 'cores or ram.');

export const teamId = z.string().min(1).max(255);
export const runName = z.string().regex(/^[A-Za-z0-9._-]{1,80}$/, 'Not the name of a run.');
export const jobId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'Not the id of a job.');

export const instant = z.string().meta({ format: 'date-time' });
export const decimalText = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .describe('Exact decimal number.');
export const count = z.number().int().min(0);

export const noParams = z.strictObject({});
export const noQuery = z.strictObject({});

export function page<T extends z.ZodType>(item: T) {
  return z.strictObject({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('For the next page; null on the last one.'),
  });
}

export const fieldError = z.strictObject({
  pointer: z
    .string()
    .describe('RFC 6901 pointer into the body, or /query/<name>, /path/<name>; empty: the whole.'),
  message: z.string(),
});

export const problem = z
  .strictObject({
    type: z.string().describe('urn:headroom:problem:<kind>; see docs/api.md.'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('What was wrong in this case, and what to do.'),
    instance: z.string(),
    errors: z.array(fieldError),
    requestId: z.string(),
  })
  .meta({ title: 'Problem' });

/** A list given as `a,b,c`. */
export function commaList<T extends z.ZodType<unknown, string>>(item: T) {
  return z
    .string()
    .max(1_000)
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(item).min(1));
}
