import { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { dynamodbBillStore } from '../../lib/adapters/dynamodb/bill-store.ts';
import { dynamodbCapacityStore } from '../../lib/adapters/dynamodb/capacity-store.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbForecastStore } from '../../lib/adapters/dynamodb/forecast-store.ts';
import { dynamodbImportedDemand } from '../../lib/adapters/dynamodb/imported-demand.ts';
import { dynamodbLakeIndex } from '../../lib/adapters/dynamodb/lake-index.ts';
import { dynamodbLedger } from '../../lib/adapters/dynamodb/ledger.ts';
import { dynamodbPartitions } from '../../lib/adapters/dynamodb/partitions.ts';
import { dynamodbRatedDays } from '../../lib/adapters/dynamodb/rated-days.ts';
import { dynamodbRegions } from '../../lib/adapters/dynamodb/regions.ts';
import { dynamodbRetractions } from '../../lib/adapters/dynamodb/retractions.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { s3Client } from '../../lib/adapters/s3/client.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { sqsClient, sqsMessages } from '../../lib/adapters/sqs/messages.ts';
import { rebuildHandler } from './rebuild.ts';

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    LAKE_BUCKET: z.string().min(1),
    DOCUMENTS_BUCKET: z.string().min(1),
    WAKEUP_QUEUE_URL: z.string().min(1),
    /** Well below the function's timeout: a page of objects is finished first. */
    BUDGET_SECONDS: z.coerce.number().int().min(1).default(600),
  })
  .parse(process.env);

const table = { client: documentClient(), name: env.TABLE_NAME };
const objects = s3Client();
const logger = new Logger({ serviceName: 'rebuild' });

export const handler = rebuildHandler({
  lake: s3ObjectStore({ client: objects, name: env.LAKE_BUCKET }),
  documents: s3ObjectStore({ client: objects, name: env.DOCUMENTS_BUCKET }),
  configuration: dynamodbConfigStore(table),
  regions: dynamodbRegions(table),
  lakeIndex: dynamodbLakeIndex(table),
  ledger: dynamodbLedger(table),
  partitions: dynamodbPartitions(table),
  retractions: dynamodbRetractions(table),
  capacity: dynamodbCapacityStore(table),
  importedDemand: dynamodbImportedDemand(table),
  ratedDays: dynamodbRatedDays(table),
  forecasts: dynamodbForecastStore(table),
  bills: dynamodbBillStore(table),
  messages: sqsMessages(sqsClient(), { queues: { wakeup: env.WAKEUP_QUEUE_URL } }),
  now: () => new Date(),
  budgetSeconds: env.BUDGET_SECONDS,
  log: (message, details) => logger.info(message, details),
});
