import * as z from 'zod';
import { dynamodbPartitions } from '../../lib/adapters/dynamodb/partitions.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { sfnClient, sfnWorkflow } from '../../lib/adapters/sfn/workflow.ts';
import { sqsClient, sqsMessages } from '../../lib/adapters/sqs/messages.ts';
import { wakeHandler } from './wake.ts';

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    METERING_STATE_MACHINE_ARN: z.string().min(1),
    WAKEUP_QUEUE_URL: z.string().min(1),
    WAKEUP_DELAY_SECONDS: z.coerce.number().int().min(0),
  })
  .parse(process.env);

export const handler = wakeHandler({
  partitions: dynamodbPartitions({ client: documentClient(), name: env.TABLE_NAME }),
  metering: sfnWorkflow(sfnClient(), env.METERING_STATE_MACHINE_ARN),
  messages: sqsMessages(sqsClient(), { queues: { wakeup: env.WAKEUP_QUEUE_URL } }),
  now: () => new Date(),
  wakeupDelaySeconds: env.WAKEUP_DELAY_SECONDS,
});
