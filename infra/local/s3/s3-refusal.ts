import type { IncomingHttpHeaders } from 'node:http';
import type { Answer, ObjectHead } from './backend.ts';

export function errorAnswer(status: number, code: string, message: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(body) };
}

/** S3's conditional writes; null when the write may go on. */
export async function refusedPrecondition(
  headers: IncomingHttpHeaders,
  head: () => Promise<ObjectHead | null>,
): Promise<Answer | null> {
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  if (ifMatch === undefined && ifNoneMatch === undefined) return null;
  const present = await head();
  if (ifMatch !== undefined && present === null) {
    return errorAnswer(404, 'NoSuchKey', 'The specified key does not exist.');
  }
  const stale = ifMatch !== undefined && ifMatch.replaceAll('"', '') !== present?.eTag;
  const taken = ifNoneMatch !== undefined && present !== null;
  if (!stale && !taken) return null;
  const message = 'At least one of the pre-conditions you specified did not hold';
  return errorAnswer(412, 'PreconditionFailed', message);
}
