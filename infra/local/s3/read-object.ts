import { createReadStream, existsSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { objectFile } from '../state/object-files.ts';
import type { S3Backend } from './backend.ts';
import type { ObjectTarget } from './object-target.ts';

interface Range {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

/** Requests that the server behind has to answer itself. */
const SPECIAL_HEADERS = [
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
] as const;
const SPECIAL_PARAMETERS = ['uploadId', 'partNumber', 'attributes', 'versionId', 'acl', 'tagging'];

/**
 * Sends an object from its file: the server behind would read the whole of it into memory, for a
 * range of it as well.
 * @returns false when the request is another, and nothing was sent
 */
export async function sendObject(
  request: IncomingMessage,
  response: ServerResponse,
  { target, backend }: { readonly target: ObjectTarget; readonly backend: S3Backend },
): Promise<boolean> {
  if (request.method !== 'GET' || target.key === '' || isSpecial(request, target)) return false;
  const { 'x-amz-checksum-mode': mode } = request.headers;
  const asked = mode === undefined ? {} : { 'x-amz-checksum-mode': mode };
  const head = await backend.ask({ method: 'HEAD', url: target.path, headers: asked });
  if (head.status !== 200) return false;
  const { bucket, key } = target;
  const eTag = String(head.headers.etag);
  const file = objectFile(backend.directory, { bucket, key, eTag });
  const bytes = Number(head.headers['content-length']);
  const range = parseRange(request.headers.range, bytes);
  if (range === null || !existsSync(file)) return false;
  const headers = { ...head.headers, ...overrides(target.query), 'accept-ranges': 'bytes' };
  response.writeHead(...answerHead(headers, range, bytes));
  // A reader that goes away mid-object is no fault of this side.
  if (bytes === 0) response.end();
  else await pipeline(createReadStream(file, range), response).catch(() => response.destroy());
  return true;
}

function isSpecial({ headers }: IncomingMessage, { query }: ObjectTarget): boolean {
  return (
    SPECIAL_HEADERS.some((name) => headers[name] !== undefined) ||
    SPECIAL_PARAMETERS.some((name) => query.has(name))
  );
}

function answerHead(
  headers: IncomingHttpHeaders,
  range: Partial<Range>,
  bytes: number,
): [number, IncomingHttpHeaders] {
  const { connection: _connection, 'keep-alive': _keepAlive, ...kept } = headers;
  if (range.start === undefined || range.end === undefined) return [200, kept];
  // Checksums are of the whole object.
  const ofPart = Object.entries(kept).filter(([name]) => !name.startsWith('x-amz-checksum'));
  const part = {
    'content-length': String(range.end - range.start + 1),
    'content-range': `bytes ${range.start}-${range.end}/${bytes}`,
  };
  return [206, { ...Object.fromEntries(ofPart), ...part }];
}

/** An empty range is the whole object; null is one that cannot be had, or several. */
function parseRange(header: string | undefined, bytes: number): Partial<Range> | null {
  if (header === undefined) return {};
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (from === '' && to === '') return null;
  const start = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  return start < bytes && start <= end ? { start, end } : null;
}

/** `response-content-disposition` and its like, which presigned addresses carry. */
function overrides(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    [...query]
      .filter(([name]) => name.startsWith('response-'))
      .map(([name, value]) => [name.slice('response-'.length), value]),
  );
}
