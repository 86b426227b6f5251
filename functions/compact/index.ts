import { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { engineLimits } from '../../lib/adapters/duckdb/engine-limits.ts';
import { duckdbPartMerger } from '../../lib/adapters/duckdb/part-merger.ts';
import { dynamodbLakeIndex } from '../../lib/adapters/dynamodb/lake-index.ts';
import { dynamodbPartitions } from '../../lib/adapters/dynamodb/partitions.ts';
import { dynamodbRegions } from '../../lib/adapters/dynamodb/regions.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { scratchFolder } from '../../lib/adapters/node/scratch-folder.ts';
import { s3Client } from '../../lib/adapters/s3/client.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { compactHandler } from './compact.ts';

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    LAKE_BUCKET: z.string().min(1),
    /** A day with more parts is compacted. */
    PARTS_MAX: z.coerce.number().int().min(1).default(16),
    MIN_AGE_SECONDS: z.coerce.number().int().min(0).default(3_600),
    /** Longer than any function runs that may have listed the old parts. */
    GRACE_SECONDS: z.coerce.number().int().min(0).default(86_400),
    BUDGET_SECONDS: z.coerce.number().int().min(1).default(600),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().min(256).default(1_536),
  })
  .parse(process.env);

const table = { client: documentClient(), name: env.TABLE_NAME };
const logger = new Logger({ serviceName: 'compact' });
const { memoryLimitMib } = engineLimits(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE);

export const handler = compactHandler({
  regions: dynamodbRegions(table),
  partitions: dynamodbPartitions(table),
  lakeIndex: dynamodbLakeIndex(table),
  lake: s3ObjectStore({ client: s3Client(), name: env.LAKE_BUCKET }),
  merger: duckdbPartMerger({ memoryLimitMib }),
  scratch: scratchFolder(),
  now: () => new Date(),
  partsMax: env.PARTS_MAX,
  minAgeSeconds: env.MIN_AGE_SECONDS,
  graceSeconds: env.GRACE_SECONDS,
  budgetSeconds: env.BUDGET_SECONDS,
  log: (message, details) => logger.info(message, details),
  logError: (message, details) => logger.error(message, details),
});
