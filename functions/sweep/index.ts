import * as z from 'zod';
import { dynamodbLedger } from '../../lib/adapters/dynamodb/ledger.ts';
import { dynamodbSweepProgress } from '../../lib/adapters/dynamodb/sweep-progress.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { s3Client } from '../../lib/adapters/s3/client.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { sqsClient, sqsMessages } from '../../lib/adapters/sqs/messages.ts';
import { sweepHandler } from './sweep.ts';

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    LANDING_BUCKET: z.string().min(1),
    LANDING_QUEUE_URL: z.string().min(1),
    SWEEP_DAYS: z.coerce.number().int().min(1).default(7),
    SWEEP_LISTED_MAX: z.coerce.number().int().min(1),
    /** A message may wait through its retries before the sweep offers its object again. */
    SWEEP_GRACE_SECONDS: z.coerce.number().int().min(0),
  })
  .parse(process.env);

const table = { client: documentClient(), name: env.TABLE_NAME };

export const handler = sweepHandler({
  landing: s3ObjectStore({ client: s3Client(), name: env.LANDING_BUCKET }),
  ledger: dynamodbLedger(table),
  messages: sqsMessages(sqsClient(), {
    queues: { landing: env.LANDING_QUEUE_URL },
    landingBucket: env.LANDING_BUCKET,
  }),
  progress: dynamodbSweepProgress(table),
  now: () => new Date(),
  days: env.SWEEP_DAYS,
  graceSeconds: env.SWEEP_GRACE_SECONDS,
  listedMax: env.SWEEP_LISTED_MAX,
});
