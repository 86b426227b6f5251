import * as z from 'zod';

/** The answer to a request that starts a run: its name, and where to ask after it. */
export const started = z.object({ name: z.string(), location: z.string() });

/** A run of a state machine, with what it says went wrong. */
export const run = z.object({
  name: z.string(),
  status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
  detail: z.string().nullable(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).default([]),
});

/** A job whose result is a file: `url` is null until it is done. */
export const fileJob = z.object({
  state: z.enum(['queued', 'running', 'done', 'failed']),
  rows: z.number().nullable(),
  problem: z.string().nullable(),
  url: z.string().nullable(),
  location: z.string(),
});
