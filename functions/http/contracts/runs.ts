import * as z from 'zod';
import type { NamedRoute } from '../contract.ts';
import { followWork, type StartRoute, startWork } from './long-work.ts';
import { fieldError } from './shared.ts';

const started = z.strictObject({
  name: z.string(),
  location: z.string().describe('Path to poll.'),
});

const run = z.strictObject({
  name: z.string(),
  status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
  output: z.unknown().describe('What the run gave; null until it has succeeded.'),
  detail: z.string().nullable().describe('Why it failed, in words; null otherwise.'),
  errors: z.array(fieldError),
});

/** The route that asks for a run of a state machine. */
export function startRun<P extends z.ZodObject, S extends z.ZodType>(route: StartRoute<P, S>) {
  return startWork(route, { description: 'Started; poll its location.', schema: started });
}

/** The route that tells how far it is. */
export function getRun<P extends z.ZodObject>(route: NamedRoute<P>) {
  return followWork(route, { description: 'The run.', schema: run });
}
