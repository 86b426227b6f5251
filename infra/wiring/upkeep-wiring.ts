import type { FunctionName } from '../function-catalogue.ts';
import { deleteObjects, listObjects, readObjects, writeObjects } from '../grants/bucket-grants.ts';
import { send } from '../grants/queue-grants.ts';
import { readItems, writeItems } from '../grants/table-grants.ts';
import { type DataResources, FAILURES, type Wiring } from './wiring.ts';

/** What keeps the lake in order, and makes the table again from S3. */
export function upkeepWiring({ state, wakeup }: DataResources) {
  const { table, lake, documents, documentsKeyArn } = state;
  return {
    compact: {
      environment: { TABLE_NAME: table.name, LAKE_BUCKET: lake.name },
      grants: [
        readObjects(lake, ['samples/']),
        writeObjects(lake, ['samples/', 'compactions/']),
        deleteObjects(lake, ['samples/']),
        listObjects(lake),
        readItems(table.arn),
        writeItems(table.arn, ['PARTS#*']),
      ],
      failuresShowIn: FAILURES.schedule,
    },
    rebuild: {
      environment: {
        TABLE_NAME: table.name,
        LAKE_BUCKET: lake.name,
        DOCUMENTS_BUCKET: documents.name,
        WAKEUP_QUEUE_URL: wakeup.queue.queueUrl,
      },
      grants: [
        readObjects(lake, RECORDS),
        listObjects(lake),
        readObjects(documents, ['bills/*/records/']),
        listObjects(documents),
        { actions: ['kms:Decrypt'], resources: [documentsKeyArn] },
        readItems(table.arn),
        writeItems(table.arn, RESTORED_ITEMS),
        send(wakeup.queue.queueArn),
      ],
      failuresShowIn: FAILURES.workflow,
    },
  } satisfies Partial<Record<FunctionName, Wiring>>;
}

const RECORDS = [
  'manifests/',
  'compactions/',
  'retractions/',
  'ingests/',
  'capacity/',
  'imported/',
  'rated-history/',
  'forecasts/',
];

/** Everything but configuration, its history, and what expires. */
const RESTORED_ITEMS = [
  'REGIONS',
  'INGEST#*',
  'RUNNING#*',
  'OBJECT#*',
  'PARTITIONS#*',
  'PARTS#*',
  'RETRACTED#*',
  'IMPORTED#*',
  'CAPACITY#*',
  'RATED#*',
  'FORECAST#*',
  'PERIODS',
  'BILLS#*',
  'NUMBERS',
];
