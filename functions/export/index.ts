import { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { engineLimits } from '../../lib/adapters/duckdb/engine-limits.ts';
import { duckdbUsageSums } from '../../lib/adapters/duckdb/usage-sums.ts';
import { dynamodbJobStore } from '../../lib/adapters/dynamodb/job-store.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { scratchFolder } from '../../lib/adapters/node/scratch-folder.ts';
import { s3Client } from '../../lib/adapters/s3/client.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { exportHandler } from './export.ts';

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    LAKE_BUCKET: z.string().min(1),
    DOCUMENTS_BUCKET: z.string().min(1),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().min(256).default(1_536),
  })
  .parse(process.env);

const objects = s3Client();
const logger = new Logger({ serviceName: 'export' });

export const handler = exportHandler({
  jobs: dynamodbJobStore({ client: documentClient(), name: env.TABLE_NAME }),
  lake: s3ObjectStore({ client: objects, name: env.LAKE_BUCKET }),
  documents: s3ObjectStore({ client: objects, name: env.DOCUMENTS_BUCKET }),
  sums: duckdbUsageSums(engineLimits(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE)),
  scratch: scratchFolder(),
  now: () => new Date(),
  log: (message, details) => logger.info(message, details),
  logError: (message, { error }) => logger.error(message, { error }),
});
