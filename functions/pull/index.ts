import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbSourceStates } from '../../lib/adapters/dynamodb/source-states.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { nodeByteWork } from '../../lib/adapters/node/byte-work.ts';
import { timerRepeater } from '../../lib/adapters/node/timer-repeater.ts';
import { openStackSessions } from '../../lib/adapters/openstack/session.ts';
import { s3Client } from '../../lib/adapters/s3/client.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import {
  secretsManagerClient,
  secretsManagerStore,
} from '../../lib/adapters/secrets-manager/secret-store.ts';
import { sqsClient } from '../../lib/adapters/sqs/messages.ts';
import { sqsPullRequests } from '../../lib/adapters/sqs/pull-requests.ts';
import { pullHandler } from './pull.ts';

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    LANDING_BUCKET: z.string().min(1),
    PULL_QUEUE_URL: z.string().min(1),
  })
  .parse(process.env);

const table = { client: documentClient(), name: env.TABLE_NAME };
const logger = new Logger({ serviceName: 'pull' });
const zip = promisify(gzip);
const now = () => new Date();

export const handler = pullHandler({
  ports: {
    states: dynamodbSourceStates(table),
    secrets: secretsManagerStore(secretsManagerClient()),
    openSession: openStackSessions(now),
    landing: s3ObjectStore({ client: s3Client(), name: env.LANDING_BUCKET }),
    bytes: nodeByteWork(),
    gzip: (text) => zip(text),
    every: timerRepeater(),
    now,
    sleep: async (seconds) => {
      await setTimeout(seconds * 1_000);
    },
    random: Math.random,
    logError: (message, details) => logger.error(message, details),
    // The alarm on failing sources finds this very message in the log.
    logFailing: (failing) => logger.error('A source fails again and again', { failing }),
  },
  configuration: dynamodbConfigStore(table),
  requests: sqsPullRequests(sqsClient(), env.PULL_QUEUE_URL),
  uuid: randomUUID,
});
