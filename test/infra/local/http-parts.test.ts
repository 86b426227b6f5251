import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fromHttpResult, toHttpEvent } from '../../../infra/local/http/payload.ts';
import { RouteTable } from '../../../infra/local/http/route-table.ts';

const route = (routeKey: string) => ({ routeKey, functionName: 'f', apiId: 'api', timeoutMs: 1 });

describe('routes', () => {
  const table = new RouteTable(
    [
      'GET /v1/regions',
      'GET /v1/regions/{region}/settings',
      'GET /v1/{kind}/west/settings',
      'POST /v1/regions/{region}/samples',
      'ANY /v1/files/{proxy+}',
      'GET /v1/files/index',
    ].map(route),
  );

  it.each([
    { method: 'GET', path: '/v1/regions', key: 'GET /v1/regions', parameters: {} },
    {
      method: 'POST',
      path: '/v1/regions/west%2F1/samples',
      key: 'POST /v1/regions/{region}/samples',
      parameters: { region: 'west/1' },
    },
    {
      method: 'GET',
      path: '/v1/regions/west/settings',
      key: 'GET /v1/regions/{region}/settings',
      parameters: { region: 'west' },
    },
    {
      method: 'PUT',
      path: '/v1/files/a/b%20c',
      key: 'ANY /v1/files/{proxy+}',
      parameters: { proxy: 'a/b c' },
    },
    { method: 'GET', path: '/v1/files/index', key: 'GET /v1/files/index', parameters: {} },
  ])('$method $path goes to $key', ({ method, path, key, parameters }) => {
    const match = table.find(method, path);
    expect(match?.route.routeKey).toBe(key);
    expect(match?.pathParameters).toEqual(parameters);
  });

  it.each([
    '/v1',
    '/v1/regions/',
    '/v1/regions/west/samples',
    '/v1/regions//settings',
    '/v1/files/',
  ])('GET %s goes nowhere', (path) => expect(table.find('GET', path)).toBeNull());

  it('fall back on the default route', () => {
    expect(new RouteTable([route('$default')]).find('GET', '/x')?.route.routeKey).toBe('$default');
  });
});

describe('HTTP payloads', () => {
  const match = { route: route('POST /x'), pathParameters: {} };
  const event = (headers: Record<string, string>, body: Buffer) =>
    toHttpEvent({ method: 'POST', url: '/x', headers, body, sourceIp: '127.0.0.1' }, match);

  it.each([
    { type: 'application/json', encoding: 'identity', body: Buffer.from('{"a":"ü"}'), text: true },
    { type: 'application/problem+json', encoding: 'identity', body: Buffer.from('{}'), text: true },
    { type: 'text/csv; charset=utf-8', encoding: 'identity', body: Buffer.from('a,b'), text: true },
    { type: 'application/json', encoding: 'gzip', body: gzipSync('{}'), text: false },
    { type: 'application/octet-stream', encoding: 'identity', body: Buffer.from('x'), text: false },
    { type: 'application/json', encoding: 'identity', body: Buffer.from([0xff]), text: false },
  ])('$type, $encoding is text: $text', ({ type, encoding, body, text }) => {
    const made = event({ 'content-type': type, 'content-encoding': encoding }, body);
    expect(made['isBase64Encoded']).toBe(!text);
    expect(Buffer.from(String(made['body']), text ? 'utf8' : 'base64')).toEqual(body);
  });

  it('have no body where none was sent', () => {
    expect(event({}, Buffer.alloc(0))).not.toHaveProperty('body');
  });

  it('of an answer with a status say what is sent', () => {
    const answer = fromHttpResult(
      JSON.stringify({
        statusCode: 201,
        headers: { ETag: '"1"', 'X-Count': 3 },
        cookies: ['a=1'],
        body: 'aGk=',
        isBase64Encoded: true,
      }),
    );
    expect(answer).toMatchObject({ status: 201, cookies: ['a=1'], body: Buffer.from('hi') });
    expect(answer?.headers).toMatchObject({ etag: '"1"', 'x-count': '3' });
  });

  it('without a status are sent as JSON', () => {
    const answer = fromHttpResult('{"a":1}');
    expect(answer).toMatchObject({ status: 200, body: Buffer.from('{"a":1}') });
  });

  it('that make no sense are refused', () => {
    expect(fromHttpResult('{"statusCode":"many"}')).toBeNull();
  });
});
