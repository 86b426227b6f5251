import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually, type RunningFixture, runFixture } from './running-fixture.ts';

let fixture: RunningFixture;

// Other work on the machine may make everything several times slower.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

beforeAll(async () => {
  fixture = await runFixture();
});

afterAll(async () => {
  await fixture.end();
});

const api = (path: string, init?: RequestInit) => fetch(`${fixture.app.url}${path}`, init);
const act = (what: string) => api(`/do/${what}`, { method: 'POST' });

function logOf(name: string): Record<string, unknown>[] {
  const text = readFileSync(join(fixture.dataDir, 'logs', `${name}.log`), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('the HTTP API', () => {
  it('calls a function that writes to the table', async () => {
    const put = await api('/items/a%20b', { method: 'PUT', body: 'hello' });
    expect(put.status).toBe(201);
    expect(put.headers.get('location')).toBe('/items/a b');
    expect(put.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    const got = await api('/items/a%20b');
    expect(await got.json()).toEqual({ pk: 'a b', kind: 'http', body: 'hello' });
    expect(await fixture.item('a b')).toMatchObject({ kind: 'http' });
  });

  it('hands over path, query, headers, cookies and a compressed body', async () => {
    const body = gzipSync('{"a":1}');
    const headers = { 'content-encoding': 'gzip', 'x-many': 'x, y', cookie: 'k=v; l=w' };
    const answer = await api('/echo/x/y%20z?a=1&a=2&b=', { method: 'POST', body, headers });
    const { event, remaining } = (await answer.json()) as Record<string, Record<string, unknown>>;
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'ANY /echo/{proxy+}',
      pathParameters: { proxy: 'x/y z' },
      rawQueryString: 'a=1&a=2&b=',
      queryStringParameters: { a: '1,2', b: '' },
      cookies: ['k=v', 'l=w'],
      headers: { 'x-many': 'x, y', 'content-encoding': 'gzip' },
      body: body.toString('base64'),
      isBase64Encoded: true,
    });
    expect(remaining).toBeGreaterThan(4_000);
  });

  it('answers for what has no route, is too large, or fails', async () => {
    const lost = await api('/nowhere');
    expect([lost.status, await lost.json()]).toEqual([404, { message: 'Not Found' }]);
    const body = Buffer.alloc(10 * 1024 * 1024 + 1);
    const large = await api('/items/large', { method: 'PUT', body });
    expect([large.status, await large.json()]).toEqual([
      413,
      { message: 'Request Entity Too Large' },
    ]);
    const failed = await act('throw');
    expect([failed.status, await failed.json()]).toEqual([
      500,
      { message: 'Internal Server Error' },
    ]);
    expect(fixture.events).toContainEqual({
      type: 'function-error',
      functionId: 'Http',
      errorType: 'RangeError',
      message: 'asked to throw',
    });
  });
});

describe('a function', () => {
  it('sees the environment that Lambda and the template give, and nothing else', async () => {
    const { keys, cwd } = (await (await act('environment')).json()) as Record<string, unknown>;
    expect(cwd).toMatch(/asset\.handlers$/);
    expect(keys).toContain('TABLE_NAME');
    expect(keys).toContain('AWS_ENDPOINT_URL_S3');
    for (const name of ['HOME', 'NODE_ENV', 'VITEST']) expect(keys).not.toContain(name);
  });

  it('is kept warm between events', async () => {
    const pids = new Set<unknown>();
    for (let index = 0; index < 4; index++) {
      const answer = (await (await act('environment')).json()) as { pid: number };
      pids.add(answer.pid);
    }
    expect(pids.size).toBe(1);
  });

  it('takes nothing from the project’s node_modules, and says what is missing', async () => {
    expect((await api('/outside')).status).toBe(500);
    const error = fixture.events.find(
      (event) => event.type === 'function-error' && event.functionId === 'Outside',
    );
    expect(error).toMatchObject({
      message: expect.stringMatching(/^Cannot find module 'zod' in the/),
    });
  });

  it('is killed at its timeout', async () => {
    const startedAt = Date.now();
    expect((await act('slow')).status).toBe(500);
    expect(Date.now() - startedAt).toBeLessThan(20_000);
    const failure = logOf('Http').find(({ error }) => JSON.stringify(error)?.includes('timed out'));
    expect(failure).toMatchObject({
      level: 'ERROR',
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/Task timed out after 5\.00 seconds$/),
      },
    });
  });

  it.each([
    { what: 'crash', errorType: 'Runtime.ExitError' },
    { what: 'memory', errorType: 'Runtime.OutOfMemory' },
    { what: 'large', errorType: 'Function.ResponseSizeTooLarge' },
  ])(
    'that ends in $errorType fails alone, and the next call works',
    async ({ what, errorType }) => {
      expect((await act(what)).status).toBe(500);
      expect(fixture.events).toContainEqual(
        expect.objectContaining({ functionId: 'Http', errorType }),
      );
      expect((await act('environment')).status).toBe(200);
    },
  );
});

it('takes 150 objects of half a megabyte, each once, in seconds', async () => {
  const Body = Buffer.alloc(512 * 1024, 7);
  const keys = Array.from({ length: 150 }, (_, index) => `region=load/${index}`);
  const startedAt = Date.now();
  for (let from = 0; from < keys.length; from += 10) {
    await Promise.all(
      keys
        .slice(from, from + 10)
        .map((Key) =>
          fixture.clients.s3.send(new PutObjectCommand({ Bucket: fixture.bucket, Key, Body })),
        ),
    );
  }
  for (const key of keys) {
    const item = await eventually(() => fixture.item(key));
    expect(item['bytes']).toBe(Body.length);
  }
  process.stdout.write(`150 objects of 0.5 MiB: ${Date.now() - startedAt} ms\n`);
});

describe('an object that is put', () => {
  const put = (Key: string, Body = 'x') =>
    fixture.clients.s3.send(new PutObjectCommand({ Bucket: fixture.bucket, Key, Body }));

  it('reaches the function through its queue within a second or so', async () => {
    await put('region=west/warm-up');
    await eventually(() => fixture.item('region=west/warm-up'));
    const startedAt = Date.now();
    await put('region=west/2026-11-21/ä b+c.json', 'hello');
    const item = await eventually(() => fixture.item('region=west/2026-11-21/ä b+c.json'));
    expect(item).toMatchObject({ bytes: 5, size: 5, times: 1 });
    expect(Date.now() - startedAt).toBeLessThan(10_000);
  });

  it('raises nothing outside the prefix that the bucket names', async () => {
    await put('elsewhere/x');
    await put('region=west/after-elsewhere');
    await eventually(() => fixture.item('region=west/after-elsewhere'));
    expect(await fixture.item('elsewhere/x')).toBeNull();
  });

  it('that fails comes again, alone, and ends in the dead-letter queue', async () => {
    await Promise.all([
      put('region=west/poison'),
      put('region=west/good-1'),
      put('region=west/good-2'),
    ]);
    const QueueUrl = fixture.app.resources.queues['LandingDead'];
    const [dead] = await eventually(async () => {
      const received = await fixture.clients.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'] }),
      );
      return received.Messages;
    });
    const [{ s3 }] = JSON.parse(dead?.Body ?? '').Records;
    expect(s3.object.key).toBe('region%3Dwest/poison');
    for (const name of ['good-1', 'good-2']) {
      expect(await fixture.item(`region=west/${name}`)).toMatchObject({ times: 1 });
    }
  });

  it('whose function hangs is handed on again after the timeout', async () => {
    await put('region=west/hang');
    const timeouts = () =>
      fixture.events.filter(
        (event) =>
          event.type === 'function-error' &&
          event.errorType === 'Sandbox.Timedout' &&
          event.functionId === 'Ingest',
      ).length;
    await eventually(async () => timeouts() >= 2);
  });
});
