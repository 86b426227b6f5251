import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { PullRequests } from '../../ports/sources.ts';

export function sqsPullRequests(client: SQSClient, queueUrl: string): PullRequests {
  return {
    async request(pull, delaySeconds = 0) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          DelaySeconds: delaySeconds,
          MessageBody: JSON.stringify(pull),
        }),
      );
    },
  };
}
