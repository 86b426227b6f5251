import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { assert } from '../../assert.ts';
import { ProblemError } from '../../errors.ts';
import type { Messages } from '../../ports/messages.ts';

/** URLs of the queues that the function sends to; it uses no other. */
export interface QueueUrls {
  readonly wakeup?: string;
  readonly landing?: string;
  readonly export?: string;
}

/** SQS delays a message by 15 minutes at most. */
const DELAY_SECONDS_MAX = 900;
const BATCH_MAX = 10;
const BATCH_ATTEMPTS_MAX = 5;

export function sqsClient(): SQSClient {
  return new SQSClient({
    maxAttempts: 6,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
    },
  });
}

export function sqsMessages(
  client: SQSClient,
  { queues, landingBucket }: { readonly queues: QueueUrls; readonly landingBucket?: string },
): Messages {
  return {
    async wakeMetering(delaySeconds) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: urlOf(queues, 'wakeup'),
          DelaySeconds: Math.min(Math.ceil(delaySeconds), DELAY_SECONDS_MAX),
          MessageBody: '{}',
        }),
      );
    },
    async offerLandingObjects(objects) {
      assert(landingBucket !== undefined, 'whoever offers landing objects names their bucket');
      for (let start = 0; start < objects.length; start += BATCH_MAX) {
        const entries = objects.slice(start, start + BATCH_MAX).map((object, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify(objectCreated(landingBucket, object)),
        }));
        await sendAll(client, urlOf(queues, 'landing'), entries);
      }
    },
    async startUsageExport(jobId) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: urlOf(queues, 'export'),
          MessageBody: JSON.stringify({ jobId }),
        }),
      );
    },
  };
}

function urlOf(queues: QueueUrls, name: keyof QueueUrls): string {
  const url = queues[name];
  assert(url !== undefined, `this function was given no URL of the queue "${name}"`);
  return url;
}

/** As S3 itself would have told it: keys are URL-encoded, with `+` for a blank. */
function objectCreated(
  bucket: string,
  { key, sizeBytes }: { readonly key: string; readonly sizeBytes: number },
) {
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        eventName: 'ObjectCreated:Put',
        s3: {
          bucket: { name: bucket },
          object: {
            key: encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/'),
            size: sizeBytes,
          },
        },
      },
    ],
  };
}

async function sendAll(
  client: SQSClient,
  queueUrl: string,
  entries: readonly SendMessageBatchRequestEntry[],
): Promise<void> {
  let left = [...entries];
  for (let attempt = 1; attempt <= BATCH_ATTEMPTS_MAX; attempt += 1) {
    const answer = await client.send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: left }),
    );
    const failed = new Set((answer.Failed ?? []).map(({ Id }) => Id));
    left = left.filter(({ Id }) => failed.has(Id));
    if (left.length === 0) return;
  }
  throw new ProblemError(
    'busy',
    `SQS took ${left.length} messages less than it was given. Try again.`,
  );
}
