import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { dynamodbBillStore } from '../../lib/adapters/dynamodb/bill-store.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbJobStore } from '../../lib/adapters/dynamodb/job-store.ts';
import { dynamodbPartitions } from '../../lib/adapters/dynamodb/partitions.ts';
import { dynamodbRegions } from '../../lib/adapters/dynamodb/regions.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { s3Client } from '../../lib/adapters/s3/client.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { sfnClient, sfnWorkflow } from '../../lib/adapters/sfn/workflow.ts';
import { sqsClient, sqsMessages } from '../../lib/adapters/sqs/messages.ts';
import { apiLog } from '../http/log.ts';
import { adminHandler } from './admin.ts';

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    LANDING_BUCKET: z.string().min(1),
    EXPORT_QUEUE_URL: z.string().min(1),
    WAKEUP_QUEUE_URL: z.string().min(1),
    WAKEUP_DELAY_SECONDS: z.coerce.number().int().min(0),
    CLOSE_STATE_MACHINE_ARN: z.string().min(1),
    FORECASTING_STATE_MACHINE_ARN: z.string().min(1),
  })
  .parse(process.env);

const table = { client: documentClient(), name: env.TABLE_NAME };
const stepFunctions = sfnClient();

export const handler = adminHandler(
  {
    configuration: dynamodbConfigStore(table),
    regions: dynamodbRegions(table),
    partitions: dynamodbPartitions(table),
    bills: dynamodbBillStore(table),
    jobs: dynamodbJobStore(table),
    landing: s3ObjectStore({ client: s3Client(), name: env.LANDING_BUCKET }),
    messages: sqsMessages(sqsClient(), {
      queues: { export: env.EXPORT_QUEUE_URL, wakeup: env.WAKEUP_QUEUE_URL },
    }),
    closing: sfnWorkflow(stepFunctions, env.CLOSE_STATE_MACHINE_ARN),
    forecasting: sfnWorkflow(stepFunctions, env.FORECASTING_STATE_MACHINE_ARN),
    now: () => new Date(),
    uuid: randomUUID,
    wakeupDelaySeconds: env.WAKEUP_DELAY_SECONDS,
  },
  apiLog('admin'),
);
