import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import type { Io } from '../../cli/io.ts';
import { runHeadroom } from '../../cli/run.ts';
import { parseRegion } from '../../lib/identifiers.ts';
import type { Ingest } from '../../lib/ports/ledger.ts';
import { memoryApi, NOW } from '../functions/api.ts';

/** What an object becomes in the ledger once it has been put. */
export type Ingester = (key: string, text: string) => Partial<Ingest>;

/**
 * The real routes over HTTP on stores in memory. What the rest of the deployment would do stands
 * in `ingester`, and in what a test does to the ports.
 */
export async function serve() {
  const api = memoryApi();
  const objects = new Map<string, Buffer>();
  let ingester: Ingester = () => ({});
  let failing = 0;
  const server = createServer(async (request, response) => {
    if (failing > 0) {
      failing -= 1;
      response.writeHead(503, { 'retry-after': '0' }).end('{"message":"Service Unavailable"}');
    } else if (request.url?.startsWith('/objects/')) await object(request, response);
    else await route(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const presigned = async (key: string) => `${url}/objects/${encodeURIComponent(key)}`;
  api.ports.landing.presignPut = presigned;
  api.ports.documents.presignGet = presigned;

  async function object(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const key = decodeURIComponent((request.url ?? '').slice('/objects/'.length));
    if (request.method === 'GET') {
      const body = objects.get(key);
      response.writeHead(body === undefined ? 404 : 200).end(body);
      return;
    }
    const body = await bodyOf(request);
    if (request.headers['content-length'] !== String(body.length)) {
      response.writeHead(411).end('MissingContentLength');
      return;
    }
    objects.set(key, body);
    await ledger(key, body);
    response.writeHead(200).end();
  }

  async function ledger(key: string, body: Buffer): Promise<void> {
    const region = parseRegion(/^region=([^/]+)/.exec(key)?.[1] ?? '');
    await api.ports.regions.ensure(region, NOW);
    const zipped = body[0] === 0x1f && body[1] === 0x8b;
    const text = (zipped ? gunzipSync(body) : body).toString('utf8');
    const rows = text.split('\n').filter((line) => line !== '').length;
    const counts = { read: rows, accepted: rows, duplicate: 0, conflict: 0 };
    await api.ports.ledger.put({
      id: String(objects.size).padStart(32, '0'),
      region,
      key,
      sha256: '',
      sizeBytes: body.length,
      format: 'test',
      state: 'ingested',
      counts: { ...counts, quarantined: 0, unmetered: 0 },
      reasons: [],
      problem: null,
      touched: [],
      quarantineKey: null,
      receivedAt: NOW.toISOString(),
      finishedAt: NOW.toISOString(),
      actor: 'anonymous',
      ...ingester(key, text),
    });
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const text = (await bodyOf(request)).toString('utf8');
    const answer = await api.ask(`${request.method} ${pathname}`, {
      headers,
      query: Object.fromEntries(searchParams),
      ...(text === '' ? {} : { text }),
    });
    response.writeHead(answer.status, answer.headers).end(answer.text);
  }

  return {
    ...api,
    url,
    objects,
    /** The next `count` requests are answered as a server that is overloaded. */
    fail: (count: number) => {
      failing = count;
    },
    ingestAs: (next: Ingester) => {
      ingester = next;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
    headroom: (args: readonly string[], io: Partial<Io> = {}) =>
      headroom(args, { env: { HEADROOM_URL: url }, ...io }),
  };
}

export type Server = Awaited<ReturnType<typeof serve>>;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Runs a command line and keeps what it said. */
export async function headroom(args: readonly string[], world: Partial<Io> = {}) {
  let [out, err] = ['', ''];
  const code = await runHeadroom(args, {
    out: async (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    stdin: Readable.from([]),
    outIsTerminal: false,
    errIsTerminal: false,
    color: false,
    env: {},
    cwd: process.cwd(),
    now: () => new Date(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 5))),
    ...world,
  });
  return { code, out, err };
}
