import { listObjects, readObjects, writeObjects } from '../grants/bucket-grants.ts';
import { consume, send } from '../grants/queue-grants.ts';
import { queryIndex, readItems, writeItems } from '../grants/table-grants.ts';
import { describeRuns, listRuns, start } from '../grants/workflow-grants.ts';
import {
  type CallerName,
  type DataResources,
  FAILURES,
  type Wiring,
  type Workflows,
} from './wiring.ts';

/** What a retraction marks, and what it removes. */
const WITHDRAWN_ITEMS = [
  'RETRACTED#*',
  'INGEST#*',
  'OBJECT#*',
  'RUNNING#*',
  'IMPORTED#*',
  'CAPACITY#*',
  'RATED#*',
];

export function callerWiring(
  resources: DataResources,
  { metering, close, forecasting, rebuilding }: Workflows,
): Readonly<Record<CallerName, Wiring>> {
  const { stage, state, wakeup, export: exports, pull } = resources;
  const { table, landing, lake, exports: exported } = state;
  const runs = {
    CLOSE_STATE_MACHINE_ARN: close.stateMachine.stateMachineArn,
    FORECASTING_STATE_MACHINE_ARN: forecasting.stateMachine.stateMachineArn,
    REBUILDING_STATE_MACHINE_ARN: rebuilding.stateMachine.stateMachineArn,
  };
  const followed = [describeRuns(close), describeRuns(forecasting), describeRuns(rebuilding)];
  return {
    read: {
      environment: {
        TABLE_NAME: table.name,
        DOCUMENTS_BUCKET: exported.name,
        LAKE_BUCKET: lake.name,
        ...runs,
      },
      grants: [
        readItems(table.arn),
        queryIndex(table.arn),
        readObjects(exported, ['exports/']),
        readObjects(lake, ['quarantine/']),
        ...followed,
      ],
      failuresShowIn: FAILURES.api,
    },
    admin: {
      environment: {
        TABLE_NAME: table.name,
        LANDING_BUCKET: landing.name,
        LAKE_BUCKET: lake.name,
        EXPORT_QUEUE_URL: exports.queue.queueUrl,
        PULL_QUEUE_URL: pull.queue.queueUrl,
        WAKEUP_QUEUE_URL: wakeup.queue.queueUrl,
        WAKEUP_DELAY_SECONDS: String(stage.wakeupDelaySeconds),
        ...runs,
      },
      grants: [
        readItems(table.arn),
        queryIndex(table.arn),
        writeItems(table.arn, [
          'CONFIG#*',
          'AUDIT',
          'JOB#*',
          'PARTITIONS#*',
          'NAMES#*',
          ...WITHDRAWN_ITEMS,
        ]),
        writeObjects(landing, ['region=*/upload/']),
        // A tombstone that stands is read before another is put; without the list S3 answers 403 where there is none.
        readObjects(lake, ['retractions/', 'quarantine/', 'rated-history/']),
        writeObjects(lake, ['retractions/', 'ingests/']),
        listObjects(lake),
        send(exports.queue.queueArn),
        send(pull.queue.queueArn),
        send(wakeup.queue.queueArn),
        start(close),
        start(forecasting),
        start(rebuilding),
        ...followed,
      ],
      failuresShowIn: FAILURES.api,
    },
    wake: wakeWiring(resources, metering),
  };
}

function wakeWiring(
  { stage, state, wakeup }: DataResources,
  metering: Workflows['metering'],
): Wiring {
  const { table } = state;
  return {
    environment: {
      TABLE_NAME: table.name,
      METERING_STATE_MACHINE_ARN: metering.stateMachine.stateMachineArn,
      WAKEUP_QUEUE_URL: wakeup.queue.queueUrl,
      WAKEUP_DELAY_SECONDS: String(stage.wakeupDelaySeconds),
    },
    grants: [
      consume(wakeup.queue.queueArn),
      send(wakeup.queue.queueArn),
      queryIndex(table.arn),
      start(metering),
      listRuns(metering),
    ],
    failuresShowIn: FAILURES.schedule,
  };
}
