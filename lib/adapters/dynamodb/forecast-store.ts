import * as z from 'zod';
import { ProblemError } from '../../errors.ts';
import type { ForecastRecord, ForecastStore } from '../../ports/documents.ts';
import { readSet, readThroughMarker, replaceSet, setRefShape } from './chunked-set.ts';
import { regionSchema } from './stored-json.ts';
import { queryItems, type Table } from './table.ts';

const markerRow = z.strictObject({ pk: z.string(), sk: z.string(), ...setRefShape });
const recordSchema: z.ZodType<ForecastRecord> = z.strictObject({
  region: regionSchema,
  metric: z.enum(['cores', 'ram', 'exhaustion', 'teams-cores', 'teams-ram']),
  origin: z.string(),
  createdAt: z.string(),
  body: z.unknown(),
  record: z.unknown().optional(),
  change: z.unknown().optional(),
});

/** One marker per origin: the latest is the last of them, earlier ones stay to be scored. */
export function dynamodbForecastStore(table: Table): ForecastStore {
  return {
    async put(record) {
      await replaceSet(
        table,
        {
          pk: `FORECAST#${record.region}`,
          sk: `${record.metric}#${record.origin}`,
        },
        { values: [['forecast', record]], attributes: {}, mayReplace: () => true },
      );
    },
    async latest(region, metric) {
      const found = await readThroughMarker(() => readLatest(table, region, metric));
      if (found !== 'retry') return found;
      throw new ProblemError('busy', `The forecast of ${region} is being replaced. Try again.`);
    },
  };
}

async function readLatest(
  table: Table,
  region: string,
  metric: string,
): Promise<ForecastRecord | null | 'retry'> {
  const newest = queryItems(table, {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': `FORECAST#${region}`, ':prefix': `${metric}#` },
    ScanIndexForward: false,
    Limit: 1,
  });
  for await (const item of newest) {
    const marker = markerRow.parse(item);
    const values = await readSet(table, marker.pk, marker);
    return values === null ? 'retry' : recordSchema.parse(values.get('forecast'));
  }
  return null;
}
