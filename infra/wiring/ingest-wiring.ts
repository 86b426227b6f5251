import type { FunctionName } from '../function-catalogue.ts';
import { listObjects, readObjects, writeObjects } from '../grants/bucket-grants.ts';
import { consume, send } from '../grants/queue-grants.ts';
import { readSecrets, SECRET_PREFIX } from '../grants/secret-grants.ts';
import { readItems, writeItems } from '../grants/table-grants.ts';
import { type DataResources, FAILURES, type Wiring } from './wiring.ts';

/** Landing objects into the lake. */
export function ingestWiring({ stage, state, wakeup }: DataResources) {
  const { table, landing, lake, landingQueue } = state;
  return {
    samples: {
      environment: { LANDING_BUCKET: landing.name },
      grants: [
        writeObjects(landing, ['region=*/http/']),
        // A post that is sent again is compared with what it left the first time.
        readObjects(landing, ['region=*/http/']),
      ],
      failuresShowIn: FAILURES.api,
    },
    ingest: {
      environment: {
        TABLE_NAME: table.name,
        LANDING_BUCKET: landing.name,
        LAKE_BUCKET: lake.name,
        WAKEUP_QUEUE_URL: wakeup.queue.queueUrl,
        WAKEUP_DELAY_SECONDS: String(stage.wakeupDelaySeconds),
        NEIGHBOUR_DELAY_SECONDS: String(stage.neighbourDelaySeconds),
      },
      grants: [
        consume(landingQueue.arn),
        send(wakeup.queue.queueArn),
        readSecrets(wakeup, SECRET_PREFIX),
        readObjects(landing, ['region=']),
        listObjects(landing),
        writeObjects(lake, WRITTEN_PREFIXES),
        // A day of rated history is counted from all its rows.
        readObjects(lake, ['rated-history/']),
        listObjects(lake),
        readItems(table.arn),
        writeItems(table.arn, WRITTEN_ITEMS),
      ],
      failuresShowIn: FAILURES.queue,
    },
    sweep: {
      environment: {
        TABLE_NAME: table.name,
        LANDING_BUCKET: landing.name,
        LANDING_QUEUE_URL: landingQueue.url,
        SWEEP_GRACE_SECONDS: String(stage.sweepGraceSeconds),
        SWEEP_LISTED_MAX: String(stage.sweepListedMax),
      },
      grants: [
        readItems(table.arn),
        writeItems(table.arn, ['SWEEP']),
        listObjects(landing),
        send(landingQueue.arn),
      ],
      failuresShowIn: FAILURES.schedule,
    },
  } satisfies Partial<Record<FunctionName, Wiring>>;
}

/** Of the lake: rows, and what the table can be made from again. */
const WRITTEN_PREFIXES = [
  'samples/',
  'manifests/',
  'quarantine/',
  'capacity/',
  'imported/',
  'ingests/',
  'rated-history/',
];

const WRITTEN_ITEMS = [
  'REGIONS',
  'INGEST#*',
  'RUNNING#*',
  'OBJECT#*',
  'PARTITIONS#*',
  'PARTS#*',
  'IMPORTED#*',
  'CAPACITY#*',
  'RATED#*',
];
