import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { Readable } from 'node:stream';
import { readBytes } from '../aws-json.ts';
import { inPieces } from './aws-chunked.ts';
import { objectPath } from './object-target.ts';

export interface BackendRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body?: Readable | Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ObjectHead {
  readonly sizeBytes: number;
  readonly eTag: string;
}

/** S3 takes parts from 5 MiB on, the embedded server bodies up to 11 MiB. */
export const PART_BYTES = 8 * 1024 * 1024;

/** The embedded S3 server behind the front. */
export class S3Backend {
  /** Of the server's files. */
  readonly directory: string;
  readonly #endpoint: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(endpoint: string, directory: string) {
    this.directory = directory;
    this.#endpoint = endpoint;
  }

  send({ method, url, headers, body }: BackendRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${this.#endpoint}/`,
        { method, path: url, headers: { ...headers, host: '127.0.0.1' }, agent: this.#agent },
        resolve,
      );
      outgoing.on('error', reject);
      if (body === undefined || body instanceof Uint8Array) outgoing.end(body);
      else {
        body.on('error', (error) => outgoing.destroy(error));
        body.on('aborted', () => outgoing.destroy(new Error('the client went away')));
        body.pipe(outgoing);
      }
    });
  }

  async ask(asked: BackendRequest): Promise<Answer> {
    const response = await this.send(asked);
    const body = await readBytes(response);
    return { status: response.statusCode ?? 500, headers: response.headers, body };
  }

  async head(bucket: string, key: string): Promise<ObjectHead | null> {
    const url = objectPath(bucket, key);
    const { status, headers } = await this.ask({ method: 'HEAD', url, headers: {} });
    if (status !== 200) return null;
    return {
      sizeBytes: Number(headers['content-length']),
      eTag: String(headers.etag).replaceAll('"', ''),
    };
  }

  /** Stores a body of any size, in parts. */
  async putInParts(
    path: string,
    headers: IncomingHttpHeaders,
    body: AsyncIterable<Uint8Array>,
  ): Promise<Answer> {
    const created = await this.#expect({ method: 'POST', url: `${path}?uploads`, headers });
    const [, uploadId = ''] = /<UploadId>([^<]+)</.exec(created.body.toString()) ?? [];
    const parts: string[] = [];
    for await (const piece of inPieces(body, PART_BYTES)) {
      const number = parts.length + 1;
      const url = `${path}?partNumber=${number}&uploadId=${uploadId}`;
      const put = { method: 'PUT', url, headers: lengthOf(piece), body: piece };
      const { headers: answered } = await this.#expect(put);
      parts.push(
        `<Part><PartNumber>${number}</PartNumber><ETag>${String(answered.etag).replaceAll('"', '&quot;')}</ETag></Part>`,
      );
    }
    const list = Buffer.from(
      `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`,
    );
    const url = `${path}?uploadId=${uploadId}`;
    const done = await this.#expect({ method: 'POST', url, headers: lengthOf(list), body: list });
    const [, eTag = ''] = /<ETag>([^<]+)</.exec(done.body.toString()) ?? [];
    const etag = eTag.replaceAll('&quot;', '"');
    return { status: 200, headers: { etag, 'content-length': '0' }, body: Buffer.alloc(0) };
  }

  end(): void {
    this.#agent.destroy();
  }

  async #expect(asked: BackendRequest): Promise<Answer> {
    const answer = await this.ask(asked);
    if (answer.status !== 200) {
      throw new Error(`${asked.method} ${asked.url}: ${answer.status} ${text(answer.body)}`);
    }
    return answer;
  }
}

function lengthOf(body: Uint8Array): IncomingHttpHeaders {
  return { 'content-length': String(body.length) };
}

function text(body: Buffer): string {
  return body.toString('utf8').slice(0, 500);
}
