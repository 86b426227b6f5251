import * as z from 'zod';
import { dynamodbCapacityStore } from '../../lib/adapters/dynamodb/capacity-store.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbImportedDemand } from '../../lib/adapters/dynamodb/imported-demand.ts';
import { dynamodbRegions } from '../../lib/adapters/dynamodb/regions.ts';
import { dynamodbSurveyStore } from '../../lib/adapters/dynamodb/survey-store.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { dynamodbUsageTotals } from '../../lib/adapters/dynamodb/usage-totals.ts';
import { apiLog } from '../http/log.ts';
import { scenarioHandler } from './scenario.ts';

const env = z.object({ TABLE_NAME: z.string().min(1) }).parse(process.env);

const table = { client: documentClient(), name: env.TABLE_NAME };

export const handler = scenarioHandler(
  {
    regions: dynamodbRegions(table),
    surveys: dynamodbSurveyStore(table),
    totals: dynamodbUsageTotals(table),
    imported: dynamodbImportedDemand(table),
    capacity: dynamodbCapacityStore(table),
    configuration: dynamodbConfigStore(table),
    now: () => new Date(),
  },
  apiLog('scenario'),
);
