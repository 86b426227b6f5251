import { Agent, type IncomingMessage, request } from 'node:http';

/** What an AWS service answered with an error status. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  /** For instance `ResourceNotFoundException`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: 32 });
// The embedded servers look at the shape of the signature only.
const authorization =
  'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/local/aws4_request, SignedHeaders=host, Signature=local';

export interface JsonCall {
  readonly endpoint: string;
  /** `AmazonSQS.SendMessage`, `DynamoDB_20120810.CreateTable`. */
  readonly target: string;
  readonly body: unknown;
  readonly signal?: AbortSignal;
}

/**
 * One call in AWS's JSON protocol 1.0, which the embedded DynamoDB and SQS speak. The SDK's clients
 * do the same and take a third of a second to load.
 * @throws ServiceError when the service refuses
 */
export async function callService({ endpoint, target, body, signal }: JsonCall): Promise<unknown> {
  const text = JSON.stringify(body);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(text),
      'x-amz-target': target,
      'x-amz-date': '20260101T000000Z',
      authorization,
    };
    const options = { method: 'POST', headers, agent, ...(signal && { signal }) };
    request(`${endpoint}/`, options, resolve).on('error', reject).end(text);
  });
  const answer = await readText(response);
  const parsed = answer === '' ? {} : JSON.parse(answer);
  if (response.statusCode === 200) return parsed;
  const code =
    String(parsed.__type ?? response.statusCode)
      .split('#')
      .at(-1) ?? '';
  throw new ServiceError(code, String(parsed.message ?? parsed.Message ?? answer));
}

export async function readText(stream: AsyncIterable<Uint8Array>): Promise<string> {
  return (await readBytes(stream)).toString('utf8');
}

export async function readBytes(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
