import * as z from 'zod';
import { deployedRegion, type UnsignedRequest } from './deployed-api.ts';
import type { Io } from './io.ts';

/** A problem document, or what stood in its place, as an error that a person can act on. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly errors: readonly { readonly pointer: string; readonly message: string }[];
  readonly requestId: string | null;

  constructor(
    status: number,
    message: string,
    more: { readonly errors?: ApiProblem['errors']; readonly requestId?: string | null } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = more.errors ?? [];
    this.requestId = more.requestId ?? null;
  }
}

/** The server does not answer at all. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

export interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly location: string | null;
  readonly body: unknown;
}

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Doing it twice does no harm, so it is asked again when the connection is cut. */
  readonly repeatable?: boolean;
}

/** Everything the commands know of a server: HTTP and JSON. */
export interface Client {
  readonly send: (method: string, path: string, options?: RequestOptions) => Promise<Answer>;
  /** The answer as it came, such as CSV. */
  readonly text: (path: string, options: RequestOptions) => Promise<string>;
}

const problemBody = z.object({
  title: z.string(),
  detail: z.string(),
  requestId: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).default([]),
});

const TIMEOUT_MS = 60_000;
const ATTEMPTS = 4;

/** @param findServer gives the base URL; asked for each request, since an instance may move */
export function httpClient(
  findServer: () => Promise<string>,
  options: { readonly actor: string | undefined; readonly io: Pick<Io, 'now' | 'sleep'> },
): Client {
  return {
    send: async (method, path, request = {}) => {
      const response = await call(method, path, request);
      const text = await response.text();
      return {
        status: response.status,
        etag: response.headers.get('etag'),
        location: response.headers.get('location'),
        body: text === '' ? null : JSON.parse(text),
      };
    },
    text: async (path, request) => (await call('GET', path, request)).text(),
  };

  async function call(method: string, path: string, request: RequestOptions): Promise<Response> {
    const url = placeOf(await findServer(), path, request.query);
    for (let attempt = 1; ; attempt += 1) {
      const response = await once(method, { url, attempt, request });
      if (response?.ok) return response;
      if (response === null) continue;
      const retry = response.status === 503 || response.status === 429;
      if (!retry || attempt === ATTEMPTS) throw await problemOf(response);
      await response.body?.cancel();
      await options.io.sleep(1_000 * Number(response.headers.get('retry-after') ?? 2));
    }
  }

  /** Null: the connection was cut, and to ask again does no harm. */
  async function once(
    method: string,
    { url, attempt, request }: { url: URL; attempt: number; request: RequestOptions },
  ): Promise<Response | null> {
    const headers: Record<string, string> = { accept: 'application/json', ...request.headers };
    if (options.actor !== undefined) headers['x-headroom-actor'] = options.actor;
    if (request.body !== undefined) headers['content-type'] = 'application/json';
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const sent = await provenHeaders({ method, url, headers, body }, options.io.now());
    try {
      return await fetch(url, {
        method,
        headers: sent,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body }),
      });
    } catch (error) {
      const repeatable = method !== 'POST' || request.repeatable === true;
      if (isCutOff(error) && repeatable && attempt < ATTEMPTS) return null;
      throw new UnreachableError(`${url.origin} does not answer (${reasonOf(error)}).`);
    }
  }
}

/** A deployed API wants to know who calls; the signer is loaded for it alone. */
async function provenHeaders(
  request: UnsignedRequest,
  at: Date,
): Promise<Readonly<Record<string, string>>> {
  const region = deployedRegion(request.url);
  if (region === null) return request.headers;
  const { signedHeaders, credentialsFromEnvironment } = await import('./sign-request.ts');
  return await signedHeaders(request, { region, credentials: credentialsFromEnvironment, at });
}

function placeOf(server: string, path: string, query: RequestOptions['query'] = {}): URL {
  const place = new URL(path, server);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) place.searchParams.set(name, String(value));
  }
  return place;
}

/** Text of an API path segment. */
export function segment(text: string): string {
  return encodeURIComponent(text);
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const text = await response.text();
  const parsed = problemBody.safeParse(jsonOrNull(text));
  if (parsed.success) {
    const { detail, errors, requestId } = parsed.data;
    return new ApiProblem(response.status, detail, { errors, requestId: requestId ?? null });
  }
  return new ApiProblem(
    response.status,
    `${response.url} answered ${response.status} ${response.statusText}: ${text.slice(0, 300)}`,
  );
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A kept connection that the server closed just as it was used. */
function isCutOff(error: unknown): boolean {
  return ['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE'].includes(reasonOf(error));
}

/** fetch hides why it failed in a cause, which hides it in another. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1_000} s`;
  const code = (error as NodeJS.ErrnoException).code;
  if (error.cause !== undefined) return reasonOf(error.cause);
  return code ?? error.message;
}
