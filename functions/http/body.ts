import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ProblemError } from '../../lib/errors.ts';

/** Configuration documents are small; usage data goes to the samples route or to uploads. */
export const MAX_BODY_BYTES = 1_048_576;

/**
 * The text of a JSON body: UTF-8, at most 1 MiB, declared as JSON.
 *
 * @throws ProblemError `unsupported`, `too_large`, `invalid`
 */
export function jsonBodyText(event: APIGatewayProxyEventV2): string {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY_BYTES) {
    throw new ProblemError('too_large', `The body has ${bytes.length} bytes; the limit is 1 MiB.`);
  }
  if (bytes.length > 0) requireJson(event.headers);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ProblemError('invalid', 'The body is not UTF-8 text.');
  }
}

function requireJson(headers: Readonly<Record<string, string | undefined>>): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new ProblemError('unsupported', `Content-Encoding ${encoding}: send this body as it is.`);
  }
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json' || type?.endsWith('+json')) return;
  throw new ProblemError(
    'unsupported',
    `Content-Type ${type ?? '(none)'}: send JSON, with Content-Type: application/json.`,
  );
}
