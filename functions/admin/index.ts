import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { dynamodbAuditLog } from '../../lib/adapters/dynamodb/audit-log.ts';
import { dynamodbBillStore } from '../../lib/adapters/dynamodb/bill-store.ts';
import { dynamodbCapacityStore } from '../../lib/adapters/dynamodb/capacity-store.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbImportedDemand } from '../../lib/adapters/dynamodb/imported-demand.ts';
import { dynamodbJobStore } from '../../lib/adapters/dynamodb/job-store.ts';
import { dynamodbLedger } from '../../lib/adapters/dynamodb/ledger.ts';
import { dynamodbNameStore } from '../../lib/adapters/dynamodb/names.ts';
import { dynamodbPartitions } from '../../lib/adapters/dynamodb/partitions.ts';
import { dynamodbRatedDays } from '../../lib/adapters/dynamodb/rated-days.ts';
import { dynamodbRegions } from '../../lib/adapters/dynamodb/regions.ts';
import { dynamodbRetractions } from '../../lib/adapters/dynamodb/retractions.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { nodeByteWork } from '../../lib/adapters/node/byte-work.ts';
import { s3Client } from '../../lib/adapters/s3/client.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { sfnClient, sfnWorkflow } from '../../lib/adapters/sfn/workflow.ts';
import { sqsClient, sqsMessages } from '../../lib/adapters/sqs/messages.ts';
import { sqsPullRequests } from '../../lib/adapters/sqs/pull-requests.ts';
import { ratedHistory } from '../../lib/rated-history/rated-history.ts';
import { ledgerWithRecords } from '../../lib/rebuild/keep-records.ts';
import { apiLog } from '../http/log.ts';
import { adminHandler } from './admin.ts';

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    LANDING_BUCKET: z.string().min(1),
    LAKE_BUCKET: z.string().min(1),
    EXPORT_QUEUE_URL: z.string().min(1),
    PULL_QUEUE_URL: z.string().min(1),
    WAKEUP_QUEUE_URL: z.string().min(1),
    WAKEUP_DELAY_SECONDS: z.coerce.number().int().min(0),
    CLOSE_STATE_MACHINE_ARN: z.string().min(1),
    FORECASTING_STATE_MACHINE_ARN: z.string().min(1),
    REBUILDING_STATE_MACHINE_ARN: z.string().min(1),
  })
  .parse(process.env);

const table = { client: documentClient(), name: env.TABLE_NAME };
const objects = s3Client();
const lake = s3ObjectStore({ client: objects, name: env.LAKE_BUCKET });
const retractions = dynamodbRetractions(table);
const queues = sqsClient();
const stepFunctions = sfnClient();

export const handler = adminHandler(
  {
    configuration: dynamodbConfigStore(table),
    audit: dynamodbAuditLog(table),
    regions: dynamodbRegions(table),
    partitions: dynamodbPartitions(table),
    bills: dynamodbBillStore(table),
    jobs: dynamodbJobStore(table),
    names: dynamodbNameStore(table),
    ledger: ledgerWithRecords(dynamodbLedger(table), lake),
    landing: s3ObjectStore({ client: objects, name: env.LANDING_BUCKET }),
    lake,
    bytes: nodeByteWork(),
    retractions,
    withdrawables: [
      dynamodbImportedDemand(table),
      dynamodbCapacityStore(table),
      ratedHistory({ lake, days: dynamodbRatedDays(table), retractions }),
    ],
    pulls: sqsPullRequests(queues, env.PULL_QUEUE_URL),
    messages: sqsMessages(queues, {
      queues: { export: env.EXPORT_QUEUE_URL, wakeup: env.WAKEUP_QUEUE_URL },
    }),
    closing: sfnWorkflow(stepFunctions, env.CLOSE_STATE_MACHINE_ARN),
    forecasting: sfnWorkflow(stepFunctions, env.FORECASTING_STATE_MACHINE_ARN),
    rebuilding: sfnWorkflow(stepFunctions, env.REBUILDING_STATE_MACHINE_ARN),
    now: () => new Date(),
    uuid: randomUUID,
    wakeupDelaySeconds: env.WAKEUP_DELAY_SECONDS,
  },
  apiLog('admin'),
);
