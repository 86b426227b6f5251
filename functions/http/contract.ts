import type * as z from 'zod';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type RouteKey = `${Method} /v1/${string}`;

export interface ResponseContract {
  readonly description: string;
  /** Of the JSON body; null when there is none. */
  readonly schema: z.ZodType | null;
  /** Other forms that `Accept` or `?format=` give, such as `text/csv`. */
  readonly otherTypes?: readonly string[];
  readonly headers?: readonly ResponseHeader[];
}

export type ResponseHeader = 'ETag' | 'Location' | 'Link';

/** The statuses that a problem document of a route can have, beside 400 and 500, which all have. */
export type ProblemStatus = 404 | 406 | 409 | 412 | 413 | 415 | 422 | 428 | 503;

/**
 * One route: what it takes and gives. Validation, the OpenAPI document and the types of its
 * handler come from here, so that they cannot differ.
 */
export interface RouteContract<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  B extends z.ZodType | null = z.ZodType | null,
> {
  readonly key: RouteKey;
  /** Function that serves it (docs/architecture.md). */
  readonly servedBy: 'read' | 'render' | 'admin' | 'samples' | 'scenario';
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Versioned configuration: takes `If-Match` and `If-None-Match`. */
  readonly versioned?: boolean;
  readonly responses: Readonly<Record<number, ResponseContract>>;
  readonly problems: readonly ProblemStatus[];
}

/** What is said of a route by itself, where the rest follows from its kind. */
export type NamedRoute<P extends z.ZodObject> = Pick<
  RouteContract<P>,
  'key' | 'operationId' | 'summary' | 'description' | 'tag' | 'params'
>;

export function contract<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType | null>(
  route: RouteContract<P, Q, B>,
): RouteContract<P, Q, B> {
  return route;
}

export function methodOf(key: RouteKey): Method {
  return key.slice(0, key.indexOf(' ')) as Method;
}

export function pathOf(key: RouteKey): string {
  return key.slice(key.indexOf(' ') + 1);
}
