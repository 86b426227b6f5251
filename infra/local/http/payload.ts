import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';
import type { RouteMatch } from './route-table.ts';

export interface HttpRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly sourceIp: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

/** Payload format 2.0 of HTTP APIs. */
export function toHttpEvent(request: HttpRequest, match: RouteMatch): Record<string, unknown> {
  const [path = '/', query = ''] = splitOnce(request.url);
  const { cookie, ...others } = request.headers;
  const headers = Object.fromEntries(
    Object.entries(others).map(([name, value]) => [name, [value].flat().join(',')]),
  );
  const now = new Date();
  const encoded = isBinary(request);
  return {
    version: '2.0',
    routeKey: match.route.routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookie !== undefined && { cookies: cookie.split(/;\s*/) }),
    headers,
    ...(query !== '' && { queryStringParameters: joinRepeated(new URLSearchParams(query)) }),
    requestContext: {
      accountId: '000000000000',
      apiId: match.route.apiId,
      domainName: String(request.headers.host ?? ''),
      domainPrefix: match.route.apiId,
      http: {
        method: request.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: String(request.headers['user-agent'] ?? ''),
      },
      requestId: randomUUID(),
      routeKey: match.route.routeKey,
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    ...(Object.keys(match.pathParameters).length > 0 && { pathParameters: match.pathParameters }),
    ...(request.body.length > 0 && { body: request.body.toString(encoded ? 'base64' : 'utf8') }),
    isBase64Encoded: encoded,
  };
}

function splitOnce(url: string): readonly string[] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}

function joinRepeated(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    [...new Set(query.keys())].map((key) => [key, query.getAll(key).join(',')]),
  );
}

/** API Gateway hands over text as it is and everything else as base64. */
function isBinary({ headers, body }: HttpRequest): boolean {
  if (body.length === 0) return false;
  const encoding = headers['content-encoding'] ?? 'identity';
  const type = headers['content-type'] ?? 'text/plain';
  const isText = /^text\/|^application\/([\w.-]+\+)?(json|javascript|xml)\b/.test(type);
  return encoding !== 'identity' || !isText || !isUtf8(body);
}

function isUtf8(body: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(body);
    return true;
  } catch {
    return false;
  }
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const answerSchema = z.looseObject({
  statusCode: z.coerce.number(),
  headers: z.record(z.string(), scalar).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** @returns null when the function's answer is none that API Gateway understands */
export function fromHttpResult(payload: string): HttpResponse | null {
  const result: unknown = JSON.parse(payload);
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    const headers = { 'content-type': 'application/json' };
    return { status: 200, headers, cookies: [], body: Buffer.from(payload) };
  }
  const parsed = answerSchema.safeParse(result);
  if (!parsed.success) return null;
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  const lowered = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    status: statusCode,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...Object.fromEntries(lowered) },
    cookies: cookies ?? [],
    body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}
