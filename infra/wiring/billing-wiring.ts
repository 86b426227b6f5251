import type { FunctionName } from '../function-catalogue.ts';
import { listObjects, readObjects, writeObjects } from '../grants/bucket-grants.ts';
import type { Grant } from '../grants/grant.ts';
import { consume } from '../grants/queue-grants.ts';
import { readItems, writeItems } from '../grants/table-grants.ts';
import type { SharedState } from '../stacks/state-stack.ts';
import { type DataResources, FAILURES, type Wiring } from './wiring.ts';

/** Bills and exports. */
export function billingWiring({ state, export: exports, events }: DataResources) {
  const { table, lake, documents, exports: exported } = state;
  const documentsEnvironment = { TABLE_NAME: table.name, DOCUMENTS_BUCKET: documents.name };
  return {
    rate: {
      environment: {
        ...documentsEnvironment,
        LAKE_BUCKET: lake.name,
        EVENT_BUS_NAME: events.eventBusName,
      },
      grants: [
        readObjects(lake, ['usage/']),
        listObjects(lake),
        ...writeBills(state),
        // Manifests of issued months, and whether usage is kept already: without the list S3 answers 403 where there is none.
        readObjects(documents, ['bills/', 'kept-usage/']),
        writeObjects(documents, ['kept-usage/']),
        listObjects(documents),
        readItems(table.arn),
        writeItems(table.arn, ['BILLS#*', 'PERIODS', 'AUDIT', 'BUDGETS#*']),
        { actions: ['events:PutEvents'], resources: [events.eventBusArn] },
      ],
      failuresShowIn: FAILURES.workflow,
    },
    close: {
      environment: documentsEnvironment,
      grants: [
        ...writeBills(state),
        readItems(table.arn),
        writeItems(table.arn, ['BILLS#*', 'PERIODS', 'NUMBERS', 'AUDIT']),
      ],
      failuresShowIn: FAILURES.workflow,
    },
    render: {
      environment: { TABLE_NAME: table.name },
      grants: [readItems(table.arn)],
      failuresShowIn: FAILURES.api,
    },
    export: {
      environment: {
        TABLE_NAME: table.name,
        LAKE_BUCKET: lake.name,
        DOCUMENTS_BUCKET: exported.name,
        BILLS_BUCKET: documents.name,
      },
      grants: [
        consume(exports.queue.queueArn),
        readObjects(lake, ['usage/', 'samples/']),
        listObjects(lake),
        writeObjects(exported, ['exports/']),
        // What the last dry run gave, and what bills are verified with.
        readObjects(exported, ['exports/']),
        listObjects(exported),
        readObjects(documents, ['bills/', 'notes/', 'kept-usage/']),
        listObjects(documents),
        { actions: ['kms:Decrypt'], resources: [state.documentsKeyArn] },
        readItems(table.arn),
        writeItems(table.arn, ['JOB#*']),
      ],
      failuresShowIn: FAILURES.queue,
    },
  } satisfies Partial<Record<FunctionName, Wiring>>;
}

/**
 * Bills are under object lock and encrypted with a key of their own; S3 decrypts when it puts together what came in
 * parts.
 */
function writeBills({ documents, documentsKeyArn }: SharedState): readonly Grant[] {
  return [
    writeObjects(documents, ['bills/', 'notes/']),
    { actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [documentsKeyArn] },
  ];
}
