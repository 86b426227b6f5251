import { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { engineLimits } from '../../lib/adapters/duckdb/engine-limits.ts';
import { duckdbSurveyEngine } from '../../lib/adapters/duckdb/survey-engine.ts';
import { dynamodbCapacityStore } from '../../lib/adapters/dynamodb/capacity-store.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbLakeIndex } from '../../lib/adapters/dynamodb/lake-index.ts';
import { dynamodbRetractions } from '../../lib/adapters/dynamodb/retractions.ts';
import { dynamodbSurveyStore } from '../../lib/adapters/dynamodb/survey-store.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { scratchFolder } from '../../lib/adapters/node/scratch-folder.ts';
import { s3Client } from '../../lib/adapters/s3/client.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { surveyHandler } from './survey.ts';

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    LAKE_BUCKET: z.string().min(1),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().min(256).default(1_536),
  })
  .parse(process.env);

const table = { client: documentClient(), name: env.TABLE_NAME };
const logger = new Logger({ serviceName: 'survey' });

export const handler = surveyHandler({
  configuration: dynamodbConfigStore(table),
  capacity: dynamodbCapacityStore(table),
  lakeIndex: dynamodbLakeIndex(table),
  retractions: dynamodbRetractions(table),
  lake: s3ObjectStore({ client: s3Client(), name: env.LAKE_BUCKET }),
  engine: duckdbSurveyEngine(engineLimits(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE)),
  surveys: dynamodbSurveyStore(table),
  scratch: scratchFolder(),
  now: () => new Date(),
  log: (message, details) => logger.info(message, details),
});
