import type {
  OpenSession,
  OpenStackRequest,
  OpenStackSession,
  SessionOptions,
} from '../../ports/sources.ts';
import { retryAfterSeconds } from '../../sources/back-off.ts';
import { SourceFault } from '../../sources/source-fault.ts';
import { endpointOf } from './catalogue.ts';
import { exchange, type HttpAnswer, type HttpCall, placeOf } from './http.ts';
import { authBody, type Token, tokenOf, tokensUrl } from './keystone.ts';

export interface SessionLimits {
  /** Of one request. */
  readonly timeoutMs: number;
  /** Of one answer. */
  readonly bytesMax: number;
}

export const DEFAULT_SESSION_LIMITS: SessionLimits = {
  timeoutMs: 60_000,
  bytesMax: 48 * 1_048_576,
};

/** A token that ends within this time is renewed before it is used. */
const RENEW_MS = 60_000;
const EXCERPT_LENGTH = 200;

/** Sessions over HTTP. */
export function openStackSessions(
  now: () => Date,
  limits: SessionLimits = DEFAULT_SESSION_LIMITS,
): OpenSession {
  return (options) => {
    const session = new Session(options, now, limits);
    return { ask: (request) => session.ask(request), requests: () => session.requests };
  };
}

class Session implements Pick<OpenStackSession, 'ask'> {
  readonly #options: SessionOptions;
  readonly #now: () => Date;
  readonly #limits: SessionLimits;
  /** One for all that wait for it. */
  #token: Promise<Token> | null = null;
  requests = 0;

  constructor(options: SessionOptions, now: () => Date, limits: SessionLimits) {
    this.#options = options;
    this.#now = now;
    this.#limits = limits;
  }

  async ask(request: OpenStackRequest): Promise<string> {
    const token = await this.#currentToken();
    const answer = await this.#send(request, token);
    if (answer.status !== 401) return this.#textOf(request, answer, token);
    // The token may have been revoked, or ended on a clock that is ahead of ours.
    const renewed = await this.#renewedToken(token);
    return this.#textOf(request, await this.#send(request, renewed), renewed);
  }

  async #currentToken(): Promise<Token> {
    const token = await (this.#token ?? this.#renew());
    const isFresh = token.expiresAtMs > this.#now().getTime() + RENEW_MS;
    return isFresh ? token : await this.#renewedToken(token);
  }

  async #renewedToken(old: Token): Promise<Token> {
    const present = await (this.#token ?? this.#renew());
    return present === old ? await this.#renew() : present;
  }

  #renew(): Promise<Token> {
    const token = this.#authenticate();
    this.#token = token;
    token.catch(() => {
      if (this.#token === token) this.#token = null;
    });
    return token;
  }

  async #authenticate(): Promise<Token> {
    const { authUrl, login } = this.#options;
    const url = tokensUrl(authUrl);
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const answer = await this.#exchange({ method: 'POST', url, headers, body: authBody(login) });
    if (isPassing(answer.status)) throw this.#passing(url, answer);
    return tokenOf(answer, placeOf(url));
  }

  async #send(request: OpenStackRequest, token: Token): Promise<HttpAnswer> {
    const { method, body } = request;
    const headers = {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
      'x-auth-token': token.id,
    };
    const url = this.#urlOf(request, token);
    return this.#exchange({
      method,
      url,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
  }

  #urlOf({ service, path, query }: OpenStackRequest, token: Token): URL {
    const url = new URL(`${endpointOf(token.catalogue, service, this.#options)}${path}`);
    for (const [name, value] of query ?? []) url.searchParams.append(name, value);
    return url;
  }

  async #exchange(
    call: Pick<HttpCall, 'method' | 'url' | 'headers' | 'body'>,
  ): Promise<HttpAnswer> {
    const { deadlineMs, caCertificate } = this.#options;
    const leftMs = deadlineMs - this.#now().getTime();
    if (leftMs <= 0) throw new SourceFault('late', 'There was no time left to ask more.');
    this.requests += 1;
    const { timeoutMs, bytesMax } = this.#limits;
    return await exchange({
      ...call,
      caCertificate,
      bytesMax,
      timeoutMs: Math.min(timeoutMs, leftMs),
    });
  }

  #textOf(request: OpenStackRequest, answer: HttpAnswer, token: Token): string {
    const { status, text } = answer;
    if (status >= 200 && status < 300) return text;
    const url = this.#urlOf(request, token);
    if (isPassing(status)) throw this.#passing(url, answer);
    const said = this.#redacted(saidIn(text), token);
    throw new SourceFault(
      'final',
      `${placeOf(url)} answered ${status}${said === '' ? '' : ` ("${said}")`}. ${adviceOn(status)}`,
      { status },
    );
  }

  #passing(url: URL, { status, headers }: HttpAnswer): SourceFault {
    const wait = retryAfterSeconds(headers['retry-after'], this.#now());
    const asked = wait === null ? '' : ` and asks to wait for ${wait} s`;
    return new SourceFault('passing', `${placeOf(url)} answered ${status}${asked}.`, {
      status,
      retryAfterSeconds: wait,
    });
  }

  #redacted(text: string, token: Token): string {
    const { login } = this.#options;
    const secret = login.kind === 'password' ? login.password : login.secret;
    return [token.id, secret].reduce((left, one) => left.replaceAll(one, '***'), text);
  }
}

/** 413 is how old releases of Nova say 429. */
function isPassing(status: number): boolean {
  return status === 429 || status === 413 || status === 408 || status >= 500;
}

function adviceOn(status: number): string {
  if (status === 401) return 'It refuses tokens that Keystone has just given.';
  if (status === 403) {
    return 'The user of the secret may not ask this: give it the role that the policy of the service wants (docs/sources.md).';
  }
  if (status === 404) return 'Look at the endpoint in the service catalogue, and at the metric.';
  if (status === 406)
    return 'It does not know that microversion: set "microversion" to an older one.';
  if (status >= 300 && status < 400) {
    return 'Redirects are not followed: put the right address into the service catalogue.';
  }
  return 'Asking again would give the same.';
}

/** What an answer says of itself, as OpenStack's services do: the first text called message, description, detail or title. */
function saidIn(text: string): string {
  const match = /"(?:message|description|detail|title|cause)"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text);
  return (match?.[1] ?? '').replaceAll(/\p{Cc}|\\[nrt]/gu, ' ').slice(0, EXCERPT_LENGTH);
}
