import { type FieldError, ProblemError, type ProblemKind } from '../../lib/errors.ts';
import type { Reply } from './reply.ts';

export const PROBLEM_TYPE = 'application/problem+json';

const PROBLEMS: Readonly<Record<ProblemKind, { readonly status: number; readonly title: string }>> =
  {
    invalid: { status: 400, title: 'The request cannot be read' },
    not_found: { status: 404, title: 'Not found' },
    conflict: { status: 409, title: 'Not possible in the present state' },
    stale: { status: 412, title: 'Somebody wrote a newer version' },
    too_large: { status: 413, title: 'Too large' },
    unsupported: { status: 415, title: 'Unsupported content' },
    refused: { status: 422, title: 'Against a rule' },
    precondition_required: { status: 428, title: 'A precondition is required' },
    busy: { status: 503, title: 'Try again' },
  };

/** RFC 9457, with the faults field by field and the id to name when asking for help. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly errors: readonly FieldError[];
  readonly requestId: string;
}

export interface ProblemContext {
  readonly requestId: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a caller may know of an error: all of a ProblemError, nothing of any other. */
export function problemReply(error: unknown, context: ProblemContext): Reply {
  if (error instanceof ProblemError) {
    const { status, title } = PROBLEMS[error.kind];
    const type = `urn:headroom:problem:${error.kind.replaceAll('_', '-')}`;
    const headers = error.kind === 'busy' ? { 'retry-after': '5' } : {};
    return reply(
      { type, title, status, detail: error.message, errors: error.errors },
      { ...context, headers: { ...headers, ...context.headers } },
    );
  }
  return reply(
    {
      type: 'urn:headroom:problem:internal',
      title: 'A fault of ours',
      status: 500,
      detail:
        'The request failed by a fault of the server. Nothing was lost; the log has the cause under this request id.',
      errors: [],
    },
    context,
  );
}

/** What the core has no error for: no route, and no such representation. They belong to HTTP alone. */
export function httpProblem(status: 404 | 406, detail: string, context: ProblemContext): Reply {
  const [type, title] = {
    404: ['not-found', 'Not found'],
    406: ['not-acceptable', 'No such representation'],
  }[status] as [string, string];
  return reply(
    { type: `urn:headroom:problem:${type}`, title, status, detail, errors: [] },
    context,
  );
}

function reply(
  problem: Omit<ProblemDocument, 'instance' | 'requestId'>,
  context: ProblemContext,
): Reply {
  const document: ProblemDocument = {
    ...problem,
    instance: `urn:headroom:request:${context.requestId}`,
    requestId: context.requestId,
  };
  return {
    status: problem.status,
    headers: { 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store', ...context.headers },
    body: JSON.stringify(document),
  };
}
