import type {
  IncomingHttpHeaders,
  IncomingMessage,
  RequestListener,
  ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream/promises';
import { decodeAwsChunked } from './aws-chunked.ts';
import { type Answer, PART_BYTES, type S3Backend } from './backend.ts';
import type { CreationKind } from './event.ts';
import { KeyedLock } from './keyed-lock.ts';
import type { S3Notifier } from './notifier.ts';
import { type ObjectTarget, parseTarget } from './object-target.ts';
import { sendObject } from './read-object.ts';
import { errorAnswer, refusedPrecondition } from './s3-refusal.ts';

/** S3's limits, in bytes. */
const LONGEST_KEY = 1_024;
const LARGEST_PUT = 5 * 1024 ** 3;

export interface FrontOptions {
  readonly backend: S3Backend;
  readonly notifier: S3Notifier;
  readonly onError: (error: unknown) => void;
}

/**
 * The S3 endpoint that everybody uses. It adds to the server behind what that lacks: notifications,
 * bodies above 11 MiB, preconditions of writes.
 */
export function createS3Front(options: FrontOptions): RequestListener {
  const lock = new KeyedLock();
  return (request, response) => {
    handle(request, response, { ...options, lock }).catch((error: unknown) => {
      options.onError(error);
      if (response.headersSent) response.destroy();
      else reply(response, errorAnswer(500, 'InternalError', 'The local S3 server failed.'));
    });
  };
}

interface Exchange extends FrontOptions {
  readonly lock: KeyedLock;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
): Promise<void> {
  const target = parseTarget(request.url ?? '/', request.headers.host ?? '');
  const refusal = refuse(request, target);
  if (refusal !== null) {
    request.resume();
    return reply(response, refusal);
  }
  const kind = creationKind(request, target);
  if (kind === null) {
    if (await sendObject(request, response, { target, backend: exchange.backend })) return;
    return passThrough(request, response, target, exchange);
  }
  const answer = await exchange.lock.run(`${target.bucket}/${target.key}`, () =>
    create({ request, target, kind, exchange }),
  );
  return reply(response, answer);
}

function refuse(request: IncomingMessage, target: ObjectTarget): Answer | null {
  if (Buffer.byteLength(target.key) > LONGEST_KEY) {
    return errorAnswer(400, 'KeyTooLongError', 'Your key is too long');
  }
  if (request.method !== 'PUT' || target.key === '') return null;
  const size = bodyBytes(request.headers);
  if (size === null) {
    return errorAnswer(411, 'MissingContentLength', 'You must provide the Content-Length header.');
  }
  if (size <= LARGEST_PUT) return null;
  const message = 'Your proposed upload exceeds the maximum allowed size';
  return errorAnswer(400, 'EntityTooLarge', message);
}

/** Null for requests that create no object. */
function creationKind(request: IncomingMessage, { key, query }: ObjectTarget): CreationKind | null {
  if (key === '') return null;
  if (request.method === 'POST' && query.has('uploadId')) return 'CompleteMultipartUpload';
  if (request.method !== 'PUT' || query.has('uploadId')) return null;
  return request.headers['x-amz-copy-source'] === undefined ? 'Put' : 'Copy';
}

async function create(creation: {
  readonly request: IncomingMessage;
  readonly target: ObjectTarget;
  readonly kind: CreationKind;
  readonly exchange: Exchange;
}): Promise<Answer> {
  const { request, target, kind, exchange } = creation;
  const { backend, notifier, onError } = exchange;
  const { bucket, key } = target;
  const refused = await refusedPrecondition(request.headers, () => backend.head(bucket, key));
  if (refused !== null) {
    request.resume();
    return refused;
  }
  const intent = notifier.intend({ bucket, key, kind });
  const answer = await store(request, target, backend);
  if (intent === null) return answer;
  if (answer.status !== 200) notifier.drop(intent);
  // The object stands whatever becomes of its event: an open intent raises it at the next start.
  else await notifier.raise(intent).catch(onError);
  return answer;
}

async function store(
  request: IncomingMessage,
  target: ObjectTarget,
  backend: S3Backend,
): Promise<Answer> {
  const headers = withoutConnection(request.headers);
  const isBody = request.method === 'PUT' && headers['x-amz-copy-source'] === undefined;
  if (isBody && (bodyBytes(headers) ?? 0) > PART_BYTES) {
    const encoding = (headers['content-encoding'] ?? '').split(/,\s*/);
    const kept = encoding.filter((name) => name !== 'aws-chunked' && name !== '').join(',');
    const body = encoding.includes('aws-chunked') ? decodeAwsChunked(request) : request;
    return backend.putInParts(target.path, objectHeaders(headers, kept), body);
  }
  return backend.ask({ method: request.method ?? 'PUT', url: target.url, headers, body: request });
}

/** What becomes a property of the object. */
function objectHeaders(headers: IncomingHttpHeaders, encoding: string): IncomingHttpHeaders {
  const kept = Object.entries(headers).filter(
    ([name]) =>
      name.startsWith('x-amz-meta-') ||
      ['content-type', 'cache-control', 'content-disposition', 'content-language'].includes(name),
  );
  return {
    ...Object.fromEntries(kept),
    ...(encoding !== '' && { 'content-encoding': encoding }),
    'content-length': '0',
  };
}

/** Of the object itself, without the framing of chunks; null when nothing tells. */
function bodyBytes(headers: IncomingHttpHeaders): number | null {
  if (headers['x-amz-copy-source'] !== undefined) return 0;
  const told = headers['x-amz-decoded-content-length'] ?? headers['content-length'];
  return told === undefined ? null : Number(told);
}

async function passThrough(
  request: IncomingMessage,
  response: ServerResponse,
  target: ObjectTarget,
  { backend }: Exchange,
): Promise<void> {
  const headers = withoutConnection(request.headers);
  const method = request.method ?? 'GET';
  const answer = await backend.send({ method, url: target.url, headers, body: request });
  response.writeHead(answer.statusCode ?? 502, withoutConnection(answer.headers));
  // A reader that goes away mid-object is no fault of this side.
  await pipeline(answer, response).catch(() => response.destroy());
}

function withoutConnection(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { connection: _connection, 'keep-alive': _keepAlive, expect: _expect, ...rest } = headers;
  return rest;
}

function reply(response: ServerResponse, { status, headers, body }: Answer): void {
  const { 'transfer-encoding': _encoding, ...rest } = withoutConnection(headers);
  response.writeHead(status, { ...rest, 'content-length': String(body.length) });
  response.end(body);
}
