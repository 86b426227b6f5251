import * as z from 'zod';
import type { LakeIndex } from '../../ports/lake-index.ts';
import { putAll } from './batch-write.ts';
import { countSchema, regionSchema } from './stored-json.ts';
import { queryPrefix, type Table } from './table.ts';

const rowSchema = z.strictObject({
  pk: z.string(),
  sk: z.string(),
  region: regionSchema,
  date: z.iso.date(),
  rows: countSchema,
});

export function dynamodbLakeIndex(table: Table): LakeIndex {
  return {
    async add(parts) {
      const unique = new Map(
        parts.map((part) => [`${pkOf(part.region, part.date)} ${part.key}`, part]),
      );
      await putAll(
        table,
        [...unique.values()].map(({ region, date, key, rows }) => ({
          pk: pkOf(region, date),
          sk: key,
          region,
          date,
          rows,
        })),
      );
    },
    async list(region, date) {
      const items = await Array.fromAsync(queryPrefix(table, pkOf(region, date), ''));
      return items
        .map((item) => rowSchema.parse(item))
        .map(({ sk, rows }) => ({ region, date, key: sk, rows }));
    },
  };
}

function pkOf(region: string, date: string): string {
  return `PARTS#${region}#${date}`;
}
