import type { Grant } from './grant.ts';

export function consume(queueArn: string): Grant {
  return {
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    resources: [queueArn],
  };
}

export function send(queueArn: string): Grant {
  return { actions: ['sqs:SendMessage'], resources: [queueArn] };
}
