import * as z from 'zod';
import type { Regions } from '../../ports/regions.ts';
import { regionSchema } from './stored-json.ts';
import { getItem, putItemIf, queryPrefix, type Table } from './table.ts';

const PK = 'REGIONS';
const rowSchema = z.strictObject({
  pk: z.literal(PK),
  sk: regionSchema,
  createdAt: z.iso.datetime(),
});

export function dynamodbRegions(table: Table): Regions {
  return {
    async ensure(region, at) {
      await putItemIf(
        table,
        { pk: PK, sk: region, createdAt: at.toISOString() },
        { expression: 'attribute_not_exists(pk)' },
      );
    },
    async list() {
      const items = await Array.fromAsync(queryPrefix(table, PK, ''));
      return items
        .map((item) => rowSchema.parse(item))
        .map(({ sk, createdAt }) => ({ region: sk, createdAt }));
    },
    async exists(region) {
      return (await getItem(table, { pk: PK, sk: region })) !== null;
    },
  };
}
