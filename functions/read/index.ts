import * as z from 'zod';
import { dynamodbAuditLog } from '../../lib/adapters/dynamodb/audit-log.ts';
import { dynamodbBillStore } from '../../lib/adapters/dynamodb/bill-store.ts';
import { dynamodbBudgetStates } from '../../lib/adapters/dynamodb/budget-states.ts';
import { dynamodbCapacityStore } from '../../lib/adapters/dynamodb/capacity-store.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbForecastStore } from '../../lib/adapters/dynamodb/forecast-store.ts';
import { dynamodbImportedDemand } from '../../lib/adapters/dynamodb/imported-demand.ts';
import { dynamodbJobStore } from '../../lib/adapters/dynamodb/job-store.ts';
import { dynamodbLakeIndex } from '../../lib/adapters/dynamodb/lake-index.ts';
import { dynamodbLedger } from '../../lib/adapters/dynamodb/ledger.ts';
import { dynamodbNameStore } from '../../lib/adapters/dynamodb/names.ts';
import { dynamodbPartitions } from '../../lib/adapters/dynamodb/partitions.ts';
import { dynamodbRatedDays } from '../../lib/adapters/dynamodb/rated-days.ts';
import { dynamodbRegions } from '../../lib/adapters/dynamodb/regions.ts';
import { dynamodbSourceStates } from '../../lib/adapters/dynamodb/source-states.ts';
import { dynamodbSurveyStore } from '../../lib/adapters/dynamodb/survey-store.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { dynamodbUsageTotals } from '../../lib/adapters/dynamodb/usage-totals.ts';
import { s3Client } from '../../lib/adapters/s3/client.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { executionArn, sfnClient, sfnWorkflow } from '../../lib/adapters/sfn/workflow.ts';
import { apiLog } from '../http/log.ts';
import type { Runs } from './ports.ts';
import { readHandler } from './read.ts';

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    DOCUMENTS_BUCKET: z.string().min(1),
    LAKE_BUCKET: z.string().min(1),
    CLOSE_STATE_MACHINE_ARN: z.string().min(1),
    FORECASTING_STATE_MACHINE_ARN: z.string().min(1),
    REBUILDING_STATE_MACHINE_ARN: z.string().min(1),
    CODE_VERSION: z.string().default('unversioned'),
  })
  .parse(process.env);

const table = { client: documentClient(), name: env.TABLE_NAME };
const objects = s3Client();
const stepFunctions = sfnClient();

function runsOf(stateMachineArn: string): Runs {
  const workflow = sfnWorkflow(stepFunctions, stateMachineArn);
  return { describe: (name) => workflow.describe(executionArn(stateMachineArn, name)) };
}

export const handler = readHandler(
  {
    regions: dynamodbRegions(table),
    ledger: dynamodbLedger(table),
    partitions: dynamodbPartitions(table),
    lakeIndex: dynamodbLakeIndex(table),
    totals: dynamodbUsageTotals(table),
    imported: dynamodbImportedDemand(table),
    capacity: dynamodbCapacityStore(table),
    configuration: dynamodbConfigStore(table),
    audit: dynamodbAuditLog(table),
    sources: dynamodbSourceStates(table),
    rated: dynamodbRatedDays(table),
    forecasts: dynamodbForecastStore(table),
    surveys: dynamodbSurveyStore(table),
    bills: dynamodbBillStore(table),
    budgets: dynamodbBudgetStates(table),
    jobs: dynamodbJobStore(table),
    names: dynamodbNameStore(table),
    lake: s3ObjectStore({ client: objects, name: env.LAKE_BUCKET }),
    documents: s3ObjectStore({ client: objects, name: env.DOCUMENTS_BUCKET }),
    closeRuns: runsOf(env.CLOSE_STATE_MACHINE_ARN),
    forecastRuns: runsOf(env.FORECASTING_STATE_MACHINE_ARN),
    rebuildRuns: runsOf(env.REBUILDING_STATE_MACHINE_ARN),
    now: () => new Date(),
    version: env.CODE_VERSION,
  },
  apiLog('read'),
);
