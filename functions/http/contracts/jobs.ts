import * as z from 'zod';
import { contract, type NamedRoute, type ProblemStatus } from '../contract.ts';
import { count, instant, noQuery } from './shared.ts';

/** Work that takes longer than a request may: `url` is that of its result. */
const job = z
  .strictObject({
    id: z.string(),
    state: z.enum(['queued', 'running', 'done', 'failed']),
    rows: count.nullable(),
    problem: z.string().nullable(),
    url: z.string().nullable().describe('Of the result, good for 15 minutes; null until done.'),
    location: z.string(),
    createdAt: instant,
    updatedAt: instant,
    actor: z.string(),
  })
  .meta({ title: 'UsageExport' });

interface Started<S extends z.ZodType> {
  readonly body: S;
  readonly problems: readonly ProblemStatus[];
}

/** The route that asks for a job: its answer says where to follow it. */
export function startJob<P extends z.ZodObject, S extends z.ZodType>(
  route: NamedRoute<P> & Started<S>,
) {
  return contract({
    ...route,
    servedBy: 'admin',
    query: noQuery,
    responses: {
      202: { description: 'The job; poll its location.', schema: job, headers: ['Location'] },
    },
  });
}

/** The route that tells how far a job is. */
export function getJob<P extends z.ZodObject>(route: NamedRoute<P>) {
  return contract({
    ...route,
    servedBy: 'read',
    query: noQuery,
    body: null,
    responses: { 200: { description: 'The job.', schema: job } },
    problems: [404],
  });
}
