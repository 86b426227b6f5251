import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sqsClient, sqsMessages } from '../../../lib/adapters/sqs/messages.ts';
import type { Messages } from '../../../lib/ports/messages.ts';
import { useLocalCredentials } from '../../contract/embedded.ts';

let server: FauxqsServer;
let messages: Messages;

beforeAll(async () => {
  useLocalCredentials();
  server = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  process.env['AWS_ENDPOINT_URL_SQS'] = `http://127.0.0.1:${server.port}`;
  const urlOf = (name: string) =>
    server
      .createQueue(name, { region: 'eu-central-1' })
      .queueUrl.replace(/\/\/[^/]+/, `//127.0.0.1:${server.port}`);
  messages = sqsMessages(sqsClient(), {
    queues: { wakeup: urlOf('wakeup'), landing: urlOf('landing'), export: urlOf('export') },
    landingBucket: 'landing-bucket',
  });
});
afterAll(() => server.stop());

it('wakes metering after the delay, a quarter of an hour at most', async () => {
  await messages.wakeMetering(4.2);
  await messages.wakeMetering(100_000);
  const { delayed } = server.inspectQueue('wakeup')?.messages ?? { delayed: [] };
  expect(delayed.length).toBe(2);
  const waits = delayed.map(({ delayUntil, sentTimestamp }) =>
    Math.round(((delayUntil ?? 0) - sentTimestamp) / 1_000),
  );
  expect(waits.toSorted((a, b) => a - b)).toEqual([5, 900]);
});

it('offers landing objects as S3 itself would tell of them', async () => {
  const objects = Array.from({ length: 23 }, (_, index) => ({
    key: `region=west/2026-10-05/a b+${index}/ä.json`,
    sizeBytes: index,
  }));
  await messages.offerLandingObjects(objects);
  const { ready } = server.inspectQueue('landing')?.messages ?? { ready: [] };
  const offered = ready.map(({ body }) => {
    const [record] = JSON.parse(body).Records;
    expect(record).toMatchObject({
      eventSource: 'aws:s3',
      s3: { bucket: { name: 'landing-bucket' } },
    });
    return {
      key: decodeURIComponent(record.s3.object.key.replaceAll('+', ' ')),
      sizeBytes: record.s3.object.size,
    };
  });
  expect(offered.toSorted((a, b) => a.sizeBytes - b.sizeBytes)).toEqual(objects);
});

it('starts an export by the id of its job', async () => {
  await messages.startUsageExport('job-1');
  const { ready } = server.inspectQueue('export')?.messages ?? { ready: [] };
  expect(ready.map(({ body }) => JSON.parse(body))).toEqual([{ jobId: 'job-1' }]);
});

it('tells which queue it was not given', async () => {
  const none = sqsMessages(sqsClient(), { queues: {} });
  await expect(none.startUsageExport('job-1')).rejects.toThrow('no URL of the queue "export"');
});
