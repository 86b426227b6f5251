import { setTimeout } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { dynamodbAuditLog } from '../../lib/adapters/dynamodb/audit-log.ts';
import { dynamodbBillStore } from '../../lib/adapters/dynamodb/bill-store.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbLakeIndex } from '../../lib/adapters/dynamodb/lake-index.ts';
import { dynamodbLedger } from '../../lib/adapters/dynamodb/ledger.ts';
import { dynamodbPartitions } from '../../lib/adapters/dynamodb/partitions.ts';
import { dynamodbRegions } from '../../lib/adapters/dynamodb/regions.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { dynamodbUsageTotals } from '../../lib/adapters/dynamodb/usage-totals.ts';
import { s3Client } from '../../lib/adapters/s3/client.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { billsWithRecords } from '../../lib/rebuild/keep-records.ts';
import { closeHandler } from './close.ts';

const env = z
  .object({ TABLE_NAME: z.string().min(1), DOCUMENTS_BUCKET: z.string().min(1) })
  .parse(process.env);

/** An ingest in flight ends within seconds; somebody waits for the answer. */
const PATIENCE_SECONDS = 20;

const table = { client: documentClient(), name: env.TABLE_NAME };
const documents = s3ObjectStore({ client: s3Client(), name: env.DOCUMENTS_BUCKET });
const logger = new Logger({ serviceName: 'close' });

export const handler = closeHandler({
  bills: billsWithRecords(dynamodbBillStore(table), documents),
  regions: dynamodbRegions(table),
  ledger: dynamodbLedger(table),
  partitions: dynamodbPartitions(table),
  lakeIndex: dynamodbLakeIndex(table),
  totals: dynamodbUsageTotals(table),
  configuration: dynamodbConfigStore(table),
  audit: dynamodbAuditLog(table),
  documents,
  now: () => new Date(),
  patienceSeconds: PATIENCE_SECONDS,
  wait: (seconds) => setTimeout(seconds * 1_000),
  log: (message, details) => logger.info(message, details),
});
