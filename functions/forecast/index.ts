import { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { dynamodbCapacityStore } from '../../lib/adapters/dynamodb/capacity-store.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbForecastStore } from '../../lib/adapters/dynamodb/forecast-store.ts';
import { dynamodbImportedDemand } from '../../lib/adapters/dynamodb/imported-demand.ts';
import { dynamodbRegions } from '../../lib/adapters/dynamodb/regions.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { dynamodbUsageTotals } from '../../lib/adapters/dynamodb/usage-totals.ts';
import { s3Client } from '../../lib/adapters/s3/client.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { forecastHandler } from './forecast.ts';

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    LAKE_BUCKET: z.string().min(1),
    CODE_VERSION: z.string().default('unversioned'),
  })
  .parse(process.env);

const table = { client: documentClient(), name: env.TABLE_NAME };
const logger = new Logger({ serviceName: 'forecast' });

export const handler = forecastHandler({
  regions: dynamodbRegions(table),
  totals: dynamodbUsageTotals(table),
  imported: dynamodbImportedDemand(table),
  capacity: dynamodbCapacityStore(table),
  configuration: dynamodbConfigStore(table),
  forecasts: dynamodbForecastStore(table),
  lake: s3ObjectStore({ client: s3Client(), name: env.LAKE_BUCKET }),
  codeVersion: env.CODE_VERSION,
  now: () => new Date(),
  log: (message, details) => logger.info(message, details),
});
