import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ProblemError } from '../../lib/errors.ts';

/** As received, compressed or not; API Gateway itself takes 10 MB. */
export const SAMPLES_BYTES_MAX = 4 * 1_048_576;

/**
 * The body as it was sent.
 * @throws ProblemError `invalid` when it is empty, `too_large`
 */
export function bodyBytes(event: Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'>): Buffer {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length === 0) {
    throw new ProblemError(
      'invalid',
      'The body is empty: send samples as a JSON array, an object or JSON lines.',
    );
  }
  if (bytes.length > SAMPLES_BYTES_MAX) {
    throw new ProblemError(
      'too_large',
      `The body has ${bytes.length} bytes; the limit is 4 MiB. Send fewer samples at once, or upload the file (POST /v1/uploads).`,
    );
  }
  return bytes;
}

/**
 * Whether the sender says that the body is gzip; what it is, ingest tells by its content.
 * @throws ProblemError `unsupported` for other encodings
 */
export function isGzip(headers: Readonly<Record<string, string | undefined>>): boolean {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'gzip' || encoding === 'x-gzip') return true;
  if (encoding === 'identity' || encoding === '') return false;
  throw new ProblemError(
    'unsupported',
    `Content-Encoding ${encoding}: send gzip, or the body as it is.`,
  );
}
