import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import type { UnsignedRequest } from './deployed-api.ts';

/** Where credentials come from: environment, profile, SSO, instance, as for any AWS tool. */
type CredentialSource = ReturnType<typeof defaultProvider>;

/** Looked up once a command, and renewed when they expire. */
export const credentialsFromEnvironment: CredentialSource = defaultProvider();

/** Headers that prove who calls, as a deployed API asks of every route (IAM, Signature Version 4). */
export async function signedHeaders(
  { method, url, headers, body }: UnsignedRequest,
  signing: { readonly region: string; readonly credentials: CredentialSource; readonly at: Date },
): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    service: 'execute-api',
    region: signing.region,
    credentials: signing.credentials,
    sha256: NodeSha256,
  });
  const request = {
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { ...headers, host: url.host },
    ...(body === undefined ? {} : { body }),
  };
  const signed = await signer.sign(request, { signingDate: signing.at });
  const { host: _host, ...sent } = signed.headers;
  return sent;
}

/** SHA-256, keyed or not, in the form that the signer takes. */
class NodeSha256 {
  readonly #secret: string | Uint8Array | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#secret = secret === undefined ? undefined : bytesOf(secret);
    this.#hash = this.#fresh();
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#fresh();
  }

  #fresh(): Hash | Hmac {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret);
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): string | Uint8Array {
  if (typeof data === 'string') return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
