import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { exchange, type HttpCall } from '../../lib/adapters/openstack/http.ts';
import { CERTIFICATE, KEY } from './self-signed.ts';

const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await new Promise((done) => server.close(done));
});

async function listening(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const hello: RequestListener = (_request, response) => {
  response.writeHead(200, { connection: 'close' }).end('hello');
};

function ask(url: string, fields: Partial<HttpCall> = {}) {
  return exchange({
    method: 'GET',
    url: new URL(url),
    headers: {},
    body: null,
    caCertificate: null,
    timeoutMs: 5_000,
    bytesMax: 1_000,
    ...fields,
  });
}

describe('an exchange over TLS', () => {
  it('trusts what the source names, and nothing else that nobody vouches for', async () => {
    const port = await listening(createHttps({ key: KEY, cert: CERTIFICATE }, hello));
    const url = `https://127.0.0.1:${port}/v3`;
    await expect(ask(url)).rejects.toMatchObject({
      kind: 'final',
      message: `${url} cannot be asked: its certificate is self-signed: name it as caCertificate.`,
    });
    expect(await ask(url, { caCertificate: CERTIFICATE })).toMatchObject({
      status: 200,
      text: 'hello',
    });
  });

  it('refuses a certificate of another host', async () => {
    const port = await listening(createHttps({ key: KEY, cert: CERTIFICATE }, hello));
    await expect(
      ask(`https://localhost:${port}/`, { caCertificate: CERTIFICATE }),
    ).rejects.toMatchObject({ kind: 'final', message: expect.stringContaining('another host') });
  });

  it('says that a server speaks no TLS', async () => {
    const port = await listening(createHttp(hello));
    await expect(ask(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({
      kind: 'final',
      message: expect.stringContaining('does not speak TLS'),
    });
  });
});

describe('an exchange', () => {
  it('ends in its time though bytes come without end', async () => {
    const port = await listening(
      createHttp((request, response) => {
        const timer = setInterval(() => response.write('x'), 20);
        request.socket.on('close', () => clearInterval(timer));
      }),
    );
    await expect(
      ask(`http://127.0.0.1:${port}/slow?token=secret`, { timeoutMs: 200 }),
    ).rejects.toMatchObject({
      kind: 'passing',
      message: `http://127.0.0.1:${port}/slow did not answer within 0 s.`,
    });
  });

  it('takes an answer of just the size that it may have', async () => {
    const text = 'ä'.repeat(500);
    const port = await listening(
      createHttp((_request, response) =>
        response.writeHead(200, { connection: 'close' }).end(text),
      ),
    );
    expect((await ask(`http://127.0.0.1:${port}/`)).text).toBe(text);
    await expect(ask(`http://127.0.0.1:${port}/`, { bytesMax: 999 })).rejects.toMatchObject({
      kind: 'final',
    });
  });
});
