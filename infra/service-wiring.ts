import { listObjects, readObjects, writeObjects } from './bucket-grants.ts';
import type { Grant } from './constructs/grant.ts';
import type { WorkQueue } from './constructs/work-queue.ts';
import type { Workflow } from './constructs/workflow.ts';
import type { FunctionName, FunctionSpec } from './function-catalogue.ts';
import type { SharedState } from './stacks/state-stack.ts';
import type { StageConfig } from './stages.ts';
import { queryIndex, readItems, writeAndDeleteItems, writeItems } from './table-grants.ts';

/** What a function is told and what it may do. */
export interface Wiring {
  readonly environment: Readonly<Record<string, string>>;
  readonly grants: readonly Grant[];
  readonly failuresShowIn: string;
}

export interface DataResources {
  readonly stage: StageConfig;
  readonly specs: Readonly<Record<FunctionName, FunctionSpec>>;
  readonly state: SharedState;
  readonly wakeup: WorkQueue;
  readonly export: WorkQueue;
}

export interface Workflows {
  readonly metering: Workflow;
  readonly close: Workflow;
  readonly forecasting: Workflow;
}

/** Functions that start or watch state machines. */
export type CallerName = 'read' | 'admin' | 'wake';
export type WorkerName = Exclude<FunctionName, CallerName>;

const BY_API = 'the caller gets the error as the answer.';
const BY_QUEUE = 'the queue redelivers, then sets the message aside in its dead-letter queue.';
const BY_WORKFLOW = 'the execution records the error and its alarm tells of it.';
const BY_SCHEDULE =
  'the next run of the schedule does the work, and the alarm on errors tells of it.';

/** Added to the timeout of `meter`: a lease must outlive the function that holds it. */
const LEASE_MARGIN_SECONDS = 10;

export function workerWiring(resources: DataResources): Readonly<Record<WorkerName, Wiring>> {
  return { ...ingestWiring(resources), ...meteringWiring(resources), ...billingWiring(resources) };
}

function ingestWiring({ stage, state, wakeup }: DataResources) {
  const { table, landing, lake, landingQueue } = state;
  return {
    samples: {
      environment: { LANDING_BUCKET: landing.name },
      grants: [writeObjects(landing, ['region=*/http/'])],
      failuresShowIn: BY_API,
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
        readObjects(landing, ['region=']),
        listObjects(landing),
        readObjects(lake, ['samples/', 'manifests/', 'quarantine/', 'capacity/']),
        writeObjects(lake, ['samples/', 'manifests/', 'quarantine/', 'capacity/']),
        listObjects(lake),
        readItems(table.arn),
        queryIndex(table.arn),
        writeItems(table.arn, [
          'REGIONS',
          'INGEST#*',
          'RUNNING#*',
          'OBJECT#*',
          'PARTITIONS#*',
          'PARTS#*',
          'IMPORTED#*',
          'CAPACITY#*',
        ]),
      ],
      failuresShowIn: BY_QUEUE,
    },
    sweep: {
      environment: {
        TABLE_NAME: table.name,
        LANDING_BUCKET: landing.name,
        LANDING_QUEUE_URL: landingQueue.url,
      },
      grants: [readItems(table.arn), listObjects(landing), send(landingQueue.arn)],
      failuresShowIn: BY_SCHEDULE,
    },
  } satisfies Partial<Record<FunctionName, Wiring>>;
}

function meteringWiring({ stage, state }: DataResources) {
  const { table, lake } = state;
  return {
    plan: {
      environment: { TABLE_NAME: table.name },
      grants: [readItems(table.arn), queryIndex(table.arn)],
      failuresShowIn: BY_WORKFLOW,
    },
    meter: {
      environment: {
        TABLE_NAME: table.name,
        LAKE_BUCKET: lake.name,
        LEASE_SECONDS: String(stage.meterTimeoutSeconds + LEASE_MARGIN_SECONDS),
      },
      grants: [
        readObjects(lake, ['samples/', 'usage/']),
        writeObjects(lake, ['usage/']),
        listObjects(lake),
        readItems(table.arn),
        writeAndDeleteItems(table.arn, ['PARTITIONS#*', 'PROJECTDAYS#*', 'REGIONDAYS#*']),
      ],
      failuresShowIn: BY_WORKFLOW,
    },
    forecast: {
      environment: { TABLE_NAME: table.name },
      grants: [readItems(table.arn), writeItems(table.arn, ['FORECAST#*'])],
      failuresShowIn: BY_WORKFLOW,
    },
  } satisfies Partial<Record<FunctionName, Wiring>>;
}

function billingWiring({ state, export: exports }: DataResources) {
  const { table, lake, documents } = state;
  const documentsEnvironment = { TABLE_NAME: table.name, DOCUMENTS_BUCKET: documents.name };
  return {
    rate: {
      environment: { ...documentsEnvironment, LAKE_BUCKET: lake.name },
      grants: [
        readObjects(lake, ['usage/']),
        listObjects(lake),
        ...writeDocuments(state, ['bills/']),
        readItems(table.arn),
        queryIndex(table.arn),
        writeAndDeleteItems(table.arn, ['BILLS#*', 'PERIODS', 'AUDIT#*']),
      ],
      failuresShowIn: BY_WORKFLOW,
    },
    close: {
      environment: documentsEnvironment,
      grants: [
        ...writeDocuments(state, ['bills/']),
        readItems(table.arn),
        queryIndex(table.arn),
        writeAndDeleteItems(table.arn, ['BILLS#*', 'PERIODS', 'NUMBERS', 'AUDIT#*']),
      ],
      failuresShowIn: BY_WORKFLOW,
    },
    export: {
      environment: { ...documentsEnvironment, LAKE_BUCKET: lake.name },
      grants: [
        consume(exports.queue.queueArn),
        readObjects(lake, ['usage/']),
        listObjects(lake),
        ...writeDocuments(state, ['exports/']),
        readItems(table.arn),
        writeItems(table.arn, ['JOB#*']),
      ],
      failuresShowIn: BY_QUEUE,
    },
  } satisfies Partial<Record<FunctionName, Wiring>>;
}

export function callerWiring(
  resources: DataResources,
  { metering, close, forecasting }: Workflows,
): Readonly<Record<CallerName, Wiring>> {
  const { stage, state, wakeup, export: exports } = resources;
  const { table, landing, documents } = state;
  const runs = {
    CLOSE_STATE_MACHINE_ARN: close.stateMachine.stateMachineArn,
    FORECASTING_STATE_MACHINE_ARN: forecasting.stateMachine.stateMachineArn,
  };
  return {
    read: {
      environment: { TABLE_NAME: table.name, DOCUMENTS_BUCKET: documents.name, ...runs },
      grants: [
        readItems(table.arn),
        queryIndex(table.arn),
        ...readDocuments(state, ['bills/', 'exports/']),
        ...watch(close),
        ...watch(forecasting),
      ],
      failuresShowIn: BY_API,
    },
    admin: {
      environment: {
        TABLE_NAME: table.name,
        LANDING_BUCKET: landing.name,
        EXPORT_QUEUE_URL: exports.queue.queueUrl,
        WAKEUP_QUEUE_URL: wakeup.queue.queueUrl,
        WAKEUP_DELAY_SECONDS: String(stage.wakeupDelaySeconds),
        ...runs,
      },
      grants: [
        readItems(table.arn),
        queryIndex(table.arn),
        writeAndDeleteItems(table.arn, ['CONFIG#*', 'AUDIT#*', 'JOB#*', 'PARTITIONS#*']),
        writeObjects(landing, ['region=*/upload/']),
        send(exports.queue.queueArn),
        send(wakeup.queue.queueArn),
        start(close),
        start(forecasting),
        ...watch(close),
        ...watch(forecasting),
      ],
      failuresShowIn: BY_API,
    },
    wake: {
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
        ...watch(metering),
      ],
      failuresShowIn: BY_SCHEDULE,
    },
  };
}

function consume(queueArn: string): Grant {
  return {
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    resources: [queueArn],
  };
}

function send(queueArn: string): Grant {
  return { actions: ['sqs:SendMessage'], resources: [queueArn] };
}

function start({ stateMachine }: Workflow): Grant {
  return { actions: ['states:StartExecution'], resources: [stateMachine.stateMachineArn] };
}

function watch({ stateMachine, executionArns }: Workflow): readonly Grant[] {
  return [
    { actions: ['states:ListExecutions'], resources: [stateMachine.stateMachineArn] },
    {
      actions: ['states:DescribeExecution'],
      resources: [executionArns],
      wildcard:
        'Executions are named at run time; the grant is held to those of one state machine.',
    },
  ];
}

/** Bills are encrypted with a key of their own: who reads them must also decrypt. */
function readDocuments(state: SharedState, prefixes: readonly string[]): readonly Grant[] {
  return [
    readObjects(state.documents, prefixes),
    listObjects(state.documents),
    { actions: ['kms:Decrypt'], resources: [state.documentsKeyArn] },
  ];
}

/** Decrypt too: S3 needs it to put an object in parts, and a retry compares with what it wrote. */
function writeDocuments(state: SharedState, prefixes: readonly string[]): readonly Grant[] {
  return [
    writeObjects(state.documents, prefixes),
    readObjects(state.documents, prefixes),
    listObjects(state.documents),
    { actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [state.documentsKeyArn] },
  ];
}
