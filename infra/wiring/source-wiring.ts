import type { FunctionName } from '../function-catalogue.ts';
import { listObjects, readObjects, writeObjects } from '../grants/bucket-grants.ts';
import { consume, send } from '../grants/queue-grants.ts';
import { readSecrets, SECRET_PREFIX } from '../grants/secret-grants.ts';
import { readItems, writeItems } from '../grants/table-grants.ts';
import { type DataResources, FAILURES, type Wiring } from './wiring.ts';

/** Answers of OpenStack into the landing bucket. */
export function sourceWiring({ state, pull }: DataResources) {
  const { table, landing } = state;
  return {
    pull: {
      environment: {
        TABLE_NAME: table.name,
        LANDING_BUCKET: landing.name,
        PULL_QUEUE_URL: pull.queue.queueUrl,
      },
      grants: [
        consume(pull.queue.queueArn),
        send(pull.queue.queueArn),
        readSecrets(pull, SECRET_PREFIX),
        writeObjects(landing, ['region=*/pull/']),
        // An answer that came before is compared with what it left the first time.
        readObjects(landing, ['region=*/pull/']),
        listObjects(landing),
        readItems(table.arn),
        writeItems(table.arn, ['SOURCES']),
      ],
      failuresShowIn: FAILURES.queue,
    },
  } satisfies Partial<Record<FunctionName, Wiring>>;
}
