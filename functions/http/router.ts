import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type * as z from 'zod';
import { parseExactJson } from '../../lib/decimal/exact-json.ts';
import { ProblemError } from '../../lib/errors.ts';
import { actorOf } from './actor.ts';
import { jsonBodyText } from './body.ts';
import type { RouteContract } from './contract.ts';
import { parsePart } from './field-errors.ts';

import { type Precondition, preconditionOf } from './precondition.ts';
import { httpProblem, problemReply } from './problem.ts';
import { type Reply, resultOf } from './reply.ts';

type BodyOf<C extends RouteContract> = C['body'] extends z.ZodType ? z.output<C['body']> : null;

/** A request of a route whose every part has been validated. */
export interface ApiRequest<C extends RouteContract = RouteContract> {
  readonly params: z.output<C['params']>;
  readonly query: z.output<C['query']>;
  readonly body: BodyOf<C>;
  /** The body as it was sent, no digit of its numbers lost: what configuration keeps. */
  readonly document: unknown;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly precondition: Precondition;
  /** Who says to be writing; unverified until identities come. */
  readonly actor: string;
  readonly requestId: string;
}

export interface Implementation {
  readonly contract: RouteContract;
  readonly answer: (event: APIGatewayProxyEventV2, requestId: string) => Promise<Reply>;
}

/** Ties a route to what answers it; the types of its parts come from the contract. */
export function implement<C extends RouteContract>(
  contract: C,
  answer: (request: ApiRequest<C>) => Promise<Reply>,
): Implementation {
  return {
    contract,
    answer: (event, requestId) => answer(requestOf(contract, event, requestId)),
  };
}

function requestOf<C extends RouteContract>(
  contract: C,
  event: APIGatewayProxyEventV2,
  requestId: string,
): ApiRequest<C> {
  const { headers } = event;
  const params = parsePart('path', contract.params, event.pathParameters ?? {});
  const query = parsePart('query', contract.query, event.queryStringParameters ?? {});
  const document = contract.body === null ? null : documentOf(event);
  const body = contract.body === null ? null : parsePart('body', contract.body, document);
  return {
    params: params as z.output<C['params']>,
    query: query as z.output<C['query']>,
    body: body as BodyOf<C>,
    document,
    headers,
    precondition: contract.versioned === true ? preconditionOf(headers) : { kind: 'none' },
    actor: actorOf(headers),
    requestId,
  };
}

function documentOf(event: APIGatewayProxyEventV2): unknown {
  const text = jsonBodyText(event);
  return text.trim() === '' ? undefined : parseJson(text);
}

function parseJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    // A RangeError: nested so deeply that no document of ours can be meant.
    const reason = error instanceof SyntaxError ? error.message : 'It is nested too deeply.';
    throw new ProblemError('invalid', `The body is not JSON: ${reason}`);
  }
}

export interface RouterOptions {
  readonly implementations: readonly Implementation[];
  /** Gets what is not the caller's to know. */
  readonly logError: (message: string, details: { error: Error; requestId: string }) => void;
}

/** Lambda refuses to return more than 6 MB, and says so to nobody. */
const MAX_REPLY_BYTES = 5_500_000;

/** Serves the routes of one function: API Gateway HTTP API, payload format 2.0. */
export function httpHandler(
  options: RouterOptions,
): (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2> {
  const byKey = new Map(options.implementations.map((one) => [one.contract.key as string, one]));
  return async (event) => {
    const requestId = event.requestContext.requestId;
    const reply = await answer(event, requestId).catch((error: unknown) => {
      if (!(error instanceof ProblemError)) {
        const cause = error instanceof Error ? error : new Error(String(error));
        options.logError(`${event.routeKey} failed`, { error: cause, requestId });
      }
      return problemReply(error, { requestId });
    });
    return resultOf(reply);
  };

  async function answer(event: APIGatewayProxyEventV2, requestId: string): Promise<Reply> {
    const implementation = byKey.get(event.routeKey);
    if (implementation === undefined) {
      const { path } = event.requestContext.http;
      const detail = `There is no ${path} here: /v1/openapi.json lists what there is.`;
      return httpProblem(404, detail, { requestId });
    }
    const reply = await implementation.answer(event, requestId);
    const { body } = reply;
    // Bytes go as base64, four letters for three of them.
    const sizeBytes =
      typeof body === 'string' ? Buffer.byteLength(body) : Math.ceil(body.length / 3) * 4;
    if (sizeBytes <= MAX_REPLY_BYTES) return reply;
    throw new ProblemError(
      'refused',
      `The answer has ${sizeBytes} bytes, more than one answer may have (${MAX_REPLY_BYTES}): ask for less at once, or use an export.`,
    );
  }
}
