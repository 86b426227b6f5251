import { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { engineLimits } from '../../lib/adapters/duckdb/engine-limits.ts';
import { duckdbMonthUsage } from '../../lib/adapters/duckdb/month-usage.ts';
import { dynamodbAuditLog } from '../../lib/adapters/dynamodb/audit-log.ts';
import { dynamodbBillStore } from '../../lib/adapters/dynamodb/bill-store.ts';
import { dynamodbBudgetStates } from '../../lib/adapters/dynamodb/budget-states.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbNameStore } from '../../lib/adapters/dynamodb/names.ts';
import { dynamodbPartitions } from '../../lib/adapters/dynamodb/partitions.ts';
import { dynamodbRegions } from '../../lib/adapters/dynamodb/regions.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { eventBridgeClient, eventBridgeEvents } from '../../lib/adapters/eventbridge/events.ts';
import { sha256OfFile } from '../../lib/adapters/node/file-digest.ts';
import { scratchFolder } from '../../lib/adapters/node/scratch-folder.ts';
import { s3Client } from '../../lib/adapters/s3/client.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { billsWithRecords } from '../../lib/rebuild/keep-records.ts';
import { rateHandler } from './rate.ts';

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    EVENT_BUS_NAME: z.string().min(1),
    LAKE_BUCKET: z.string().min(1),
    DOCUMENTS_BUCKET: z.string().min(1),
    CODE_VERSION: z.string().default('unversioned'),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().min(256).default(1_536),
  })
  .parse(process.env);

const table = { client: documentClient(), name: env.TABLE_NAME };
const objects = s3Client();
const documents = s3ObjectStore({ client: objects, name: env.DOCUMENTS_BUCKET });
const logger = new Logger({ serviceName: 'rate' });

export const handler = rateHandler({
  bills: billsWithRecords(dynamodbBillStore(table), documents),
  regions: dynamodbRegions(table),
  names: dynamodbNameStore(table),
  partitions: dynamodbPartitions(table),
  configuration: dynamodbConfigStore(table),
  audit: dynamodbAuditLog(table),
  budgets: dynamodbBudgetStates(table),
  events: eventBridgeEvents(eventBridgeClient(), env.EVENT_BUS_NAME),
  lake: s3ObjectStore({ client: objects, name: env.LAKE_BUCKET }),
  documents,
  usage: duckdbMonthUsage(engineLimits(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE)),
  scratch: scratchFolder(),
  sha256OfFile,
  now: () => new Date(),
  codeVersion: env.CODE_VERSION,
  log: (message, details) => logger.info(message, details),
});
