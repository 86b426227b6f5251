import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deployedRegion } from '../../cli/deployed-api.ts';
import { signedHeaders } from '../../cli/sign-request.ts';

const AT = new Date('2026-11-21T10:00:00Z');
const HOST = 'abc123.execute-api.eu-central-1.amazonaws.com';
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const credentials = async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey });

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

/** Signature Version 4 by the steps of its specification, for headers that are known. */
function signatureOf(request: {
  method: string;
  canonicalPath: string;
  canonicalQuery: string;
  headers: Record<string, string>;
  body: string;
}): string {
  const names = Object.keys(request.headers).toSorted();
  const canonical = [
    request.method,
    request.canonicalPath,
    request.canonicalQuery,
    ...names.map((name) => `${name}:${request.headers[name]}`),
    '',
    names.join(';'),
    sha256(request.body),
  ].join('\n');
  const scope = '20261121/eu-central-1/execute-api/aws4_request';
  const toSign = ['AWS4-HMAC-SHA256', '20261121T100000Z', scope, sha256(canonical)].join('\n');
  const steps = ['20261121', 'eu-central-1', 'execute-api', 'aws4_request'];
  const key = steps.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return hmac(key, toSign).toString('hex');
}

describe('a call to a deployed API', () => {
  it.each([
    {
      method: 'GET',
      path: '/v1/bills?period=2026-10&cursor=a%2Bb',
      query: 'cursor=a%2Bb&period=2026-10',
      body: undefined,
    },
    { method: 'PUT', path: '/v1/teams/R%26D', query: '', body: '{"id":"R&D"}' },
  ])('is signed for $method $path', async ({ method, path, query, body }) => {
    const url = new URL(path, `https://${HOST}`);
    const headers = { accept: 'application/json', 'x-headroom-actor': 'ada' };
    const signing = { region: 'eu-central-1', credentials, at: AT };
    const sent = await signedHeaders({ method, url, headers, body }, signing);
    const { authorization = '', ...rest } = sent;
    const [, names = '', signature] =
      /SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(authorization) ?? [];
    expect(names.split(';')).toEqual(
      expect.arrayContaining(['host', 'x-amz-date', 'x-headroom-actor']),
    );
    const all: Record<string, string> = { ...rest, host: HOST };
    expect(signature).toBe(
      signatureOf({
        method,
        canonicalPath: url.pathname.replaceAll('%', '%25'),
        canonicalQuery: query,
        headers: Object.fromEntries(names.split(';').map((name) => [name, all[name] ?? ''])),
        body: body ?? '',
      }),
    );
  });

  it('is told from any other by its host', () => {
    expect(deployedRegion(new URL(`https://${HOST}`))).toBe('eu-central-1');
    expect(deployedRegion(new URL('http://127.0.0.1:8080'))).toBeNull();
    expect(deployedRegion(new URL(`https://${HOST}.example.org`))).toBeNull();
  });
});
