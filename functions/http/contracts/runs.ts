import * as z from 'zod';
import { contract, type NamedRoute, type ProblemStatus } from '../contract.ts';
import { fieldError, noQuery } from './shared.ts';

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

interface Started<S extends z.ZodType> {
  readonly body: S;
  readonly problems: readonly ProblemStatus[];
}

/** The route that starts a state machine: its answer says where to follow the run. */
export function startRun<P extends z.ZodObject, S extends z.ZodType>(
  route: NamedRoute<P> & Started<S>,
) {
  return contract({
    ...route,
    servedBy: 'admin',
    query: noQuery,
    responses: {
      202: { description: 'Started; poll its location.', schema: started, headers: ['Location'] },
    },
  });
}

/** The route that tells how far a run is. */
export function getRun<P extends z.ZodObject>(route: NamedRoute<P>) {
  return contract({
    ...route,
    servedBy: 'read',
    query: noQuery,
    body: null,
    responses: { 200: { description: 'The run.', schema: run } },
    problems: [404],
  });
}
