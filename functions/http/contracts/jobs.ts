import * as z from 'zod';
import type { NamedRoute } from '../contract.ts';
import { followWork, type StartRoute, startWork } from './long-work.ts';
import { count, instant } from './shared.ts';

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

/** The route that asks for a job. */
export function startJob<P extends z.ZodObject, S extends z.ZodType>(route: StartRoute<P, S>) {
  return startWork(route, { description: 'The job; poll its location.', schema: job });
}

/** The route that tells how far it is. */
export function getJob<P extends z.ZodObject>(route: NamedRoute<P>) {
  return followWork(route, { description: 'The job.', schema: job });
}
