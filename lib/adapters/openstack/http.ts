import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { getCACertificates } from 'node:tls';
import { SourceFault } from '../../sources/source-fault.ts';

/** One request. */
export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Certificates, PEM, that are trusted besides those of the system; null for none. */
  readonly caCertificate: string | null;
  readonly timeoutMs: number;
  readonly bytesMax: number;
}

/** What came back, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Faults of the address or its certificate: asking again gives them again. */
const FINAL: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such host',
  EPROTO: 'it does not speak TLS as https needs it',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed: name it as caCertificate',
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate is of an authority that is not trusted: name that as caCertificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is of an authority that is not trusted: name that as caCertificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate is of an authority that is not trusted: name that as caCertificate',
};

/**
 * One request and its whole answer, in bounds of time and size. Redirects are not followed: they
 * would carry the token to where nobody sent it.
 * @throws SourceFault without a word of headers or body
 */
export async function exchange(call: HttpCall): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(call.timeoutMs);
  try {
    const response = await send(call, signal);
    const text = await textOf(response, call);
    return { status: response.statusCode ?? 0, headers: response.headers, text };
  } catch (error) {
    throw error instanceof SourceFault ? error : faultOf(call, error, signal.aborted);
  }
}

function send(call: HttpCall, signal: AbortSignal): Promise<IncomingMessage> {
  const { url, method, headers, body, caCertificate } = call;
  const isTls = url.protocol === 'https:';
  const trust =
    isTls && caCertificate !== null ? { ca: [...getCACertificates('default'), caCertificate] } : {};
  return new Promise((resolve, reject) => {
    const options = { method, headers: { ...headers, 'accept-encoding': 'identity' }, signal };
    const sent = isTls
      ? httpsRequest(url, { ...options, ...trust }, resolve)
      : httpRequest(url, options, resolve);
    sent.on('error', reject);
    sent.end(body ?? undefined);
  });
}

async function textOf(response: IncomingMessage, { url, bytesMax }: HttpCall): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += (chunk as Buffer).length;
    if (size > bytesMax) {
      response.destroy();
      throw new SourceFault(
        'final',
        `The answer of ${placeOf(url)} has more than ${bytesMax} bytes: ask for less at once.`,
      );
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function faultOf({ url, timeoutMs }: HttpCall, error: unknown, timedOut: boolean): SourceFault {
  const place = placeOf(url);
  if (timedOut) {
    const seconds = Math.round(timeoutMs / 1_000);
    return new SourceFault('passing', `${place} did not answer within ${seconds} s.`);
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const why = FINAL[code];
  if (why !== undefined) return new SourceFault('final', `${place} cannot be asked: ${why}.`);
  return new SourceFault('passing', `The connection to ${place} failed (${code}).`);
}

/** Scheme, host and path: a query may be long, and says little. */
export function placeOf(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
