import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { InvokeResult } from '../invocation/protocol.ts';
import type { RoutePlan } from '../template/plan.ts';
import { fromHttpResult, type HttpResponse, toHttpEvent } from './payload.ts';
import { type RouteMatch, RouteTable } from './route-table.ts';

/** Of an HTTP API, in bytes. */
const LARGEST_BODY = 10 * 1024 * 1024;

export interface GatewayOptions {
  readonly routes: readonly RoutePlan[];
  readonly invoke: (functionName: string, payload: string) => Promise<InvokeResult>;
}

/** The HTTP API: routes to functions, with API Gateway's own answers where no function answers. */
export function createGateway({ routes, invoke }: GatewayOptions): RequestListener {
  const table = new RouteTable(routes);
  return (request, response) => {
    respond(request, { table, invoke })
      .catch(() => message(500, 'Internal Server Error'))
      .then((answer) => write(response, answer));
  };
}

async function respond(
  request: IncomingMessage,
  { table, invoke }: { readonly table: RouteTable; readonly invoke: GatewayOptions['invoke'] },
): Promise<HttpResponse> {
  const method = request.method ?? 'GET';
  const url = request.url ?? '/';
  const match = findRoute(table, method, url);
  const body = await readBody(request);
  if (match === null) return message(404, 'Not Found');
  if (body === null) return message(413, 'Request Entity Too Large');
  const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
  const event = toHttpEvent({ method, url, headers: request.headers, body, sourceIp }, match);
  const result = await within(
    invoke(match.route.functionName, JSON.stringify(event)),
    match.route.timeoutMs,
  );
  if (result === null) return message(503, 'Service Unavailable');
  if (!result.ok) return message(500, 'Internal Server Error');
  return fromHttpResult(result.payload) ?? message(500, 'Internal Server Error');
}

function findRoute(table: RouteTable, method: string, url: string): RouteMatch | null {
  try {
    return table.find(method, url.split('?')[0] ?? '/');
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** Null when it is too large; the rest is read and dropped, so that the client sees the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= LARGEST_BODY) chunks.push(chunk);
  }
  return bytes > LARGEST_BODY ? null : Buffer.concat(chunks);
}

/** Null when the time is over first. The function goes on, as it does on AWS. */
async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function message(status: number, text: string): HttpResponse {
  const body = Buffer.from(JSON.stringify({ message: text }));
  return { status, headers: { 'content-type': 'application/json' }, cookies: [], body };
}

function write(response: ServerResponse, { status, headers, cookies, body }: HttpResponse): void {
  response.writeHead(status, {
    ...headers,
    ...(cookies.length > 0 && { 'set-cookie': [...cookies] }),
    'content-length': String(body.length),
  });
  response.end(body);
}
