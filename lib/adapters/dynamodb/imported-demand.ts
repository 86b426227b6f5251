import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { assert } from '../../assert.ts';
import type { ImportedDay, ImportedDemand } from '../../ports/capacity-store.ts';
import { regionSchema } from './stored-json.ts';
import { queryBetween, type Table } from './table.ts';

const UPDATES_AT_ONCE = 16;
const HOURS = Array.from({ length: 24 }, (_, hour) => `h${hour.toString().padStart(2, '0')}`);

/** Each hour is an attribute of its own, as decimal text: a day may come in parts, and they merge. */
const rowSchema = z
  .strictObject({
    pk: z.string(),
    sk: z.iso.date(),
    region: regionSchema,
    metric: z.enum(['cores', 'ram']),
    ingestId: z.string(),
  })
  .catchall(z.string());

export function dynamodbImportedDemand(table: Table): ImportedDemand {
  return {
    async put(days) {
      for (let start = 0; start < days.length; start += UPDATES_AT_ONCE) {
        const atOnce = days.slice(start, start + UPDATES_AT_ONCE);
        // Days of one date are put one after the other, so that the later stays the later.
        const byDay = Map.groupBy(atOnce, (day) => `${day.region}#${day.metric}#${day.date}`);
        await Promise.all([...byDay.values()].map((same) => putInOrder(table, same)));
      }
    },
    async list(region, metric, from, to) {
      const pk = pkOf(region, metric);
      const items = await Array.fromAsync(queryBetween(table, pk, { from, to }));
      return items
        .map((item) => rowSchema.parse(item))
        .filter((row) => row.sk < to)
        .map((row) => ({
          region: row.region,
          date: row.sk,
          metric: row.metric,
          hours: HOURS.map((name) => (row[name] === undefined ? null : Number(row[name]))),
          ingestId: row.ingestId,
        }));
    },
  };
}

async function putInOrder(table: Table, days: readonly ImportedDay[]): Promise<void> {
  for (const day of days) {
    assert(day.hours.length === 24, 'a day has 24 hourly means');
    const values = new Map<string, string>();
    HOURS.forEach((name, hour) => {
      const mean = day.hours[hour];
      if (mean !== null && mean !== undefined) values.set(name, String(mean));
    });
    const fields = { region: day.region, metric: day.metric, ingestId: day.ingestId };
    const sets = [...Object.entries(fields), ...values];
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk: pkOf(day.region, day.metric), sk: day.date },
        UpdateExpression: `SET ${sets.map(([name]) => `#${name} = :${name}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(sets.map(([name]) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(
          sets.map(([name, value]) => [`:${name}`, value]),
        ),
      }),
    );
  }
}

function pkOf(region: string, metric: string): string {
  return `IMPORTED#${region}#${metric}`;
}
