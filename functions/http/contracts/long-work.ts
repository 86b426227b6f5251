import type * as z from 'zod';
import { contract, type NamedRoute, type ProblemStatus } from '../contract.ts';
import { noQuery } from './shared.ts';

interface Told {
  readonly description: string;
  readonly schema: z.ZodType;
}

export type StartRoute<P extends z.ZodObject, S extends z.ZodType> = NamedRoute<P> & {
  readonly body: S;
  readonly problems: readonly ProblemStatus[];
};

/** The route that asks for work which takes longer than a request may: its answer says where to follow it. */
export function startWork<P extends z.ZodObject, S extends z.ZodType>(
  route: StartRoute<P, S>,
  told: Told,
) {
  return contract({
    ...route,
    servedBy: 'admin',
    query: noQuery,
    responses: { 202: { ...told, headers: ['Location'] } },
  });
}

/** The route that tells how far such work is. */
export function followWork<P extends z.ZodObject>(route: NamedRoute<P>, told: Told) {
  return contract({
    ...route,
    servedBy: 'read',
    query: noQuery,
    body: null,
    responses: { 200: told },
    problems: [404],
  });
}
