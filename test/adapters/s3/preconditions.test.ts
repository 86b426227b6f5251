import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { s3Client } from '../../../lib/adapters/s3/client.ts';
import { s3ObjectStore } from '../../../lib/adapters/s3/object-store.ts';
import type { ObjectStore } from '../../../lib/ports/object-store.ts';
import { useLocalCredentials } from '../../contract/embedded.ts';

/** S3's answers to conditional puts, which the embedded S3 does not give. */
let answers: ((request: IncomingMessage, response: ServerResponse) => void)[];
let requests: string[];
let server: Server;
let store: ObjectStore;

beforeEach(async () => {
  useLocalCredentials();
  answers = [];
  requests = [];
  server = createServer((request, response) => {
    requests.push(`${request.method} ${request.headers['if-none-match'] ?? '-'}`);
    request.resume().on('end', () => answers.shift()?.(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL_S3'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  store = s3ObjectStore({ client: s3Client(), name: 'documents' });
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

const refuse = (status: number, code: string) => (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
};
const give = (body: string) => (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(200, { 'content-length': body.length });
  response.end(body);
};

it('refuses to put over other bytes', async () => {
  answers = [refuse(412, 'PreconditionFailed'), give('another bill')];
  await expect(
    store.put('bills/a.json', Buffer.from('this bill'), { ifAbsent: true }),
  ).rejects.toMatchObject({ kind: 'conflict' });
  expect(requests).toEqual(['PUT *', 'GET -']);
});

it('takes its own bytes for its own put, whose answer was lost', async () => {
  answers = [refuse(412, 'PreconditionFailed'), give('this bill')];
  await store.put('bills/a.json', Buffer.from('this bill'), { ifAbsent: true });
  expect(requests).toEqual(['PUT *', 'GET -']);
});

it('tries again when another put races', async () => {
  answers = [refuse(409, 'ConditionalRequestConflict'), give('')];
  await store.put('bills/a.json', Buffer.from('this bill'), { ifAbsent: true });
  expect(requests).toEqual(['PUT *', 'PUT *']);
});

it('asks for no precondition where none is needed', async () => {
  answers = [give('')];
  await store.put('usage.parquet', Buffer.from('x'));
  expect(requests).toEqual(['PUT -']);
});
