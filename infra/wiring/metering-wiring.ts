import type { FunctionName } from '../function-catalogue.ts';
import { listObjects, readObjects, writeObjects } from '../grants/bucket-grants.ts';
import { queryIndex, readItems, writeItems } from '../grants/table-grants.ts';
import { type DataResources, FAILURES, type Wiring } from './wiring.ts';

/** `meter` extends its lease while it works, so this is how long the day of one that died waits. */
const LEASE_SECONDS = 20;

/** Usage and forecasts. */
export function meteringWiring({ state }: DataResources) {
  const { table, lake } = state;
  return {
    plan: {
      environment: { TABLE_NAME: table.name },
      grants: [readItems(table.arn), queryIndex(table.arn)],
      failuresShowIn: FAILURES.workflow,
    },
    meter: {
      environment: {
        TABLE_NAME: table.name,
        LAKE_BUCKET: lake.name,
        LEASE_SECONDS: String(LEASE_SECONDS),
      },
      grants: [
        readObjects(lake, ['samples/']),
        writeObjects(lake, ['usage/']),
        listObjects(lake),
        readItems(table.arn),
        writeItems(table.arn, ['PARTITIONS#*', 'PROJECTDAYS#*', 'REGIONDAYS#*']),
      ],
      failuresShowIn: FAILURES.workflow,
    },
    forecast: {
      environment: { TABLE_NAME: table.name, LAKE_BUCKET: lake.name },
      grants: [
        readObjects(lake, ['forecast-records/']),
        writeObjects(lake, ['forecasts/', 'forecast-records/']),
        listObjects(lake),
        readItems(table.arn),
        writeItems(table.arn, ['FORECAST#*']),
      ],
      failuresShowIn: FAILURES.workflow,
    },
    survey: {
      environment: { TABLE_NAME: table.name, LAKE_BUCKET: lake.name },
      grants: [
        readObjects(lake, ['samples/', 'usage/']),
        writeObjects(lake, ['surveys/']),
        listObjects(lake),
        readItems(table.arn),
        writeItems(table.arn, ['SURVEY#*']),
      ],
      failuresShowIn: FAILURES.workflow,
    },
    scenario: {
      environment: { TABLE_NAME: table.name },
      // Nothing that writes: what a scenario says is kept nowhere.
      grants: [readItems(table.arn)],
      failuresShowIn: FAILURES.api,
    },
  } satisfies Partial<Record<FunctionName, Wiring>>;
}
