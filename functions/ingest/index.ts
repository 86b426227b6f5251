import { tmpdir } from 'node:os';
import { Logger } from '@aws-lambda-powertools/logger';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { duckdbSampleParts, stagingMemoryMib } from '../../lib/adapters/duckdb/sample-parts.ts';
import { dynamodbCapacityStore } from '../../lib/adapters/dynamodb/capacity-store.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbImportedDemand } from '../../lib/adapters/dynamodb/imported-demand.ts';
import { dynamodbLakeIndex } from '../../lib/adapters/dynamodb/lake-index.ts';
import { dynamodbLedger } from '../../lib/adapters/dynamodb/ledger.ts';
import { dynamodbPartitions } from '../../lib/adapters/dynamodb/partitions.ts';
import { dynamodbRatedDays } from '../../lib/adapters/dynamodb/rated-days.ts';
import { dynamodbRegions } from '../../lib/adapters/dynamodb/regions.ts';
import { dynamodbRetractions } from '../../lib/adapters/dynamodb/retractions.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { nodeByteWork } from '../../lib/adapters/node/byte-work.ts';
import { s3Client } from '../../lib/adapters/s3/client.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import {
  secretsManagerClient,
  secretsManagerStore,
} from '../../lib/adapters/secrets-manager/secret-store.ts';
import { sqsClient, sqsMessages } from '../../lib/adapters/sqs/messages.ts';
import { DEFAULT_LIMITS } from '../../lib/ingest/limits.ts';
import { telemetrySecrets } from '../../lib/ingest/telemetry-secret.ts';
import { ratedHistory } from '../../lib/rated-history/rated-history.ts';
import {
  capacityWithRecords,
  demandWithRecords,
  ledgerWithRecords,
} from '../../lib/rebuild/keep-records.ts';
import { ingestHandler } from './ingest.ts';

const MIB = 1_048_576;

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    LANDING_BUCKET: z.string().min(1),
    LAKE_BUCKET: z.string().min(1),
    WAKEUP_QUEUE_URL: z.string().min(1),
    WAKEUP_DELAY_SECONDS: z.coerce.number().int().min(0),
    NEIGHBOUR_DELAY_SECONDS: z.coerce.number().int().min(0),
    /** Settings that the messages about inflation name. */
    INFLATED_MIB_MAX: z.coerce
      .number()
      .int()
      .min(1)
      .default(DEFAULT_LIMITS.inflatedBytesMax / MIB),
    INFLATION_RATIO_MAX: z.coerce.number().min(1).default(DEFAULT_LIMITS.inflationRatioMax),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().min(256).default(1_536),
  })
  .parse(process.env);

const table = { client: documentClient(), name: env.TABLE_NAME };
const objects = s3Client();
const lake = s3ObjectStore({ client: objects, name: env.LAKE_BUCKET });
const logger = new Logger({ serviceName: 'ingest' });
const memoryLimitMib = stagingMemoryMib(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE);

const ingest = ingestHandler({
  ports: {
    landing: s3ObjectStore({ client: objects, name: env.LANDING_BUCKET }),
    lake,
    ledger: ledgerWithRecords(dynamodbLedger(table), lake),
    lakeIndex: dynamodbLakeIndex(table),
    partitions: dynamodbPartitions(table),
    messages: sqsMessages(sqsClient(), { queues: { wakeup: env.WAKEUP_QUEUE_URL } }),
    regions: dynamodbRegions(table),
    config: dynamodbConfigStore(table),
    capacity: capacityWithRecords(dynamodbCapacityStore(table), lake),
    importedDemand: demandWithRecords(dynamodbImportedDemand(table), lake),
    ratedHistory: ratedHistory({
      lake,
      days: dynamodbRatedDays(table),
      retractions: dynamodbRetractions(table),
    }),
    sampleParts: duckdbSampleParts({ directory: tmpdir(), memoryLimitMib }),
    bytes: nodeByteWork(),
    now: () => new Date(),
    limits: {
      ...DEFAULT_LIMITS,
      inflatedBytesMax: env.INFLATED_MIB_MAX * MIB,
      inflationRatioMax: env.INFLATION_RATIO_MAX,
    },
    telemetrySecret: telemetrySecrets({
      config: dynamodbConfigStore(table),
      secrets: secretsManagerStore(secretsManagerClient()),
      now: () => new Date(),
    }),
    delays: {
      wakeupSeconds: env.WAKEUP_DELAY_SECONDS,
      neighbourSeconds: env.NEIGHBOUR_DELAY_SECONDS,
    },
  },
  logError: (message, details) => logger.error(message, details),
});

export const handler = middy<SQSEvent, SQSBatchResponse>()
  .onError(({ error }) => {
    logger.error('The batch failed as a whole', { error: error ?? new Error('unknown') });
  })
  .handler(ingest);
