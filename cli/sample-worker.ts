import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { httpClient } from './client.ts';
import type { Io } from './io.ts';
import { putWithRetry } from './put-file.ts';
import { putVersioned } from './put-versioned.ts';
import { loadSample, type SampleTarget } from './sample/load-sample.ts';
import type { SampleOrder, SampleReport } from './sample-loader.ts';

const order = workerData as SampleOrder;
const report = (one: SampleReport): void => parentPort?.postMessage(one);
const say = (text: string): void => report({ type: 'said', text });

const io: Io = {
  out: async (text) => say(text),
  err: say,
  stdin: Readable.from([]),
  outIsTerminal: false,
  errIsTerminal: order.errIsTerminal,
  color: false,
  env: {},
  cwd: '/',
  now: () => new Date(order.startedAt),
  sleep: (ms) => sleep(ms),
};

const client = httpClient(async () => order.url, { actor: 'sample', io });

/** Through the API, as anyone's data. */
const target: SampleTarget = {
  call: async (method, path, body) => {
    if (method === 'PUT') return (await putVersioned(client, path, body)).body;
    const repeatable = path === '/v1/uploads';
    const request = body === undefined ? {} : { body, repeatable };
    return (await client.send(method, path, request)).body;
  },
  upload: (url, body) => putWithRetry(url, [body], io.sleep),
};

try {
  await loadSample(target, io);
  report({ type: 'loaded' });
} catch (error) {
  report({ type: 'failed', reason: error instanceof Error ? error.message : String(error) });
}
