import * as z from 'zod';
import type { Retractions } from '../../ports/retractions.ts';
import { putItem, queryItems, type Table } from './table.ts';

const keyRow = z.strictObject({ sk: z.string() });

/** `RETRACTED#<region>` / `<ingest id>`; who, when and why stand there for a person to read. */
export function dynamodbRetractions(table: Table): Retractions {
  return {
    async add({ ingestId, region, reason, actor, retractedAt }) {
      const item = { pk: `RETRACTED#${region}`, sk: ingestId, reason, actor, retractedAt };
      await putItem(table, item);
    },
    async list(region) {
      const items = queryItems(table, {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `RETRACTED#${region}` },
        ProjectionExpression: 'sk',
      });
      return await Array.fromAsync(items, (item) => keyRow.parse(item).sk);
    },
  };
}
