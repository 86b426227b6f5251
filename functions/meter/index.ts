import { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { duckdbMeteringEngine } from '../../lib/adapters/duckdb/day-usage.ts';
import { engineLimits } from '../../lib/adapters/duckdb/engine-limits.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbLakeIndex } from '../../lib/adapters/dynamodb/lake-index.ts';
import { dynamodbPartitions } from '../../lib/adapters/dynamodb/partitions.ts';
import { dynamodbRetractions } from '../../lib/adapters/dynamodb/retractions.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { dynamodbUsageTotals } from '../../lib/adapters/dynamodb/usage-totals.ts';
import { scratchFolder } from '../../lib/adapters/node/scratch-folder.ts';
import { timerRepeater } from '../../lib/adapters/node/timer-repeater.ts';
import { s3Client } from '../../lib/adapters/s3/client.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { meterHandler } from './meter.ts';

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    LAKE_BUCKET: z.string().min(1),
    LEASE_SECONDS: z.coerce.number().int().min(1),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().min(256).default(1_536),
  })
  .parse(process.env);

const table = { client: documentClient(), name: env.TABLE_NAME };
const logger = new Logger({ serviceName: 'meter' });

export const handler = meterHandler({
  partitions: dynamodbPartitions(table),
  lakeIndex: dynamodbLakeIndex(table),
  lake: s3ObjectStore({ client: s3Client(), name: env.LAKE_BUCKET }),
  configuration: dynamodbConfigStore(table),
  totals: dynamodbUsageTotals(table),
  engine: duckdbMeteringEngine(engineLimits(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE)),
  scratch: scratchFolder(),
  retractions: dynamodbRetractions(table),
  every: timerRepeater(),
  now: () => new Date(),
  leaseSeconds: env.LEASE_SECONDS,
  log: (message, details) => logger.info(message, details),
});
